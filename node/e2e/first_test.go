package e2e

import (
	"path/filepath"
	"testing"
)

func TestAFirstStartLeadsToTheSetUpPage(t *testing.T) {
	p := Serve(t, filepath.Join(t.TempDir(), "data"))
	s := p.Open(t, 1280, 800)
	s.Go(p.Link)
	s.Accessible("set-up")
	s.Shot("pasang-1")
}
