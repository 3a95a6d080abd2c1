package ui

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"simpul/node/library"
	"simpul/ui/text"
)

// TestEveryKeyExists reads the templates and the Go files for the keys they name. A key put together at run time
// (printf "step.%d", "role." + …) must have at least one sentence that begins like it.
func TestEveryKeyExists(t *testing.T) {
	words, err := text.Load()
	if err != nil {
		t.Fatal(err)
	}
	used := append(keysIn(t, "templates", ".html", `\bt "([^"]+)"`, `printf "([^"]+)"`),
		keysIn(t, ".", ".go", `\.t\("([^"]+)"`, `library\.E\([^,]+, "([^"]+)"`, `Hinted\("([^"]+)"`, `Key: +"([^"]+)"`)...)
	for _, root := range []string{"../node/desk", "../node/store", "../node/photo", "../node/card", "../node/report", "../node/office"} {
		used = append(used, keysIn(t, root, ".go", `library\.E\([^,]+, "([^"]+)"`, `Hinted\("([^"]+)"`, `Key: +"((?:error|problem)\.[^"]+)"`)...)
	}
	used = append(used, library.Keys()...)
	if len(used) < 50 {
		t.Fatalf("found only %d keys: the patterns no longer fit", len(used))
	}
	for _, key := range used {
		before, _, made := strings.Cut(key, "%")
		switch {
		case made || strings.HasSuffix(key, "."):
			if !anyBegins(words.Keys(), before) {
				t.Errorf("no sentence begins with %q", before)
			}
		case !words.Has(key):
			t.Errorf("no sentence for %q", key)
		}
	}
}

func anyBegins(keys []string, with string) bool {
	for _, key := range keys {
		if strings.HasPrefix(key, with) {
			return true
		}
	}
	return false
}

func keysIn(t *testing.T, root, ext string, patterns ...string) []string {
	t.Helper()
	var keys []string
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(name) != ext || strings.HasSuffix(name, "_test.go") {
			return err
		}
		body, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		for _, pattern := range patterns {
			for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(string(body), -1) {
				keys = append(keys, m[1])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return keys
}
