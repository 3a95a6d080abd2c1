package office

import (
	"context"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/event"
	"simpul/sync/join"
	"simpul/sync/wire"
)

// CodeLife is how long a code for a new PC holds. A code on paper that goes by post
// is made for longer.
const (
	CodeLife     = 24 * time.Hour
	maxCodeLife  = 72 * time.Hour
	maxCodesList = 100
)

// CodeInput says for whom a code is.
type CodeInput struct {
	Branch library.ID // an existing branch that gets another PC or a replacement; zero makes a new one
	Name   string     // of the new branch; an existing one keeps its own
	Role   library.NodeRole
	Life   time.Duration // CodeLife when zero, 72 hours at most
}

// Invitation is a code with its secret, to be printed, sent or read out.
type Invitation struct {
	Code
	Text      string   // all of it, for `simpul join`, a message, or the QR
	Groups    []string // the secret part alone, for who types it
	Addresses []string // of the centre
}

// CodeState says what became of a code.
type CodeState string

// The states of a code.
const (
	CodeOpen    CodeState = "open"
	CodeUsed    CodeState = "used"
	CodeRevoked CodeState = "revoked"
	CodeExpired CodeState = "expired"
)

// Code is a code in a list, without its secret.
type Code struct {
	Name   string // 16 hex digits
	Branch library.ID
	Label  string
	Role   library.NodeRole
	Made   time.Time
	Until  time.Time
	State  CodeState
}

// NewCode makes a one-time code for one PC.
func (o *Office) NewCode(ctx context.Context, who desk.Actor, op library.ID, in CodeInput) (Invitation, error) {
	if err := o.may(who, library.ManageNodes); err != nil {
		return Invitation{}, err
	}
	if err := o.completeCode(ctx, &in); err != nil {
		return Invitation{}, err
	}
	token, err := join.NewToken(o.Rand)
	if err != nil {
		return Invitation{}, err
	}
	now := o.Now()
	c := store.JoinCode{Name: token.Name(), Branch: event.ID(in.Branch), Label: in.Name, Role: string(in.Role), Made: now.UnixMilli(),
		Officer: event.ID(who.Officer), Until: now.Add(in.Life).UnixMilli()}
	done, err := o.write(ctx, op, func(tx *store.Tx) error {
		tx.Result(c.Name[:])
		return tx.PutJoinCode(c, token)
	})
	if err != nil {
		return Invitation{}, err
	}
	// A form that was sent twice shows the code that it made.
	return o.Code(ctx, who, nameOf(wire.Short(done.ID[:8])))
}

// Code shows a code again as long as it can be used. KindNotFound afterwards.
func (o *Office) Code(ctx context.Context, who desk.Actor, name string) (Invitation, error) {
	if err := o.may(who, library.ManageNodes); err != nil {
		return Invitation{}, err
	}
	keys, err := o.Keys(ctx)
	if err != nil {
		return Invitation{}, err
	}
	short, err := parseName(name)
	if err != nil {
		return Invitation{}, err
	}
	c, token, err := o.Store.JoinCode(ctx, short)
	if err != nil {
		return Invitation{}, told(err)
	}
	shown := o.codeOf(c)
	if shown.State != CodeOpen {
		return Invitation{}, library.E(library.KindNotFound, "error.code_over").Hinted("error.code_over.hint")
	}
	code := join.Code{Addresses: o.addresses(), Fingerprint: keys.Fingerprint(), Token: token}
	return Invitation{Code: shown, Text: code.String(), Groups: code.Groups(), Addresses: code.Addresses}, nil
}

// completeCode fills in what follows from the branch, and checks the rest.
func (o *Office) completeCode(ctx context.Context, in *CodeInput) error {
	in.Name = library.CleanLine(in.Name)
	if !in.Branch.IsZero() {
		branch, err := o.branch(ctx, in.Branch)
		if err != nil {
			return err
		}
		in.Name = branch.Name // RenameBranch gives it another
		if in.Role == "" {
			in.Role = branch.Role
		}
	} else {
		id, err := o.newBranch(ctx, in.Name)
		if err != nil {
			return err
		}
		in.Branch = id
	}
	if in.Life == 0 {
		in.Life = CodeLife
	}
	var problems []library.Problem
	add := func(field, key string, args ...any) {
		problems = append(problems, library.Problem{Field: field, Key: key, Args: args})
	}
	if p := branchNameProblem(in.Name); p != nil {
		problems = append(problems, *p)
	}
	if !in.Role.Valid() || in.Role == library.NodeCentre {
		add("role", library.KeyChoose)
	}
	if in.Life < time.Minute || in.Life > maxCodeLife {
		add("life", "problem.between", 1, int(maxCodeLife.Hours()))
	}
	if len(problems) > 0 {
		return library.Invalid(problems...)
	}
	return nil
}

// newBranch is the id of a branch that has no PC yet. Two codes for one name are for two PCs of one branch. A name that a
// branch has already is refused: a PC that takes another's place would get none of its records.
func (o *Office) newBranch(ctx context.Context, name string) (library.ID, error) {
	known, err := o.branches(ctx)
	if err != nil {
		return library.ID{}, err
	}
	if slices.ContainsFunc(known, func(b Branch) bool { return strings.EqualFold(b.Name, name) }) {
		return library.ID{}, library.Invalid(library.Problem{Field: "name", Key: "problem.branch_exists"})
	}
	codes, err := o.Store.JoinCodes(ctx, maxCodesList)
	if err != nil {
		return library.ID{}, told(err)
	}
	for _, c := range codes {
		if name != "" && strings.EqualFold(c.Label, name) {
			return library.ID(c.Branch), nil
		}
	}
	return library.NewID(o.Rand)
}

// addresses is where nodes reach this centre: what an officer has set, or what
// the listener knows of itself.
func (o *Office) addresses() []string {
	if set := o.Desk.Settings().Addresses; len(set) > 0 {
		return set
	}
	if o.Addresses == nil {
		return nil
	}
	return o.Addresses()
}

// Codes lists the codes made last, newest first.
func (o *Office) Codes(ctx context.Context, who desk.Actor) ([]Code, error) {
	if err := o.may(who, library.ManageNodes); err != nil {
		return nil, err
	}
	list, err := o.Store.JoinCodes(ctx, maxCodesList)
	if err != nil {
		return nil, told(err)
	}
	out := make([]Code, 0, len(list))
	for _, c := range list {
		out = append(out, o.codeOf(c))
	}
	return out, nil
}

func (o *Office) codeOf(c store.JoinCode) Code {
	return Code{Name: nameOf(c.Name), Branch: library.ID(c.Branch), Label: c.Label, Role: library.NodeRole(c.Role),
		Made: o.at(c.Made), Until: o.at(c.Until), State: stateOf(c, o.Now().UnixMilli())}
}

func stateOf(c store.JoinCode, now int64) CodeState {
	switch {
	case c.Used != 0:
		return CodeUsed
	case c.Revoked != 0:
		return CodeRevoked
	case now >= c.Until:
		return CodeExpired
	}
	return CodeOpen
}

// RevokeCode takes a code back that nobody has used: it went to the wrong person,
// or is lost.
func (o *Office) RevokeCode(ctx context.Context, who desk.Actor, op library.ID, name string) error {
	if err := o.may(who, library.ManageNodes); err != nil {
		return err
	}
	short, err := parseName(name)
	if err != nil {
		return err
	}
	_, err = o.write(ctx, op, func(tx *store.Tx) error { return tx.RevokeJoinCode(short, tx.Now().UnixMilli()) })
	return err
}

func parseName(name string) (wire.Short, error) {
	raw, err := hex.DecodeString(name)
	if err != nil || len(raw) != len(wire.Short{}) {
		return wire.Short{}, library.E(library.KindNotFound, "error.not_found")
	}
	return wire.Short(raw), nil
}

func nameOf(s wire.Short) string { return hex.EncodeToString(s[:]) }

func (o *Office) at(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).In(o.Zone)
}
