package desk

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"time"

	"simpul/node/library"
	"simpul/node/store"
	"simpul/node/vault"
	"simpul/sync/event"
	"simpul/sync/join"
)

// When every password and the recovery sheet are lost, the centre can open a node
// that has joined it: this PC writes a request with its centre slot and a key it has
// just drawn, the centre seals the keys of the vault to that key, and with the answer
// one officer gets a new password and the PC a new sheet. Nobody is signed in here:
// whoever sits at this PC can ask. What he gets, the centre decides, after a call.

// ReopenLife is how long a request can be answered. Then the PC forgets the key.
const ReopenLife = 7 * 24 * time.Hour

// reopenLocal keeps a reopeningKept, in clear: nothing that is sealed can be read then.
const reopenLocal = store.ThisPC + "reopen"

type reopeningKept struct {
	Private []byte     `cbor:"1,keyasint,omitempty"` // X25519; with the answer it opens everything
	Request []byte     `cbor:"2,keyasint,omitempty"` // the file
	Check   string     `cbor:"3,keyasint,omitempty"`
	Made    int64      `cbor:"4,keyasint,omitempty"` // ms
	Used    event.Hash `cbor:"5,keyasint"`           // the request that was answered last
}

// Reopening is how it stands with having the centre open this PC again.
type Reopening struct {
	Centre string    // its name
	Check  string    // what the centre asks for on the telephone; empty: there is no request
	Made   time.Time // of the request
	Until  time.Time
}

// ReopenInput is what the answer is used for.
type ReopenInput struct {
	Answer   []byte // the file
	Login    string // of ReopenLogins
	Password string
	Recovery vault.RecoveryCode // of the new sheet
}

// Reopening says whether there is a request. KindNotFound on a PC that has joined no
// centre, whose data only its own people can open.
func (d *Desk) Reopening(ctx context.Context) (Reopening, error) {
	node, kept, err := d.reopening(ctx)
	if err != nil {
		return Reopening{}, err
	}
	r := Reopening{Centre: node.CentreName, Check: kept.Check}
	if kept.Check != "" {
		r.Made = time.UnixMilli(kept.Made).In(d.Zone)
		r.Until = r.Made.Add(ReopenLife)
	}
	return r, nil
}

// AskToReopen writes a request in place of an earlier one, whose answer opens nothing
// from then on. KindUnavailable says how many seconds to wait.
func (d *Desk) AskToReopen(ctx context.Context) error {
	node, kept, err := d.reopening(ctx)
	if err != nil {
		return err
	}
	if wait := d.throttle.Allow("reopen"); wait > 0 {
		return library.E(library.KindUnavailable, "error.signin_wait").With(int(wait.Seconds()) + 1)
	}
	slot, err := d.centreSlot(ctx)
	if err != nil {
		return err
	}
	public, private, err := vault.NewHandoverKey(d.Rand)
	if err != nil {
		return err
	}
	ask := &join.ReopenAsk{Node: node.Node, Name: d.Settings().Name, Centre: join.FingerprintOf(node.Centre), Slot: slot, Key: public[:],
		Made: d.Now().UnixMilli(), Proof: node.SealedKey}
	file, err := join.ReopenRequest(ask)
	if err != nil {
		return fmt.Errorf("desk: reopen: %w", err)
	}
	next := reopeningKept{Private: private[:], Request: file, Check: ask.Check(), Made: ask.Made, Used: kept.Used}
	_, err = d.write(ctx, library.ID{}, func(tx *store.Tx) error { return keepReopening(tx, next) })
	return err
}

// ReopenFile is the request as a file to bring to the centre. KindNotFound when there is none.
func (d *Desk) ReopenFile(ctx context.Context) ([]byte, error) {
	_, kept, err := d.reopening(ctx)
	if err == nil && kept.Check == "" {
		err = library.E(library.KindNotFound, "error.not_found")
	}
	return kept.Request, err
}

// ReopenLogins lists who may get the new password: active officers who may then help
// their colleagues.
func (d *Desk) ReopenLogins(ctx context.Context) ([]string, error) {
	officers, err := d.Store.OfficerLines(ctx)
	if err != nil {
		return nil, told(err)
	}
	var out []string
	for _, o := range officers {
		if o.Active && library.Role(o.Role).May(library.ManageOfficers) {
			out = append(out, o.Login)
		}
	}
	return out, nil
}

// CheckReopenAnswer reports whether the centre's file opens this PC, and opens nothing.
// The file is signed: there is nothing to guess, so nobody has to wait.
func (d *Desk) CheckReopenAnswer(ctx context.Context, content []byte) error {
	a, err := d.readReopenAnswer(ctx, content)
	if err != nil {
		return err
	}
	if err := d.Vault.CheckHanded(plainSlots(a.slots), a.handed, a.private); err != nil {
		return handedProblem(err)
	}
	return nil
}

// OpenAgain opens the vault with the centre's answer, gives one officer a new password
// and the PC a new recovery sheet, changes the data key so that the old sheet opens
// nothing that is written from then on, and forgets the request: all at once, or
// nothing. Until then the answer can be used again.
func (d *Desk) OpenAgain(ctx context.Context, in ReopenInput) error {
	a, err := d.readReopenAnswer(ctx, in.Answer)
	if err != nil {
		return err
	}
	who, err := d.reopenOfficer(ctx, in.Login)
	if err != nil {
		return err
	}
	if problems := CheckPassword(in.Password, in.Login, d.Settings().Name); len(problems) > 0 {
		return library.Invalid(problems...)
	}
	if err := d.Vault.TakeHanded(plainSlots(a.slots), a.handed, a.private); err != nil {
		return handedProblem(err)
	}
	if err := d.reopened(ctx, in, a, who); err != nil {
		if v, _ := d.Board.Vault(); !v.Open { // nobody has signed in meanwhile
			d.Vault.Close()
		}
		return err
	}
	d.throttle.Reset("login/" + in.Login)
	return d.unlocked(ctx)
}

// reopened stores what follows; the vault is open.
func (d *Desk) reopened(ctx context.Context, in ReopenInput, a *reopenAnswer, who event.ID) error {
	o, err := d.Store.OfficerByID(ctx, who)
	if err != nil {
		return told(err)
	}
	if problems := CheckPassword(in.Password, o.Name.Value); len(problems) > 0 {
		return library.Invalid(problems...)
	}
	own, err := d.Vault.AddSlot(ctx, vault.Password(in.Password))
	if err != nil {
		return told(fmt.Errorf("desk: key slot: %w", err))
	}
	sheet, err := d.Vault.AddSlot(ctx, vault.Recovery(in.Recovery))
	if err != nil {
		return told(fmt.Errorf("desk: slot of the sheet: %w", err))
	}
	slots := []store.Slot{{Owner: who, Login: in.Login, Slot: own}, {Owner: store.RecoveryOwner, Slot: sheet}}
	for _, s := range a.slots {
		if s.Owner != who && s.Owner != store.RecoveryOwner {
			slots = append(slots, s)
		}
	}
	change, err := d.Vault.Rotate(plainSlots(slots))
	if err != nil {
		return told(fmt.Errorf("desk: change the data key: %w", err))
	}
	return d.adoptWith(ctx, slots, change, func(tx *store.Tx) error {
		if err := errors.Join(tx.DropSessionsOf(who), keepReopening(tx, reopeningKept{Used: a.request})); err != nil {
			return err
		}
		if err := tx.Notice(store.NoticeReopened, fmt.Sprint(a.at)); err != nil {
			return err
		}
		_, err := d.append(tx, Actor{Officer: library.ID(who)}, event.OfficerSecretChanged, library.ID(who), &event.OfficerSecret{How: "centre"})
		return err
	})
}

// reopenAnswer is an answer of this PC's centre to the request that waits here.
type reopenAnswer struct {
	request event.Hash
	at      int64
	handed  vault.Slot
	private [32]byte
	slots   []store.Slot
}

func (d *Desk) readReopenAnswer(ctx context.Context, content []byte) (*reopenAnswer, error) {
	node, kept, err := d.reopening(ctx)
	if err != nil {
		return nil, err
	}
	answer, centre, err := join.ReadReopenAnswer(content)
	if err != nil {
		return nil, answerProblem("problem.reopen_answer")
	}
	if key := wrongAnswer(answer, centre, node, kept); key != "" {
		return nil, answerProblem(key)
	}
	a := &reopenAnswer{request: answer.Request, at: answer.At, private: [32]byte(kept.Private)}
	if err := a.handed.UnmarshalBinary(answer.Slot); err != nil {
		return nil, answerProblem("problem.reopen_answer")
	}
	a.slots, err = d.Store.Slots(ctx)
	return a, told(err)
}

// wrongAnswer says why a file that is an answer is not the one that is waited for; "" when it is.
func wrongAnswer(answer *join.ReopenAnswer, centre ed25519.PublicKey, node store.ClosedNode, kept reopeningKept) string {
	switch {
	case !centre.Equal(node.Centre):
		return "problem.reopen_other_centre"
	case answer.Node != node.Node:
		return "problem.reopen_other_pc"
	case answer.Request == kept.Used:
		return "problem.reopen_used"
	case kept.Check == "":
		return "problem.reopen_none"
	}
	ask, err := join.ReadReopenRequest(kept.Request)
	switch {
	case err != nil || len(kept.Private) != 32:
		return "problem.reopen_none"
	case answer.Request != ask.Hash():
		return "problem.reopen_other_request"
	}
	return ""
}

func answerProblem(key string) error {
	return library.Invalid(library.Problem{Field: "file", Key: key})
}

// handedProblem: the answer is signed and of this request, and still does not open.
func handedProblem(err error) error {
	switch {
	case errors.Is(err, vault.ErrEpoch):
		return answerProblem("problem.reopen_keys")
	case errors.Is(err, vault.ErrForeign), errors.Is(err, vault.ErrWrongSecret), errors.Is(err, vault.ErrDamaged), errors.Is(err, vault.ErrNoSlot):
		return answerProblem("problem.reopen_answer")
	}
	return told(fmt.Errorf("desk: reopen: %w", err))
}

func (d *Desk) reopenOfficer(ctx context.Context, login string) (event.ID, error) {
	officers, err := d.Store.OfficerLines(ctx)
	if err != nil {
		return event.ID{}, told(err)
	}
	for _, o := range officers {
		if o.Login == login && o.Active && library.Role(o.Role).May(library.ManageOfficers) {
			return o.ID, nil
		}
	}
	return event.ID{}, library.Invalid(library.Problem{Field: "login", Key: "problem.login_unknown"})
}

// reopening reads what waits here; a request that is too old is none.
func (d *Desk) reopening(ctx context.Context) (store.ClosedNode, reopeningKept, error) {
	node, err := d.Store.ClosedNode(ctx)
	if err != nil {
		return node, reopeningKept{}, told(err)
	}
	kept, err := d.keptReopening(ctx)
	if d.tooOld(kept) {
		kept = reopeningKept{Used: kept.Used}
	}
	return node, kept, err
}

func (d *Desk) keptReopening(ctx context.Context) (kept reopeningKept, _ error) {
	raw, err := d.Store.Local(ctx, reopenLocal)
	if err != nil || raw == nil {
		return kept, told(err)
	}
	if err := event.Decode(raw, &kept); err != nil {
		return kept, fmt.Errorf("desk: reopen: %w", err)
	}
	return kept, nil
}

// tooOld goes by the PC's clock, which may have been set either way since.
func (d *Desk) tooOld(kept reopeningKept) bool {
	return d.Now().Sub(time.UnixMilli(kept.Made)).Abs() > ReopenLife
}

// forgetReopening removes the key of a request that is too old.
func (d *Desk) forgetReopening(ctx context.Context) error {
	kept, err := d.keptReopening(ctx)
	if err != nil || kept.Check == "" || !d.tooOld(kept) {
		return err
	}
	_, err = d.write(ctx, library.ID{}, func(tx *store.Tx) error { return keepReopening(tx, reopeningKept{Used: kept.Used}) })
	return err
}

func keepReopening(tx *store.Tx, kept reopeningKept) error {
	raw, err := event.Encode(kept)
	if err != nil {
		return fmt.Errorf("desk: reopen: %w", err)
	}
	return tx.PutLocal(reopenLocal, raw)
}

// centreSlot is the slot that the centre's recovery key opens.
func (d *Desk) centreSlot(ctx context.Context) ([]byte, error) {
	slots, err := d.Store.Slots(ctx)
	if err != nil {
		return nil, told(err)
	}
	for _, s := range slots {
		if s.Slot.Kind == vault.CentreSlot {
			return s.Slot.MarshalBinary()
		}
	}
	return nil, library.E(library.KindNotFound, "error.not_found")
}

func plainSlots(slots []store.Slot) []vault.Slot {
	out := make([]vault.Slot, len(slots))
	for i, s := range slots {
		out[i] = s.Slot
	}
	return out
}
