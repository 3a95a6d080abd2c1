package node_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"unicode/utf16"

	"simpul/node/demo"
	"simpul/node/library"
	"simpul/node/nodetest"
)

// TestNothingPersonalLiesInClear registers 200 people over HTTP and then looks for anything of them in every byte that
// the node has left: database, write-ahead log, mark, backup and log lines.
func TestNothingPersonalLiesInClear(t *testing.T) {
	const people = 200
	var logs lockedBuffer
	n := nodetest.Start(t, nodetest.WithLog(slog.New(slog.NewTextHandler(&logs, &slog.HandlerOptions{Level: slog.LevelDebug}))))
	ctx := context.Background()
	session, err := n.Desk.SignInAs(ctx, n.Officer.Officer)
	if err != nil {
		t.Fatal(err)
	}
	source := demo.NewPeople(200, n.Desk.Regions(), n.Desk.Today())
	hunt := newHunt()
	var running sync.WaitGroup
	for i := range 4 {
		counter, err := demo.NewCounter(ctx, n.URL, session, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		running.Go(func() {
			defer counter.Close()
			for range people / 4 {
				form := source.Next()
				hunt.add(form)
				if err := counter.Register(ctx, form, nil); err != nil {
					t.Errorf("officer %d: %v", i, err)
					return
				}
			}
		})
	}
	running.Wait()
	searched(t, n, hunt)
	backups := filepath.Join(t.TempDir(), "backups")
	if _, err := n.Store.BackupTo(ctx, backups, filepath.Join(n.Dir, "photos"), 3); err != nil {
		t.Fatal(err)
	}
	// Once while the node runs, with its write-ahead log, and once when it has closed.
	clean := hunt.through(t, filepath.Dir(n.Dir), backups)
	n.Stop()
	clean += hunt.through(t, filepath.Dir(n.Dir), backups)
	if clean < 1<<20 {
		t.Fatalf("only %d bytes were looked at", clean)
	}
	if found := hunt.in(logs.Bytes()); found != "" {
		t.Errorf("the log lines hold %q", found)
	}
	planted(t, hunt)
}

// searched looks people up as officers do, so that what is typed there would be seen too.
func searched(t *testing.T, n *nodetest.Node, h *hunt) {
	b := n.SignedIn(t)
	for _, form := range h.people[:10] {
		b.Submit(b.Get("/anggota"), "/anggota", map[string][]string{"cari": {form.Name}})
		b.Submit(b.Get("/anggota"), "/anggota", map[string][]string{"cari": {form.NIK}})
	}
}

// planted proves that the hunt finds what is there, in each way of writing.
func planted(t *testing.T, h *hunt) {
	form := h.people[17]
	for name, data := range map[string][]byte{
		"UTF-8": []byte("xx" + form.NIK), "UTF-16": wide("x"+strings.ToUpper(form.Name), false), "UTF-16 BE": wide(form.Address, true),
		"grouped": []byte(form.NIK[:4] + " " + form.NIK[4:8] + " " + form.NIK[8:12] + " " + form.NIK[12:]), "phone": []byte("+62" + form.Phone[1:])} {
		if h.in(data) == "" {
			t.Errorf("planted in %s and not found", name)
		}
	}
}

// hunt knows everything that may not be found, by its first bytes.
type hunt struct {
	mu     sync.Mutex
	people []library.Form
	by     map[[headLength]byte][]string
}

const headLength = 6

func newHunt() *hunt { return &hunt{by: map[[headLength]byte][]string{}} }

func (h *hunt) add(form library.Form) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.people = append(h.people, form)
	nik, phone := form.NIK, form.Phone
	words := []string{form.Name, form.Address, nik, phone, "+62" + phone[1:], "62" + phone[1:], phone[:4] + "-" + phone[4:8], phone[:4] + " " + phone[4:8] + " " + phone[8:],
		nik[:4] + " " + nik[4:8] + " " + nik[8:12] + " " + nik[12:], nik[:6] + "." + nik[6:12] + "." + nik[12:], form.Birth.ISO(), form.Birth.String(),
		form.Guardian.Name, form.Guardian.Phone, form.Institution}
	for _, word := range strings.Fields(form.Name) {
		if len(word) > 6 {
			words = append(words, word)
		}
	}
	for _, w := range words {
		h.put([]byte(w))
		h.put(wide(w, false))
		h.put(wide(w, true))
	}
}

func (h *hunt) put(needle []byte) {
	if needle = bytes.ToLower(needle); len(needle) > headLength {
		head := [headLength]byte(needle)
		h.by[head] = append(h.by[head], string(needle))
	}
}

// in returns the first thing found in data, in small letters.
func (h *hunt) in(data []byte) string {
	data = bytes.ToLower(data)
	for i := 0; i+headLength <= len(data); i++ {
		for _, needle := range h.by[[headLength]byte(data[i:])] {
			if bytes.HasPrefix(data[i:], []byte(needle)) {
				return needle
			}
		}
	}
	return ""
}

// through searches every file below some folders and returns how many bytes it saw.
func (h *hunt) through(t *testing.T, folders ...string) (seen int) {
	t.Helper()
	for _, folder := range folders {
		err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			if found := h.in([]byte(path)); found != "" {
				t.Errorf("a file is named after %q", found)
			}
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			seen += len(data)
			if found := h.in(data); found != "" {
				t.Errorf("%s holds %q in clear", filepath.Base(path), found)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return seen
}

func wide(s string, bigEndian bool) []byte {
	var out []byte
	for _, unit := range utf16.Encode([]rune(s)) {
		if bigEndian {
			out = append(out, byte(unit>>8), byte(unit))
		} else {
			out = append(out, byte(unit), byte(unit>>8))
		}
	}
	return out
}

type lockedBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}
