package desk

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"simpul/node/library"
	"simpul/node/store"
	"simpul/node/vault"
	"simpul/sync/event"
)

// SetupInput is what the first-run wizard and `simpul setup` ask for.
type SetupInput struct {
	Language string
	Role     library.NodeRole
	Name     string // of the library: "Perpustakaan Genteng"
	Code     int    // NNN, 1 to 999
	Login    string
	FullName string
	Password string
	LAN      bool
	Demo     bool
	Recovery vault.RecoveryCode // printed on the recovery sheet
	Officer  library.Role       // of the first officer; coordinator when empty
	Kit      []byte             // recovery kit of a centre that is to be made anew; its words are Recovery
}

// NewRecovery draws the words of a recovery sheet. They are kept nowhere: what
// is printed is all there is.
func (d *Desk) NewRecovery() (vault.RecoveryCode, error) { return vault.NewRecoveryCode(d.Rand) }

// CheckSetup finds what is wrong with the input, field by field.
func (d *Desk) CheckSetup(in SetupInput) []library.Problem {
	var out []library.Problem
	add := func(field, key string, args ...any) {
		out = append(out, library.Problem{Field: field, Key: key, Args: args})
	}
	if !in.Role.Valid() {
		add("role", library.KeyChoose)
	}
	if strings.TrimSpace(in.Name) == "" {
		add("name", library.KeyMissing)
	} else if len([]rune(in.Name)) > 80 {
		add("name", library.KeyTooLong, 80)
	}
	if in.Code < 1 || in.Code > 999 {
		add("code", "problem.node_code")
	}
	out = append(out, checkLogin(in.Login)...)
	if strings.TrimSpace(in.FullName) == "" {
		add("full_name", library.KeyMissing)
	}
	return append(out, CheckPassword(in.Password, in.Login, in.Name, in.FullName)...)
}

func checkLogin(login string) []library.Problem {
	if login == "" {
		return []library.Problem{{Field: "login", Key: library.KeyMissing}}
	}
	if len(login) > 32 {
		return []library.Problem{{Field: "login", Key: library.KeyTooLong, Args: []any{32}}}
	}
	for _, r := range login {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '.' && r != '-' && r != '_' {
			return []library.Problem{{Field: "login", Key: "problem.login_letters"}}
		}
	}
	return nil
}

// CheckPassword finds why a password is not good enough; context are words it
// must not contain.
func CheckPassword(password string, context ...string) []library.Problem {
	var out []library.Problem
	for _, r := range vault.CheckPassword(password, append(context, "perpustakaan", "simpul")...) {
		out = append(out, library.Problem{Field: "password", Key: "problem." + string(r)})
	}
	return out
}

// SetUp makes the node: keys, recovery slot, first stream, configuration and the
// first officer, in one transaction. KindConflict when it was set up before.
func (d *Desk) SetUp(ctx context.Context, op library.ID, in SetupInput) (Done, error) {
	in.Name, in.FullName = library.CleanLine(in.Name), library.CleanLine(in.FullName)
	if in.Officer == "" {
		in.Officer = library.RoleCoordinator
	}
	if problems := d.CheckSetup(in); len(problems) > 0 {
		return Done{}, library.Invalid(problems...)
	}
	if d.Ready() {
		return Done{}, library.E(library.KindConflict, "error.already_set_up")
	}
	recovery, err := d.Vault.Create(ctx, in.Recovery)
	if errors.Is(err, vault.ErrExists) {
		return Done{}, library.E(library.KindConflict, "error.already_set_up")
	}
	if err != nil {
		return Done{}, fmt.Errorf("desk: make the vault: %w", err)
	}
	own, err := d.Vault.AddSlot(ctx, vault.Password(in.Password))
	if err != nil {
		d.Vault.Close()
		return Done{}, fmt.Errorf("desk: key slot: %w", err)
	}
	box, err := d.Vault.BoxKey()
	if err != nil {
		d.Vault.Close()
		return Done{}, fmt.Errorf("desk: box key: %w", err)
	}
	done, err := d.write(ctx, op, func(tx *store.Tx) error { return d.found(tx, in, own, recovery, box) })
	if err != nil {
		d.Vault.Close()
		return done, err
	}
	return done, d.unlocked(ctx)
}

// found writes the first events of a node's life.
func (d *Desk) found(tx *store.Tx, in SetupInput, own, recovery vault.Slot, box []byte) error {
	node, err := tx.NewSubject()
	if err != nil {
		return err
	}
	if err := tx.OpenStream(node, "setup"); err != nil {
		return err
	}
	officer, err := tx.NewSubject()
	if err != nil {
		return err
	}
	drafts := []store.Draft{
		{Type: event.NodeConfigured, Subject: node, Officer: officer, Body: &event.NodeConfig{Role: string(in.Role), Name: in.Name, Code: uint16(in.Code)}},
		{Type: event.OfficerAdded, Subject: officer, Officer: officer, Body: &event.OfficerFacts{Login: in.Login, Name: in.FullName, Role: string(in.Officer)}},
	}
	for key, value := range map[string]string{"language": quoted(in.Language), "lan": boolean(in.LAN), "demo": boolean(in.Demo)} {
		drafts = append(drafts, store.Draft{Type: event.SettingChanged, Subject: node, Officer: officer, Body: &event.Setting{Key: key, Value: value}})
	}
	for _, draft := range drafts {
		if _, err := tx.Append(draft); err != nil {
			return err
		}
	}
	if err := tx.PutSlot(store.Slot{Owner: officer, Login: in.Login, Slot: own}); err != nil {
		return err
	}
	if err := tx.PutSlot(store.Slot{Owner: store.RecoveryOwner, Slot: recovery}); err != nil {
		return err
	}
	if err := tx.PutLocal("box_key", box); err != nil {
		return err
	}
	if err := d.makeIssuer(tx); err != nil {
		return err
	}
	tx.Result(officer[:])
	if d.Found != nil {
		return d.Found(tx, in, officer)
	}
	return nil
}

func quoted(s string) string {
	if s == "" {
		s = "id"
	}
	return fmt.Sprintf("%q", s)
}

func boolean(b bool) string { return fmt.Sprintf("%t", b) }
