package bundle

import (
	"encoding/hex"
	"flag"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "make the golden bundle if it is not there")

// TestAnOldBundleIsRead reads a bundle of the first version: identity of the
// receiver, then a line for each part in hex; the sender's key is that of a seed
// of 32 bytes 01. A file of a released version is never made again.
func TestAnOldBundleIsRead(t *testing.T) {
	const file = "testdata/bundle-v1.txt"
	want := []Frame{{Kind: Request, Bytes: []byte("what a node asks")}, {Kind: PhotoPush, Bytes: []byte(strings.Repeat("photo ", 800))}}
	if _, err := os.Stat(file); *update && os.IsNotExist(err) {
		r, s := newRoute(t), stick{}
		fill(t, r.write(s, SmallestPart), want)
		text := r.identity + "\n"
		for n := range len(s) {
			text += fmt.Sprintf("%x\n", s[n+1])
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Fields(string(raw))
	s := stick{}
	for n, line := range lines[1:] {
		if s[n+1], err = hex.DecodeString(line); err != nil {
			t.Fatal(err)
		}
	}
	got, err := imported(route{identity: lines[0]}.read(s))
	if err != nil || len(s) != 2 || !reflect.DeepEqual(got, want) {
		t.Errorf("%d parts, %d frames: %v", len(s), len(got), err)
	}
}
