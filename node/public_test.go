package node_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/nodetest"
	"simpul/node/office"
)

// TestThePublicDoor is open at a centre and nowhere else, on loopback only, and its address travels to the branches.
func TestThePublicDoor(t *testing.T) {
	ctx := context.Background()
	centre := nodetest.Start(t, nodetest.As(library.NodeCentre), nodetest.Listening(), nodetest.Public())
	branch := nodetest.Start(t, nodetest.Public())
	if branch.SiteURL() != "" {
		t.Error("a branch listens to the public")
	}
	site := centre.SiteURL()
	for address, good := range map[string]bool{"off": true, "127.0.0.1:0": true, "[::1]:0": true, "localhost:0": true, "0.0.0.0:0": false, ":0": false, "192.0.2.1:80": false, "nonsense": false} {
		ended, end := context.WithCancel(ctx)
		if err := centre.ListenToPublic(ended, address); (err == nil) != good {
			t.Errorf("%s: %v", address, err)
		}
		end()
	}
	res, err := http.Get(site)
	if err != nil {
		t.Fatal(err)
	}
	page, err := io.ReadAll(res.Body)
	res.Body.Close()
	if err != nil || res.StatusCode != http.StatusOK || !strings.Contains(string(page), "Layanan perpustakaan") {
		t.Errorf("%v %d %.300s", err, res.StatusCode, page)
	}

	for address, good := range map[string]bool{"": true, "https://perpus.example.go.id": true, "https://perpus.example.go.id:8443": true, "http://localhost:8713": true,
		"http://perpus.example.go.id": false, "perpus.example.go.id": false, "https://perpus.example.go.id/": false, "https://perpus.example.go.id/x?y": false,
		"https://": false, "https://a@b": false, "ftp://a": false, "https://Perpus": false, "javascript:alert(1)": false} {
		if wrong := desk.CheckSettings(map[string]any{"public_url": address}); (len(wrong) == 0) != good {
			t.Errorf("%q: %v", address, wrong)
		}
	}
	letIn(t, centre, branch, office.CodeInput{Name: "Perpustakaan Genteng", Role: library.NodeBranch})
	if err := centre.Desk.SetSetting(ctx, centre.Officer, nodetest.Op(t), "public_url", "https://perpus.example.go.id"); err != nil {
		t.Fatal(err)
	}
	send(t, branch)
	if got := branch.Desk.Settings().PublicURL; got != "https://perpus.example.go.id" {
		t.Errorf("the public address has not come down: %q", got)
	}
}
