package desk

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"time"

	"simpul/node/library"
	"simpul/node/store"
	"simpul/node/vault"
	"simpul/sync/event"
	"simpul/sync/join"
	"simpul/sync/wire"
)

// Gate carries a request to join to a centre and brings its answer. It must make
// sure that the centre has the fingerprint, and say with which key it answered.
// join.ErrFile or an error of the network; a refusal is a *library.Error: KindInvalid
// where the centre does not take the code, KindUnavailable where nobody has signed in there.
// IsCentre only asks who answers at an address; KindForbidden is somebody else.
type Gate interface {
	IsCentre(ctx context.Context, address string, centre ed25519.PublicKey) error
	AskToJoin(ctx context.Context, address string, centre join.Fingerprint, key ed25519.PrivateKey, ask *wire.JoinAsk) (*wire.JoinAnswer, ed25519.PublicKey, error)
}

// JoinState is how far this PC has come in joining a centre.
type JoinState string

// The states of joining.
const (
	JoinNone    JoinState = ""        // not begun
	JoinAsked   JoinState = "asked"   // keys are made; the centre has not answered yet
	JoinWaiting JoinState = "waiting" // somebody at the centre has to approve
	JoinRefused JoinState = "refused"
	JoinDone    JoinState = "joined"
)

// Joining is what the page of joining shows.
type Joining struct {
	State     JoinState
	Check     string // to be read to the centre
	Addresses []string
	Asked     time.Time
	Centre    string // its name, once joined
	Old       bool   // this PC has been a node before: it joins anew
	Out       bool   // joined, and only another code brings it back: revoked, or known on another PC
}

// attempt is a joining that has begun, kept sealed until it is settled.
type attempt struct {
	Seed   []byte `cbor:"1,keyasint"` // of the node's Ed25519 key
	Seal   string `cbor:"2,keyasint"` // age identity
	To     string `cbor:"3,keyasint"` // its recipient
	Code   string `cbor:"4,keyasint"`
	Asked  int64  `cbor:"5,keyasint"`
	State  string `cbor:"6,keyasint"`
	Centre []byte `cbor:"7,keyasint,omitempty"` // the centre's signing key, once it answered
}

const attemptSecret = "join"

func (a *attempt) key() ed25519.PrivateKey   { return ed25519.NewKeyFromSeed(a.Seed) }
func (a *attempt) public() ed25519.PublicKey { return a.key().Public().(ed25519.PublicKey) }

// StartJoin begins to join the centre that gave out a code, and asks at once. addresses
// stand in for those of a code that was typed without them. The PC goes on working
// whatever comes of it. Joining again with another code takes the place of an
// attempt that is not settled; a PC that is a node already asks to become a new one.
func (d *Desk) StartJoin(ctx context.Context, who Actor, code, addresses string) (Joining, error) {
	if err := d.mayJoin(who); err != nil {
		return Joining{}, err
	}
	c, err := parseCode(code, addresses)
	if err != nil {
		return Joining{}, err
	}
	if len(c.Addresses) == 0 { // typed, on a PC that knows where its centre is
		if own, err := d.Store.URLs(ctx); err == nil {
			known := d.CentreAddresses(own)
			c.Addresses = known[:min(len(known), join.MaxAddresses)]
		} else if !errors.Is(err, store.ErrNotFound) {
			return Joining{}, told(err)
		}
	}
	a := &attempt{Seed: make([]byte, ed25519.SeedSize), Code: c.String(), Asked: d.Now().UnixMilli(), State: string(JoinAsked)}
	if _, err := io.ReadFull(d.Rand, a.Seed); err != nil {
		return Joining{}, fmt.Errorf("desk: randomness: %w", err)
	}
	if a.Seal, a.To, err = vault.NewBundleKey(d.Rand); err != nil {
		return Joining{}, err
	}
	if err := d.keepAttempt(ctx, a); err != nil {
		return Joining{}, err
	}
	if len(c.Addresses) == 0 {
		return d.joining(ctx, a) // it goes by files
	}
	return d.AskJoin(ctx, who)
}

func (d *Desk) mayJoin(who Actor) error {
	if err := who.may(library.ManageSettings); err != nil {
		return err
	}
	if d.Settings().Role == library.NodeCentre {
		return library.E(library.KindForbidden, "error.is_centre")
	}
	return nil
}

func parseCode(code, addresses string) (join.Code, error) {
	c, err := join.Parse(code)
	switch {
	case errors.Is(err, join.ErrTyped):
		return c, library.Invalid(library.Problem{Field: "code", Key: "problem.join_typed"})
	case errors.Is(err, join.ErrAddress):
		return c, library.Invalid(library.Problem{Field: "address", Key: "problem.addresses"})
	case err != nil:
		return c, library.Invalid(library.Problem{Field: "code", Key: "problem.join_code"})
	}
	if len(c.Addresses) == 0 && addresses != "" {
		if c.Addresses, err = join.ParseAddresses(addresses); err != nil {
			return c, library.Invalid(library.Problem{Field: "address", Key: "problem.addresses"})
		}
	}
	return c, nil
}

// AskJoin asks the centre how the joining stands, and settles it when the centre
// has approved. Without an attempt it says so; it is safe to call at any time.
func (d *Desk) AskJoin(ctx context.Context, who Actor) (Joining, error) {
	if err := d.mayJoin(who); err != nil {
		return Joining{}, err
	}
	a, err := d.attempt(ctx)
	if err != nil || a == nil || a.State == string(JoinRefused) {
		return d.joiningOr(ctx, a, err)
	}
	code, err := join.Parse(a.Code)
	if err != nil {
		return Joining{}, fmt.Errorf("desk: join: %w", err)
	}
	ask, err := d.joinAsk(ctx, a, code)
	if err != nil {
		return Joining{}, err
	}
	failed := error(library.E(library.KindUnavailable, "error.centre_far").Hinted("error.centre_far.hint"))
	for _, address := range code.Addresses {
		answer, centre, err := d.Gate.AskToJoin(ctx, address, code.Fingerprint, a.key(), ask)
		if err == nil {
			return d.settleJoin(ctx, who, a, code, answer, centre, address)
		}
		if library.KindOf(err) == library.KindInvalid {
			return d.turnedAway(ctx, a, err) // this centre has said no; another address is the same centre
		}
		d.Log.Warn("ask the centre to join", "address", address, "err", err)
		var told *library.Error
		if failed = err; !errors.As(err, &told) {
			failed = library.E(library.KindUnavailable, "error.centre_far").Hinted("error.centre_far.hint").Because(err)
		}
	}
	j, jerr := d.joining(ctx, a)
	return j, errors.Join(failed, jerr)
}

// turnedAway ends an attempt that leads nowhere, because the centre does not take its code. It was typed just now, or before
// there was a line; the error says so at the code.
func (d *Desk) turnedAway(ctx context.Context, a *attempt, no error) (Joining, error) {
	a.State = string(JoinRefused)
	if err := d.keepAttempt(ctx, a); err != nil {
		return Joining{}, err
	}
	j, err := d.joining(ctx, a)
	return j, errors.Join(no, err)
}

// joinAsk is what this PC says of itself.
func (d *Desk) joinAsk(ctx context.Context, a *attempt, code join.Code) (*wire.JoinAsk, error) {
	s := d.Settings()
	members, err := d.Store.HeadCount(ctx)
	if err != nil {
		return nil, told(err)
	}
	issuer, err := d.issuerKey(ctx)
	if err != nil {
		return nil, err
	}
	ask := &wire.JoinAsk{Token: code.Token.Name(), Proof: code.Token.Proof(a.public()), Key: a.public(), Seal: a.To, Node: event.ID(s.Node),
		Role: string(s.Role), Name: s.Name, Code: uint16(s.Code), Members: uint64(members), Machine: d.Store.MachineMark(), Program: d.Version,
		Issuer: publicOf(issuer)}
	_, err = io.ReadFull(d.Rand, ask.Nonce[:])
	return ask, err
}

// ComeBack asks a centre that no longer knows this node to take it back: it was
// rebuilt, or put back from a copy of before the enrolment. The enrolment that it
// signed stands in place of a code. Somebody there has to approve; then the
// exchange goes on as before.
func (d *Desk) ComeBack(ctx context.Context) error {
	e, err := d.Store.Enrolled(ctx)
	if err != nil {
		return told(err)
	}
	held, err := d.Store.Decisions(ctx)
	if err != nil {
		return told(err)
	}
	a := &attempt{Seed: e.Key.Seed()}
	ask, err := d.joinAsk(ctx, a, join.Code{})
	if err != nil {
		return err
	}
	ask.Token, ask.Proof = wire.Short{}, nil
	for _, decided := range held.All() {
		if b, ok := decided.Body.(*event.Enrolment); ok && b.Node == e.Node {
			if ask.Proof, err = event.Encode(decided.Ruling); err != nil {
				return fmt.Errorf("desk: join: %w", err)
			}
			ask.Seal = b.Seal
		}
	}
	failed := error(library.E(library.KindNotFound, "error.not_joined"))
	for _, address := range d.CentreAddresses(e.URLs) {
		answer, centre, err := d.Gate.AskToJoin(ctx, address, join.FingerprintOf(e.Centre), e.Key, ask)
		switch {
		case err != nil:
			failed = err
		case !e.Centre.Equal(centre):
			failed = library.E(library.KindForbidden, "error.other_centre").Hinted("error.other_centre.hint")
		case answer.State == wire.JoinApproved:
			return nil
		default:
			return library.E(library.KindUnavailable, "error.come_back").Hinted("error.come_back.hint")
		}
	}
	return failed
}

// settleJoin takes the centre's answer.
func (d *Desk) settleJoin(ctx context.Context, who Actor, a *attempt, code join.Code, answer *wire.JoinAnswer, centre ed25519.PublicKey, address string) (Joining, error) {
	if !code.Fingerprint.Is(centre) {
		return Joining{}, library.E(library.KindForbidden, "error.other_centre").Hinted("error.other_centre.hint")
	}
	a.Centre = centre
	switch answer.State {
	case wire.JoinApproved:
		if err := d.joined(ctx, who, a, code, answer, address); err != nil {
			return Joining{}, err
		}
		return d.Joining(ctx)
	case wire.JoinRefused:
		a.State = string(JoinRefused)
	default:
		a.State = string(JoinWaiting)
	}
	if err := d.keepAttempt(ctx, a); err != nil {
		return Joining{}, err
	}
	return d.joining(ctx, a)
}

// joined makes this PC a node: everything at once, or nothing.
func (d *Desk) joined(ctx context.Context, who Actor, a *attempt, code join.Code, answer *wire.JoinAnswer, address string) error {
	enrolment, err := enrolmentIn(answer, a)
	if err != nil {
		return err
	}
	if len(answer.Recovery) != 32 {
		return library.E(library.KindInvalid, "error.join")
	}
	slot, err := d.Vault.AddCentre([32]byte(answer.Recovery))
	if err != nil {
		return told(fmt.Errorf("desk: slot of the centre: %w", err))
	}
	_, err = d.write(ctx, library.ID{}, func(tx *store.Tx) error {
		err := tx.SaveEnrolment(store.Enrolled{Node: answer.Node, Key: a.key(), Seal: a.Seal, Tags: wire.TagKey{Version: answer.Tags, Key: answer.TagKey}, Centre: a.Centre,
			CentreSeal: answer.Seal, CentreName: answer.Name, URLs: preferred(code.Addresses, address), Epoch: answer.Epoch})
		if errors.Is(err, store.ErrOtherCentre) {
			return library.E(library.KindConflict, "error.joined_other").Hinted("error.joined_other.hint")
		}
		if err != nil {
			return err
		}
		if _, _, err := tx.HoldRulings(answer.Rulings, a.Centre); err != nil {
			return err
		}
		if err := tx.PutSlot(store.Slot{Owner: store.CentreOwner, Slot: slot}); err != nil {
			return err
		}
		config := &event.NodeConfig{Role: enrolment.Role, Name: enrolment.Name, Code: enrolment.Code}
		if _, err := d.append(tx, who, event.NodeConfigured, d.Settings().Node, config); err != nil {
			return err
		}
		return tx.DropSecret(attemptSecret)
	})
	return err
}

// enrolmentIn finds this PC's enrolment among the decisions, signed by the centre.
func enrolmentIn(answer *wire.JoinAnswer, a *attempt) (*event.Enrolment, error) {
	for _, r := range answer.Rulings {
		_, body, err := r.Open(a.Centre)
		if e, ok := body.(*event.Enrolment); err == nil && ok && e.Node == answer.Node && a.public().Equal(ed25519.PublicKey(e.Key)) {
			return e, nil
		}
	}
	return nil, library.E(library.KindInvalid, "error.join")
}

// preferred puts the address that answered first.
func preferred(addresses []string, answered string) []string {
	out := make([]string, 0, len(addresses))
	if answered != "" {
		out = append(out, answered)
	}
	for _, a := range addresses {
		if a != answered {
			out = append(out, a)
		}
	}
	return out
}

// GiveUpJoin forgets an attempt. What the centre noted of it stays there until
// somebody refuses it.
func (d *Desk) GiveUpJoin(ctx context.Context, who Actor) error {
	if err := d.mayJoin(who); err != nil {
		return err
	}
	_, err := d.write(ctx, library.ID{}, func(tx *store.Tx) error { return tx.DropSecret(attemptSecret) })
	return err
}

// Joining says how the joining stands, without asking anybody.
func (d *Desk) Joining(ctx context.Context) (Joining, error) {
	a, err := d.attempt(ctx)
	return d.joiningOr(ctx, a, err)
}

func (d *Desk) joiningOr(ctx context.Context, a *attempt, err error) (Joining, error) {
	if err != nil {
		return Joining{}, err
	}
	return d.joining(ctx, a)
}

func (d *Desk) joining(ctx context.Context, a *attempt) (Joining, error) {
	standing, err := d.Store.Enrolled(ctx)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return Joining{}, told(err)
	}
	was := err == nil
	if a == nil {
		if !was {
			return Joining{}, nil
		}
		s, err := d.Store.ExchangeStatus(ctx)
		return Joining{State: JoinDone, Centre: standing.CentreName, Addresses: d.CentreAddresses(standing.URLs), Out: s.Revoked || s.Alien}, told(err)
	}
	code, err := join.Parse(a.Code)
	if err != nil {
		return Joining{}, fmt.Errorf("desk: join: %w", err)
	}
	j := Joining{State: JoinState(a.State), Check: code.Token.Check(a.public(), code.Fingerprint), Addresses: code.Addresses, Asked: time.UnixMilli(a.Asked).In(d.Zone), Old: was}
	return j, nil
}

func (d *Desk) attempt(ctx context.Context) (*attempt, error) {
	if !d.Vault.IsOpen() {
		return nil, told(vault.ErrClosed)
	}
	raw, err := d.Store.Secret(ctx, attemptSecret)
	if err != nil || raw == nil {
		return nil, told(err)
	}
	a := new(attempt)
	if err := event.Decode(raw, a); err != nil || len(a.Seed) != ed25519.SeedSize {
		return nil, fmt.Errorf("desk: join: %w", err)
	}
	return a, nil
}

func (d *Desk) keepAttempt(ctx context.Context, a *attempt) error {
	raw, err := event.Encode(a)
	if err != nil {
		return fmt.Errorf("desk: join: %w", err)
	}
	_, err = d.write(ctx, library.ID{}, func(tx *store.Tx) error { return tx.PutSecret(attemptSecret, raw) })
	return err
}
