package node_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/nodetest"
	"simpul/node/office"
	"simpul/node/store"
)

// TestAPCPutBackGoesOn: by command, by copying the folder back, and by copying back what lies beside it too, as an image of the whole
// disk does. It goes on under its own name; what it lost comes back from the centre, with the photos; both sides are told. It prints
// no number twice, but after an image: that PC cannot know, before it speaks to the centre, that it is not where it was.
func TestAPCPutBackGoesOn(t *testing.T) {
	for name, way := range map[string]struct {
		back   func(t *testing.T, dir, kept string)
		notice string // at the branch
		story  string // at the centre, of the stream that the PC opened
		image  bool
	}{
		"by command": {func(t *testing.T, dir, kept string) {
			if _, err := store.Restore(t.Context(), dir, only(t, filepath.Join(kept, "backups", "*.db")), false, time.Now()); err != nil {
				t.Fatal(err)
			}
		}, "behind", "restored", false},
		"by hand": {func(t *testing.T, dir, kept string) {
			if err := os.CopyFS(dir, os.DirFS(kept)); err != nil {
				t.Fatal(err)
			}
		}, "behind", "behind", false},
		"by hand with the marks": {func(t *testing.T, dir, kept string) {
			if err := os.Rename(nodetest.Copy(t, kept), dir); err != nil {
				t.Fatal(err)
			}
			mark, err := os.ReadFile(kept + ".mark")
			if err == nil {
				err = os.WriteFile(dir+".mark", mark, 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
		}, "forked", "forked", true},
	} {
		t.Run(name, func(t *testing.T) {
			centre := nodetest.Start(t, nodetest.As(library.NodeCentre), nodetest.Listening())
			branch := nodetest.Start(t)
			ctx := context.Background()
			letIn(t, centre, branch, office.CodeInput{Name: "Perpustakaan Genteng", Role: library.NodeBranch})
			send(t, branch)
			numbers := map[string]string{}
			register := func(person, nik string, grain int) library.ID {
				t.Helper()
				id := member(t, branch, person, nik)
				if _, err := branch.Desk.AttachPhoto(ctx, branch.Officer, nodetest.Op(t), id, pictureOf(t, grain), nil, "file", ""); err != nil {
					t.Fatal(err)
				}
				r, err := branch.Desk.Registration(ctx, branch.Officer, id)
				if err != nil {
					t.Fatal(err)
				}
				number := string(r.Card.Number)
				for other, before := range numbers {
					if before == number && !way.image {
						t.Errorf("%s has the number of %s", person, other)
					}
				}
				numbers[person] = number
				send(t, branch)
				return id
			}
			register("Budi Rekaan", "3510011708900001", 11)
			if err := branch.Desk.BackUp(ctx, branch.Officer); err != nil {
				t.Fatal(err)
			}
			branch.Stop()
			kept := nodetest.Copy(t, branch.Dir)
			branch = nodetest.Again(t, branch.Dir)
			gone := register("Cici Rekaan", "3510015708920002", 13)
			branch.Stop()
			if err := os.RemoveAll(branch.Dir); err != nil {
				t.Fatal(err)
			}
			way.back(t, branch.Dir, kept)
			branch = nodetest.Again(t, branch.Dir)
			if found, _, err := branch.Desk.Find(ctx, branch.Officer, "Cici", 5, desk.Members); err != nil || len(found) != 0 {
				t.Fatalf("not put back: %+v, %v", found, err)
			}
			register("Dewi Rekaan", "3510015708930003", 17)
			send(t, branch)
			branch.Desk.Settle()
			centre.Desk.Settle()
			for _, n := range []*nodetest.Node{branch, centre} {
				for person, number := range numbers {
					if found := finds(t, n, person); len(found) != 1 || string(found[0].Number) != number {
						t.Errorf("%s, who has %s: %+v", person, number, found)
					}
				}
			}
			if state, err := branch.Desk.PhotoStateOf(ctx, branch.Officer, gone); err != nil || state != desk.PhotoHere {
				t.Errorf("the photo that was lost is %q, %v", state, err)
			}
			if left, err := branch.Desk.Leftovers(ctx, branch.Officer); err != nil || left.NotReceived+left.Photos+left.Unsettled != 0 {
				t.Errorf("left at the branch: %+v, %v", left, err)
			}
			notices, err := branch.Desk.Notices(ctx, branch.Officer, 10)
			if err != nil || !slices.ContainsFunc(notices, func(n desk.Notice) bool { return n.Kind == way.notice }) {
				t.Errorf("the branch is told %+v, %v", notices, err)
			}
			pcs, err := centre.Office.Nodes(ctx, centre.Officer)
			if err != nil || len(pcs) != 1 {
				t.Fatalf("%+v, %v", pcs, err)
			}
			if !slices.ContainsFunc(pcs[0].Streams, func(s office.Stream) bool { return s.Reason == way.story }) {
				t.Errorf("the centre is told %+v", pcs[0].Streams)
			}
		})
	}
}

// only is the one file of a pattern.
func only(t *testing.T, pattern string) string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) != 1 {
		t.Fatalf("%s: %v, %v", pattern, files, err)
	}
	return files[0]
}
