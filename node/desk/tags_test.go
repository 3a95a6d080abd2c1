package desk_test

import (
	"bytes"
	"crypto/ed25519"
	"testing"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/nodetest"
	"simpul/node/store"
	"simpul/sync/event"
	"simpul/sync/wire"
)

// Rows and key come in any order and of any age; only tags made with the very key
// that is held warn of anybody.
func TestTagsOfAnotherKeyWarnOfNobody(t *testing.T) {
	const nik = "3510015708920002"
	key := func(version uint64) wire.TagKey {
		return wire.TagKey{Version: version, Key: bytes.Repeat([]byte{1 + byte(version)}, wire.TagKeySize)}
	}
	type come struct {
		rows   int64  // version with which the entry's tag is made; -1: no entry comes
		key    uint64 // 0: none comes
		held   uint64
		warned bool
	}
	for name, steps := range map[string][]come{
		"rows first":            {{0, 0, 0, true}, {1, 0, 0, false}, {-1, 1, 1, true}},
		"key first":             {{0, 0, 0, true}, {-1, 1, 1, false}, {1, 0, 1, true}},
		"an old key afterwards": {{2, 2, 2, true}, {-1, 1, 2, true}},
		"fifteen keys later":    {{1, 1, 1, true}, {-1, 16, 16, false}, {16, 0, 16, true}},
	} {
		t.Run(name, func(t *testing.T) {
			n := nodetest.Start(t)
			ctx := t.Context()
			centre := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
			if _, err := n.Store.Write(ctx, event.ID{}, func(tx *store.Tx) error {
				return tx.SaveEnrolment(store.Enrolled{Node: event.ID{1}, Key: centre, Centre: centre.Public().(ed25519.PublicKey), Tags: key(0), Epoch: event.ID{2}})
			}); err != nil {
				t.Fatal(err)
			}
			opened, err := n.Desk.OpenRegistration(ctx, n.Officer, nodetest.Op(t), desk.OpenInput{Source: desk.SourceDesk, Form: library.Form{Name: "Cici Rekan", NIK: nik}})
			if err != nil {
				t.Fatal(err)
			}
			for i, s := range steps {
				ans := &wire.Answer{Epoch: event.ID{2}}
				if s.rows >= 0 {
					body, err := event.Encode(wire.Entry{Name: "Cici Rekaan", Home: 27, Kind: "umum", Until: 40000, Tag: key(uint64(s.rows)).Tag(nik)})
					if err != nil {
						t.Fatal(err)
					}
					row := wire.Row{Kind: wire.EntryRow, Key: bytes.Repeat([]byte{7}, 16), Pos: uint64(i + 1), Body: body}
					ans.Pages = []wire.Page{{Partition: wire.Directory, To: row.Pos, Sum: row.Sum(), Rows: []wire.Row{row}}}
				}
				if s.key != 0 {
					k := key(s.key)
					ans.Tags = &k
				}
				if err := n.Store.AbsorbBundle(ctx, nil, ans); err != nil {
					t.Fatal(err)
				}
				e, err := n.Store.Enrolled(ctx)
				if err != nil || e.Tags.Version != s.held {
					t.Errorf("step %d: the key is of version %d, not %d (%v)", i, e.Tags.Version, s.held, err)
				}
				like, err := n.Desk.Alike(ctx, n.Officer, opened.ID)
				if err != nil || (len(like) == 1) != s.warned {
					t.Errorf("step %d: warned of %+v, %v", i, like, err)
				}
			}
		})
	}
}
