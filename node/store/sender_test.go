package store_test

import (
	"context"
	"crypto/ed25519"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"simpul/node/store"
	"simpul/node/vault"
	"simpul/sync/event"
	"simpul/sync/hub"
	"simpul/sync/wire"
)

// sender writes streams as a node would, without a database: for tests of what a
// centre does with them.
type sender struct {
	node   event.ID // as the centre named it
	boot   uint32   // of another PC than the others': their events are never the same
	rand   *rand.ChaCha8
	salt   event.Salt // of the PC
	opened int
	stream event.ID
	items  []wire.Item
	chains []event.Hash // by sequence; 0 is the genesis
	wall   int64
	mono   int64
	people []person
	made   int
	ticket wire.Short
	epoch  event.ID
}

type person struct {
	salt event.Salt
	card event.ID
}

func newSender(seed byte) *sender {
	n := &sender{rand: rand.NewChaCha8([32]byte{seed}), wall: 1_800_000_000_000, mono: 1000}
	n.node, n.boot = event.ID{'n', seed}, uint32(seed)
	n.salt = n.newSalt()
	n.open("setup", event.ID{})
	return n
}

func (n *sender) newSalt() (s event.Salt) { n.rand.Read(s[:]); return s }

func (n *sender) draw(most int) int {
	var b [4]byte
	n.rand.Read(b[:])
	return int(binary.BigEndian.Uint32(b[:])) % most
}

func (n *sender) open(reason string, before event.ID) {
	n.opened++
	n.rand.Read(n.stream[:])
	n.items, n.chains = nil, []event.Hash{event.Genesis(n.stream)}
	n.say(n.salt, event.StreamOpened, &event.StreamOpening{Generation: uint64(n.opened), Previous: before, Reason: reason})
	if n.opened == 1 {
		n.say(n.salt, event.NodeConfigured, &event.NodeConfig{Role: "branch", Name: "Genteng", Code: uint16(14)})
		officer := n.newSalt()
		n.say(officer, event.OfficerAdded, &event.OfficerFacts{Login: "rina", Name: "Rina Buatan", Role: "head"})
	}
}

func (n *sender) say(salt event.Salt, typ event.Type, body any) event.Hash {
	n.wall += 700
	n.mono += 700
	ev, err := event.New(event.Header{Type: typ, Subject: event.SubjectID(salt), Wall: n.wall, Boot: n.boot, Mono: n.mono}, body)
	if err != nil {
		panic(err)
	}
	return n.put(wire.Item{Event: ev, Salt: salt})
}

func (n *sender) put(it wire.Item) event.Hash {
	hash, err := it.ContentHash(it.Salt)
	if err != nil {
		panic(err)
	}
	it.Hash = hash
	n.items = append(n.items, it)
	n.chains = append(n.chains, n.chains[len(n.chains)-1].Next(hash))
	return hash
}

// register writes the seven events of one registration.
func (n *sender) register() {
	n.made++
	salt := n.newSalt()
	photo := &event.Photo{Source: "webcam"}
	n.rand.Read(photo.Card[:])
	n.rand.Read(photo.Record[:])
	n.say(salt, event.RegistrationOpened, &event.Opening{Source: "desk"})
	n.say(salt, event.RegistrationIdentified, &event.Identification{Kind: "ktp", Explained: true})
	n.say(salt, event.RegistrationFilled, &event.Filling{By: "officer", Fields: event.Fields{event.FieldName: fmt.Sprintf("Orang Buatan %s %d", n.node.String()[:4], n.made),
		event.FieldNIK: fmt.Sprintf("35101001%08d", n.draw(99999999)), event.FieldBirth: "1990-01-01", event.FieldSex: "L", event.FieldAddress: "Jalan Melati 3",
		event.FieldVillage: "3510100001", event.FieldDistrict: "351010", event.FieldPhone: "081234567890", event.FieldEducation: "sma", event.FieldOccupation: "pelajar"}})
	n.say(salt, event.RegistrationVerified, &event.Verification{Document: "ktp", Checked: []event.Field{event.FieldName, event.FieldNIK}})
	n.say(salt, event.PhotoAttached, photo)
	card := n.say(salt, event.CardIssued, &event.Card{Number: fmt.Sprintf("01426%07d", n.made), Kind: "umum", From: 20000, Until: 21000})
	id := event.DeriveID("card", card)
	n.say(salt, event.CardHandedOver, &event.HandOver{Card: id, To: "self", How: "print"})
	n.people = append(n.people, person{salt, id})
}

// visit writes a visit of a member, or of a guest.
func (n *sender) visit() {
	if len(n.people) == 0 || n.draw(3) == 0 {
		n.say(n.newSalt(), event.VisitRecorded, &event.Visit{Kind: "guest", Purpose: "membaca", Sex: "P"})
		return
	}
	n.say(n.people[n.draw(len(n.people))].salt, event.VisitRecorded, &event.Visit{Kind: "member", Purpose: "pinjam"})
}

// amend changes something about a person the node knows.
func (n *sender) amend() {
	if len(n.people) == 0 {
		n.register()
		return
	}
	p := n.people[n.draw(len(n.people))]
	switch n.draw(3) {
	case 0:
		n.say(p.salt, event.MemberCorrected, &event.Correction{Reason: "pindah", Fields: event.Fields{event.FieldAddress: fmt.Sprintf("Jalan Mawar %d", n.draw(99))}})
	case 1:
		n.say(p.salt, event.CardBlocked, &event.CardMark{Card: p.card, Reason: "lost"})
	default:
		n.say(p.salt, event.MemberRenewed, &event.Renewal{From: 20000, Until: 21000 + int64(n.draw(99)), Kind: "umum"})
	}
}

func (n *sender) head() uint64 { return uint64(len(n.items)) }

// batch is a run of the stream, both ends included.
func (n *sender) batch(first, last uint64) wire.Batch {
	return wire.Batch{Stream: n.stream, First: first, Items: n.items[first-1 : last], Head: n.chains[last]}
}

// taking brings batches in at an instant at which both clocks agree.
func (n *sender) taking(now int64, batches ...wire.Batch) hub.Delivery {
	return hub.Delivery{Node: n.node, Request: &wire.Request{Batches: batches, Wall: now, Boot: n.boot, Mono: n.mono + (now - n.wall), Machine: wire.Short{1},
		Ticket: n.ticket, Epoch: n.epoch}}
}

// centreStore is a centre with a clock that a test sets, and enrolled nodes.
type centreStore struct {
	*store.Store
	now   time.Time
	key   ed25519.PrivateKey
	vault *vault.Vault
	dir   string
	// memory holds the database instead of dir, when it is set.
	memory *store.Memory
}

func openCentre(t testing.TB, nodes ...*sender) *centreStore {
	t.Helper()
	c := &centreStore{now: time.UnixMilli(1_900_000_000_000), vault: openVault(t), dir: filepath.Join(t.TempDir(), "data")}
	c.found(t, nodes)
	return c
}

func (c *centreStore) found(t testing.TB, nodes []*sender) {
	t.Helper()
	c.key = ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	c.open(t)
	write(t, c.Store, func(tx *store.Tx) error {
		node, err := tx.NewSubject()
		if err != nil {
			return err
		}
		if err := tx.OpenStream(node, "setup"); err != nil {
			return err
		}
		_, err = tx.Append(store.Draft{Type: event.NodeConfigured, Subject: node, Body: &event.NodeConfig{Role: "centre", Name: "Pusat", Code: 1}})
		return err
	})
	for i, n := range nodes {
		c.enrol(t, n, event.ID{'b', byte(i)}, uint16(14+i))
	}
}

func (c *centreStore) open(t testing.TB) {
	t.Helper()
	c.Store = openAt(t, c.dir, c.vault, func() time.Time { return c.now }, c.memory)
}

func (c *centreStore) enrol(t testing.TB, n *sender, branch event.ID, code uint16) {
	t.Helper()
	if _, err := c.Decide(context.Background(), c.key, event.ID{}, event.NodeEnrolled, &event.Enrolment{Node: n.node, Branch: branch,
		Name: "Genteng", Role: "branch", Code: code, Key: make([]byte, 32)}); err != nil {
		t.Fatal(err)
	}
}

func (c *centreStore) take(t testing.TB, d hub.Delivery) hub.Receipt {
	t.Helper()
	out, err := c.Receive(context.Background(), d)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func (c *centreStore) apply(t testing.TB) {
	t.Helper()
	for more := true; more; {
		var err error
		if _, more, err = c.ApplyPending(context.Background(), 1000); err != nil {
			t.Fatal(err)
		}
	}
}

// memoryCentre is a centre in memory at one instant.
func memoryCentre(t testing.TB, now time.Time, nodes ...*sender) *centreStore {
	t.Helper()
	c := &centreStore{now: now, vault: openVault(t), dir: filepath.Join(t.TempDir(), "data"), memory: store.NewMemory()}
	c.found(t, nodes)
	return c
}

func (c *centreStore) receive(t interface{ Fatal(...any) }, d hub.Delivery) hub.Receipt {
	out, err := c.Receive(context.Background(), d)
	if err != nil {
		t.Fatal(err)
	}
	if len(out.Forked) > 0 {
		t.Fatal("forked")
	}
	return out
}

func (c *centreStore) applyAll(t interface{ Fatal(...any) }, most int) {
	for more := true; more; {
		var err error
		if _, more, err = c.ApplyPending(context.Background(), most); err != nil {
			t.Fatal(err)
		}
	}
}
