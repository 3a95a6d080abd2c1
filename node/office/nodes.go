package office

import (
	"context"
	"time"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/event"
)

// PC is a node as the centre knows it. What was never measured is zero.
type PC struct {
	ID       library.ID
	Branch   library.ID
	Name     string // of the branch
	Role     library.NodeRole
	Code     int // NNN of its member numbers
	Enrolled time.Time

	RevokedAt time.Time
	Reason    string // of the revocation: lost, replaced, closed, copied
	Note      string

	Contact time.Time     // the last exchange
	Said    time.Time     // when it last described itself
	Waiting int           // events that it had not sent then
	Photos  int           // photos that are wanted of it
	Offset  time.Duration // the centre's clock less the PC's
	Program string        // its version
	Free    int64         // bytes on its disk

	Newest    time.Time // when the newest event that arrived was recorded, on the centre's clock
	Received  int64     // events that arrived
	Unapplied int64     // of them, that wait to be applied
	Durable   int64     // of them, that are in a copy of the centre that was restored and compared
	Aside     int       // of them, in quarantine
	Streams   []Stream
	Copied    time.Time // when another machine last spoke for it
	Stale     time.Time // when it last showed an old ticket: a copy, or a restored backup

	key []byte // Ed25519, of its enrolment

	Members int
	Visits  int // lines of the register
	People  int // visitors in them
}

// Stream is a part of a PC's log. More than one says that something happened to
// its data, see Reason.
type Stream struct {
	Generation int    // 0 for one that a fork made
	Reason     string // setup, restored, behind, machine, unmarked, diverged, copied, forked, renamed
	Met        time.Time
	Head       int64
	Fork       bool
}

// Lag is how far what has arrived lies behind: the time since the newest record here,
// while the PC said that it holds others; 0 otherwise.
func (p PC) Lag(now time.Time) time.Duration {
	if p.Newest.IsZero() || p.Waiting == 0 {
		return 0
	}
	return max(now.Sub(p.Newest), 0)
}

// Revoked reports whether the PC is out.
func (p PC) Revoked() bool { return !p.RevokedAt.IsZero() }

// Nodes lists every PC that was ever enrolled, by its code. Nothing of it is about
// a person.
func (o *Office) Nodes(ctx context.Context, who desk.Actor) ([]PC, error) {
	if err := o.may(who, library.ReadReports); err != nil {
		return nil, err
	}
	held, err := o.Store.Decisions(ctx)
	if err != nil {
		return nil, told(err)
	}
	var out []PC
	at := map[event.ID]int{}
	for _, e := range held.Enrolments() {
		at[e.Node] = len(out)
		out = append(out, PC{ID: library.ID(e.Node), Branch: library.ID(e.Branch), Name: e.Name, Role: library.NodeRole(e.Role), Code: int(e.Code), key: e.Key})
	}
	for _, d := range held.All() {
		switch b := d.Body.(type) {
		case *event.Enrolment:
			out[at[b.Node]].Enrolled = o.at(d.At)
		case *event.Revocation:
			if i, known := at[b.Node]; known {
				out[i].RevokedAt, out[i].Reason, out[i].Note = o.at(d.At), b.Reason, b.Note
			}
		}
	}
	return out, o.measure(ctx, out, at)
}

// measure adds what the exchanges said and what has arrived.
func (o *Office) measure(ctx context.Context, out []PC, at map[event.ID]int) error {
	standings, err := o.Store.NodeStandings(ctx)
	if err != nil {
		return told(err)
	}
	for _, n := range standings {
		if i, known := at[n.Node]; known {
			out[i].stand(o, n)
		}
	}
	photos, err := o.Store.PhotosWanted(ctx)
	if err != nil {
		return told(err)
	}
	for node, n := range photos {
		if i, known := at[node]; known {
			out[i].Photos = n
		}
	}
	streams, err := o.Store.ForeignStreams(ctx, event.ID{})
	if err != nil {
		return told(err)
	}
	for _, f := range streams {
		if i, known := at[f.Node]; known {
			p := &out[i]
			p.Received, p.Unapplied, p.Durable = p.Received+int64(f.Head), p.Unapplied+int64(f.Head-f.Applied), p.Durable+int64(f.Durable)
			if at := o.at(f.Effective); at.After(p.Newest) {
				p.Newest = at
			}
			p.Streams = append(p.Streams, Stream{Generation: int(f.Generation), Reason: f.Reason, Met: o.at(f.Met), Head: int64(f.Head), Fork: f.Branch})
		}
	}
	aside, err := o.Store.Quarantine(ctx, event.ID{}, maxAside)
	if err != nil {
		return told(err)
	}
	for _, q := range aside {
		if i, known := at[q.Node]; known {
			out[i].Aside++
		}
	}
	totals, err := o.Store.Totals(ctx)
	if err != nil {
		return told(err)
	}
	for _, t := range totals {
		if i, known := at[t.Node]; known {
			out[i].Members, out[i].Visits, out[i].People = int(t.Members), int(t.Visits), int(t.People)
		}
	}
	return nil
}

func (p *PC) stand(o *Office, n *store.NodeStanding) {
	p.Contact, p.Said, p.Copied, p.Stale = o.at(n.Contact), o.at(n.Said), o.at(n.Copied), o.at(n.Stale)
	p.Waiting = int(n.Facts.Waiting)
	p.Offset, p.Program, p.Free = time.Duration(n.Skew)*time.Millisecond, n.Facts.Program, int64(n.Facts.Free)
}

// Node is one PC.
func (o *Office) Node(ctx context.Context, who desk.Actor, id library.ID) (PC, error) {
	nodes, err := o.Nodes(ctx, who)
	if err != nil {
		return PC{}, err
	}
	for _, n := range nodes {
		if n.ID == id {
			return n, nil
		}
	}
	return PC{}, library.E(library.KindNotFound, "error.not_found")
}

// Totals are what the district has recorded, as far as it has arrived.
type Totals struct {
	Members, Visits, People int
	Own                     Sums // recorded at the centre itself
}

// Sums are members and visits of one place.
type Sums struct{ Members, Visits, People int }

// Totals counts members and visits of the district, the centre's own included.
func (o *Office) Totals(ctx context.Context, who desk.Actor) (Totals, error) {
	if err := o.may(who, library.ReadReports); err != nil {
		return Totals{}, err
	}
	list, err := o.Store.Totals(ctx)
	if err != nil {
		return Totals{}, told(err)
	}
	var t Totals
	for _, n := range list {
		t.Members, t.Visits, t.People = t.Members+int(n.Members), t.Visits+int(n.Visits), t.People+int(n.People)
		if n.Node.IsZero() {
			t.Own = Sums{int(n.Members), int(n.Visits), int(n.People)}
		}
	}
	return t, nil
}
