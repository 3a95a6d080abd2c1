package nodetest

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Again starts a node on data that another start has set up, and opens its vault with the first officer's password.
func Again(t testing.TB, dir string, opts ...Option) *Node {
	t.Helper()
	n := Start(t, append(opts, WithDir(dir))...)
	who, err := n.Desk.Enter(context.Background(), Login, Password)
	if err != nil {
		t.Fatal(err)
	}
	n.Officer = who
	n.Desk.Settle()
	return n
}

// Copy copies the data of a PC that is off, with the marks beside it, as a copied disk has them, and says where it lies.
func Copy(t testing.TB, from string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "data")
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	beside, err := filepath.Glob(from + ".*")
	if err != nil || len(beside) == 0 {
		t.Fatalf("nothing lies beside %s: %v", from, err)
	}
	for _, file := range beside {
		content, err := os.ReadFile(file)
		if err == nil {
			err = os.WriteFile(to+strings.TrimPrefix(file, from), content, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return to
}
