package ui

import (
	"bytes"
	"sync"
	"testing"

	"simpul/ui/view"
)

// TestRenderTogether: pages, fragments and both languages at once, the first use of a page among them, do not meet.
func TestRenderTogether(t *testing.T) {
	s := newTestServer(t)
	want := map[string]string{"id": "Halaman ini tidak ada.", "en": "There is no such page."}
	var wait sync.WaitGroup
	for worker := range 8 {
		wait.Go(func() {
			for round := range 50 {
				lang := []string{"id", "en"}[(worker+round)%2]
				v := &view.Error{Text: s.words.T(lang, "error.not_found")}
				v.Title, v.Theme = "x", "auto"
				var out bytes.Buffer
				block := []string{"page", "content"}[round%2]
				if err := s.render.block(&out, lang, "error", block, v); err != nil {
					t.Error(err)
					return
				}
				whole := bytes.Contains(out.Bytes(), []byte("<!doctype html>"))
				if !bytes.Contains(out.Bytes(), []byte(want[lang])) || whole != (block == "page") {
					t.Errorf("%s of the error page in %s came out as %.80s", block, lang, out.String())
				}
			}
		})
	}
	wait.Wait()
}
