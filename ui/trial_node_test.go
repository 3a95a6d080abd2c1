package ui_test

import (
	"net/http"
	"regexp"
	"testing"

	"simpul/node/nodetest"
)

var trialAddress = regexp.MustCompile(`href="(http://localhost:\d+)"`)

// A second node with made-up people runs beside the real one and shares nothing with it.
func TestSampleDataLiesApart(t *testing.T) {
	n := nodetest.Start(t)
	b := n.SignedIn(t)
	p := b.Submit(b.Get("/contoh"), "/contoh", nil)
	found := trialAddress.FindStringSubmatch(p.Body)
	if p.Status != http.StatusOK || found == nil {
		t.Fatalf("start: %d %s", p.Status, p.Text())
	}
	res, err := http.Get(found[1] + "/masuk")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Fatalf("the sample node answers %d", res.StatusCode)
	}
	if again := b.Submit(b.Get("/contoh"), "/contoh", nil); trialAddress.FindStringSubmatch(again.Body)[1] != found[1] {
		t.Fatal("a second press started another one")
	}
	if p := b.Get("/meja"); p.Has("Data contoh") {
		t.Fatalf("the real node calls itself a sample: %s", p.Text())
	}
}
