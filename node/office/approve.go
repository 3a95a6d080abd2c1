package office

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"time"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/event"
	"simpul/sync/wire"
)

const maxPending = 200

// Asking is a PC that waits to be let in.
type Asking struct {
	ID      string // names it in forms: its public key
	Check   string // what the people at both ends read to each other
	Asked   time.Time
	Branch  library.ID
	Label   string // of the branch, as the code says
	Name    string // as the PC calls itself
	Role    library.NodeRole
	Members int
	Wish    int    // the code NNN with which its cards are printed
	Code    int    // the code NNN it would be given
	Program string // version
	Back    bool   // it was a node of this centre before the centre was rebuilt
}

// Pending lists the PCs that wait, those that asked first before the others.
func (o *Office) Pending(ctx context.Context, who desk.Actor) ([]Asking, error) {
	if err := o.may(who, library.ManageNodes); err != nil {
		return nil, err
	}
	joins, err := o.Store.Joins(ctx, wire.JoinWaiting, maxPending)
	if err != nil {
		return nil, told(err)
	}
	held, err := o.Store.Decisions(ctx)
	if err != nil {
		return nil, told(err)
	}
	codes, err := o.Store.JoinCodes(ctx, maxCodesList)
	if err != nil {
		return nil, told(err)
	}
	forgot, err := o.mayHaveForgotten(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Asking, 0, len(joins))
	for _, j := range joins {
		a := Asking{ID: hex.EncodeToString(j.Ask.Key), Check: j.Check, Asked: o.at(j.Asked), Branch: library.ID(j.Branch), Label: j.Ask.Name, Name: j.Ask.Name,
			Role: library.NodeRole(j.Ask.Role), Members: int(j.Ask.Members), Wish: int(j.Ask.Code), Code: int(j.NNN), Program: j.Ask.Program, Back: returning(j)}
		if i := slices.IndexFunc(codes, func(c store.JoinCode) bool { return c.Name == j.Code }); i >= 0 {
			a.Label, a.Role = codes[i].Label, library.NodeRole(codes[i].Role)
		}
		if !a.Back {
			a.Code = int(o.freeCode(held, &j.Ask, forgot))
		}
		out = append(out, a)
	}
	return out, nil
}

func returning(j store.Join) bool { return j.Code == (wire.Short{}) }

// freeCode is the code NNN for a PC: the one that stands on its cards when nobody
// was ever given it, else one that is free; 0 when all are given.
//
// A centre that was put back from a copy may have given codes that it does not
// know of, until their PCs come back, and after a whole disk was put back it does
// not know even that. So it begins to look at a place that differs from PC to PC:
// the code that would be next is the one most likely given.
func (o *Office) freeCode(held *store.Decisions, ask *wire.JoinAsk, forgot bool) uint16 {
	free := func(code uint16) bool {
		_, given := held.BranchOf(code)
		return code >= 1 && code <= maxCode && !given && int(code) != o.Desk.Settings().Code
	}
	if !forgot && free(ask.Code) {
		return ask.Code
	}
	key := sha256.Sum256(ask.Key)
	from := binary.BigEndian.Uint16(key[:]) % maxCode
	for i := range uint16(maxCode) {
		if code := 1 + (from+i)%maxCode; free(code) {
			return code
		}
	}
	return 0
}

// maxCode is the highest NNN.
const maxCode = 999

// mayHaveForgotten reports whether the centre was ever put back from a copy: each
// time its log goes on in another stream.
func (o *Office) mayHaveForgotten(ctx context.Context) (bool, error) {
	streams, err := o.Store.Streams(ctx)
	return len(streams) > 1, told(err)
}

// Approve lets a PC in, after the check codes were compared: it becomes a node,
// under a new name, with a code NNN that nobody had before. The PC hears of it the
// next time it asks. A second press finds it done.
func (o *Office) Approve(ctx context.Context, who desk.Actor, op library.ID, id string) (desk.Done, error) {
	if err := o.may(who, library.ManageNodes); err != nil {
		return desk.Done{}, err
	}
	keys, err := o.Keys(ctx)
	if err != nil {
		return desk.Done{}, err
	}
	key, err := parseKey(id)
	if err != nil {
		return desk.Done{}, err
	}
	rebuilt, err := o.Rebuilt(ctx)
	if err != nil {
		return desk.Done{}, err
	}
	forgot, err := o.mayHaveForgotten(ctx)
	if err != nil {
		return desk.Done{}, err
	}
	issuer, err := o.Desk.IssuerKey(ctx, desk.System)
	if err != nil {
		return desk.Done{}, err
	}
	return o.write(ctx, op, func(tx *store.Tx) error {
		j, err := waiting(tx, key)
		if err != nil {
			return err
		}
		if rebuilt && !returning(j) {
			return library.E(library.KindConflict, "error.rebuilt").Hinted("error.rebuilt.hint")
		}
		if returning(j) {
			// Its enrolment is a decision like any other that comes back.
			var ruling event.Ruling
			if err := event.Decode(j.Ask.Proof, &ruling); err != nil {
				return fmt.Errorf("office: enrolment: %w", err)
			}
			if _, err := tx.Regain([]event.Ruling{ruling}, keys.Public()); err != nil {
				return err
			}
		} else if err := o.enrol(tx, keys, who, &j, forgot); err != nil {
			return err
		}
		if err := o.nameIssuer(tx, keys, who, issuer); err != nil {
			return err
		}
		tx.Result(j.Node[:])
		return settle(tx, j, who, wire.JoinApproved)
	})
}

func (o *Office) enrol(tx *store.Tx, keys *Keys, who desk.Actor, j *store.Join, forgot bool) error {
	c, _, err := tx.JoinCode(j.Code)
	if err != nil {
		return err
	}
	held, err := tx.Decisions()
	if err != nil {
		return err
	}
	if _, err := io.ReadFull(o.Rand, j.Node[:]); err != nil {
		return fmt.Errorf("office: randomness: %w", err)
	}
	if j.NNN = o.freeCode(held, &j.Ask, forgot); j.NNN == 0 {
		return library.E(library.KindConflict, "error.codes_given")
	}
	_, err = tx.Decide(keys.Signing(), event.ID(who.Officer), event.NodeEnrolled, &event.Enrolment{Node: j.Node, Branch: j.Branch, Name: c.Label, Role: c.Role,
		Code: j.NNN, Key: j.Ask.Key, Seal: j.Ask.Seal, Issuer: j.Ask.Issuer})
	return err
}

// nameIssuer tells the nodes, before the first of them may ask, which key signs the
// centre's own cards; and again when its name or code has become another.
func (o *Office) nameIssuer(tx *store.Tx, keys *Keys, who desk.Actor, key ed25519.PublicKey) error {
	held, err := tx.Decisions()
	if err != nil {
		return err
	}
	s := o.Desk.Settings()
	was, named := held.Issuing()
	if named && key.Equal(ed25519.PublicKey(was.Key)) && was.Name == s.Name && int(was.Code) == s.Code {
		return nil
	}
	_, err = tx.Decide(keys.Signing(), event.ID(who.Officer), event.CentreIssues, &event.Issuing{Key: key, Name: s.Name, Code: uint16(s.Code)})
	return err
}

// Refuse turns a PC away. Its code is used up: the next attempt needs another.
func (o *Office) Refuse(ctx context.Context, who desk.Actor, op library.ID, id string) error {
	if err := o.may(who, library.ManageNodes); err != nil {
		return err
	}
	key, err := parseKey(id)
	if err != nil {
		return err
	}
	_, err = o.write(ctx, op, func(tx *store.Tx) error {
		j, err := waiting(tx, key)
		if err != nil {
			return err
		}
		return settle(tx, j, who, wire.JoinRefused)
	})
	return err
}

func settle(tx *store.Tx, j store.Join, who desk.Actor, state wire.JoinState) error {
	j.State, j.Decided, j.Officer = state, tx.Now().UnixMilli(), event.ID(who.Officer)
	return tx.PutJoin(j)
}

func waiting(tx *store.Tx, key []byte) (store.Join, error) {
	j, err := tx.Join(key)
	if err == nil && j.State != wire.JoinWaiting {
		err = library.E(library.KindConflict, "error.join_decided")
	}
	return j, err
}

func parseKey(id string) ([]byte, error) {
	key, err := hex.DecodeString(id)
	if err != nil || len(key) != 32 {
		return nil, library.E(library.KindNotFound, "error.not_found")
	}
	return key, nil
}
