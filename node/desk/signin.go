package desk

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"simpul/node/board"
	"simpul/node/directory"
	"simpul/node/library"
	"simpul/node/store"
	"simpul/node/vault"
	"simpul/sync/event"
	"simpul/sync/merge"
)

const (
	sessionLife = 12 * time.Hour // absolute
	tokenBytes  = 32
)

// presence remembers when each session was last used, on the monotonic clock,
// so that setting the PC's clock neither locks nor keeps a screen open.
type presence struct {
	mu   sync.Mutex
	seen map[[32]byte]time.Duration
	born map[[32]byte]time.Duration // sessions that began since this start of the program
}

func (p *presence) begin(hash [32]byte, now time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seen[hash], p.born[hash] = now, now
}

// age is how old a session is; known only when it began since this start.
func (p *presence) age(hash [32]byte, now time.Duration) (time.Duration, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	born, ok := p.born[hash]
	return now - born, ok
}

func (p *presence) touch(hash [32]byte, now time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seen[hash] = now
}

func (p *presence) idle(hash [32]byte, now time.Duration) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	last, ok := p.seen[hash]
	if !ok {
		p.seen[hash] = now
		return 0
	}
	return now - last
}

func (p *presence) forget(hash [32]byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.seen, hash)
	delete(p.born, hash)
}

// Logins lists who may sign in here. Only the short login lies in clear; names
// are known once the vault is open.
func (d *Desk) Logins(ctx context.Context) ([]string, error) {
	slots, err := d.Store.Slots(ctx)
	if err != nil {
		return nil, told(err)
	}
	var out []string
	for _, s := range slots {
		if s.Slot.Kind == vault.OfficerSlot {
			out = append(out, s.Login)
		}
	}
	return out, nil
}

// SignIn checks a password, opens the vault with it if it was closed, and
// returns the token of a new session. Wrong passwords are slowed down for that
// login, never refused for good: KindUnavailable says how many seconds to wait.
func (d *Desk) SignIn(ctx context.Context, login, password string) (token string, err error) {
	slot, err := d.checkPassword(ctx, login, password)
	if err != nil {
		return "", err
	}
	if err := d.unlocked(ctx); err != nil {
		return "", err
	}
	o, err := d.Store.OfficerByID(ctx, slot.Owner)
	if err != nil {
		return "", told(err)
	}
	if !o.Active.Value {
		return "", library.E(library.KindUnauthenticated, "error.signin")
	}
	return d.newSession(ctx, slot.Owner)
}

// checkPassword opens the login's key slot with the password.
func (d *Desk) checkPassword(ctx context.Context, login, password string) (store.Slot, error) {
	if wait := d.throttle.Allow("login/" + login); wait > 0 {
		return store.Slot{}, library.E(library.KindUnavailable, "error.signin_wait").With(int((wait + time.Second - 1) / time.Second))
	}
	slots, err := d.Store.Slots(ctx)
	if err != nil {
		return store.Slot{}, told(err)
	}
	wrong := library.E(library.KindUnauthenticated, "error.signin").Hinted("error.signin.hint")
	for _, s := range slots {
		if s.Login != login || s.Slot.Kind != vault.OfficerSlot {
			continue
		}
		_, err := d.Vault.Open(ctx, []vault.Slot{s.Slot}, vault.Password(password))
		if errors.Is(err, vault.ErrWrongSecret) {
			return store.Slot{}, wrong
		}
		if err != nil {
			return store.Slot{}, fmt.Errorf("desk: open the vault: %w", err)
		}
		d.throttle.Reset("login/" + login)
		return s, nil
	}
	return store.Slot{}, wrong
}

// SignInAs opens a session for an officer without a password: for tests of the
// node and for `bench`, which hold the data directory and its vault anyway.
func (d *Desk) SignInAs(ctx context.Context, officer library.ID) (string, error) {
	return d.newSession(ctx, event.ID(officer))
}

func (d *Desk) newSession(ctx context.Context, officer event.ID) (string, error) {
	raw := make([]byte, tokenBytes)
	if _, err := io.ReadFull(d.Rand, raw); err != nil {
		return "", fmt.Errorf("desk: randomness: %w", err)
	}
	token := base64.RawURLEncoding.EncodeToString(raw)
	now := d.Now().UnixMilli()
	s := store.Session{Hash: sha256.Sum256([]byte(token)), Officer: officer, Created: now, Seen: now}
	_, err := d.write(ctx, library.ID{}, func(tx *store.Tx) error { return tx.PutSession(s) })
	d.presence.begin(s.Hash, d.Mono())
	return token, err
}

// Session is who sits before a browser.
type Session struct {
	Officer library.ID
	Name    string
	Login   string
	Role    library.Role
	Locked  bool
}

// Session looks a token up. active says that a person did something; a screen
// that refreshes itself is no activity, so it does not keep itself unlocked.
// An unknown or expired token is KindUnauthenticated.
func (d *Desk) Session(token string, active bool) (Session, error) {
	hash := sha256.Sum256([]byte(token))
	s, found, _ := d.Board.Session(hash)
	gone := library.E(library.KindUnauthenticated, "error.unauthenticated")
	if !found || !d.Vault.IsOpen() {
		return Session{}, gone
	}
	mono := d.Mono()
	age, known := d.presence.age(hash, mono)
	if !known { // from before a restart: only the PC's clock can tell
		age = d.Now().Sub(time.UnixMilli(s.Created))
	}
	if age > sessionLife {
		return Session{}, gone
	}
	locked := s.Locked || d.presence.idle(hash, mono) > time.Duration(d.Settings().LockMinutes)*time.Minute
	if active && !locked {
		d.presence.touch(hash, mono)
	}
	return Session{Officer: s.Officer, Name: s.Name, Login: s.Login, Role: library.Role(s.Role), Locked: locked}, nil
}

// Lock closes the officer's screen, not the vault: kiosk, queue and exchange go on.
func (d *Desk) Lock(ctx context.Context, token string) error {
	return d.changeSession(ctx, token, func(s *store.Session) { s.Locked = true })
}

// Unlock opens a locked screen of the same officer.
func (d *Desk) Unlock(ctx context.Context, token, password string) error {
	s, found, _ := d.Board.Session(sha256.Sum256([]byte(token)))
	if !found {
		return library.E(library.KindUnauthenticated, "error.unauthenticated")
	}
	if _, err := d.checkPassword(ctx, s.Login, password); err != nil {
		return err
	}
	d.presence.touch(s.Hash, d.Mono())
	return d.changeSession(ctx, token, func(s *store.Session) { s.Locked = false })
}

// SignOut ends the officer's shift: the session, and the phone that was paired as a
// camera.
func (d *Desk) SignOut(ctx context.Context, token string) error {
	return d.endSession(ctx, token, func(tx *store.Tx, officer event.ID) error { return tx.EndCamerasOf(officer, d.Now().UnixMilli()) })
}

// StepAside ends the session for a colleague who takes this desk over. The officer
// may go on with the phone.
func (d *Desk) StepAside(ctx context.Context, token string) error {
	return d.endSession(ctx, token, func(*store.Tx, event.ID) error { return nil })
}

func (d *Desk) endSession(ctx context.Context, token string, also func(*store.Tx, event.ID) error) error {
	hash := sha256.Sum256([]byte(token))
	d.presence.forget(hash)
	s, known, _ := d.Board.Session(hash)
	_, err := d.write(ctx, library.ID{}, func(tx *store.Tx) error {
		if known {
			if err := also(tx, s.Officer); err != nil {
				return err
			}
		}
		return tx.DropSession(hash)
	})
	return err
}

// CloseVault locks everything: all sessions end, and until somebody signs in
// only the sign-in page, health and the kiosk answer.
func (d *Desk) CloseVault(ctx context.Context, who Actor) error {
	if err := who.may(library.RecordVisit); err != nil {
		return err
	}
	officers, err := d.Store.Officers(ctx)
	if err != nil {
		return told(err)
	}
	_, err = d.write(ctx, library.ID{}, func(tx *store.Tx) error {
		for _, o := range officers {
			if err := errors.Join(tx.DropSessionsOf(o.ID), tx.EndCamerasOf(o.ID, d.Now().UnixMilli())); err != nil {
				return err
			}
		}
		return nil
	})
	d.Vault.Close()
	d.Directory.Clear()
	return errors.Join(err, d.rebuildBoard(ctx))
}

func (d *Desk) changeSession(ctx context.Context, token string, change func(*store.Session)) error {
	b, found, _ := d.Board.Session(sha256.Sum256([]byte(token)))
	if !found {
		return library.E(library.KindUnauthenticated, "error.unauthenticated")
	}
	s := store.Session{Hash: b.Hash, Officer: b.Officer, CSRF: b.CSRF, Created: b.Created, Seen: d.Now().UnixMilli(),
		Locked: b.Locked, Lang: b.Lang, Theme: b.Theme}
	change(&s)
	_, err := d.write(ctx, library.ID{}, func(tx *store.Tx) error { return tx.PutSession(s) })
	return err
}

func (d *Desk) loadSessions(ctx context.Context) error {
	return d.rebuildBoard(ctx)
}

func (d *Desk) boardSession(s store.Session) board.Session {
	b := board.Session{Hash: s.Hash, Officer: s.Officer, CSRF: s.CSRF, Created: s.Created, Seen: s.Seen, Locked: s.Locked, Lang: s.Lang, Theme: s.Theme}
	if o, err := d.Store.OfficerByID(context.Background(), s.Officer); err == nil {
		b.Name, b.Login, b.Role = o.Name.Value, o.Login.Value, o.Role.Value
	}
	return b
}

// unlocked is what follows the opening of the vault: the queue comes back, the
// directory fills behind, and then the visits that were sealed meanwhile become
// events: some of them need the directory to find out who came.
func (d *Desk) unlocked(ctx context.Context) error {
	d.unlock.Lock()
	defer d.unlock.Unlock()
	if v, _ := d.Board.Vault(); v.Open {
		return nil
	}
	if err := d.refreshSlots(ctx); err != nil {
		return err
	}
	if err := d.rebuildBoard(ctx); err != nil {
		return told(err)
	}
	d.filling.Go(d.fillDirectory)
	return nil
}

// Settle waits until everything that follows the opening of the vault is done.
func (d *Desk) Settle() { d.filling.Wait() }

// refreshSlots gives a slot that was added while the keys were changed the keys
// it missed.
func (d *Desk) refreshSlots(ctx context.Context) error {
	slots, err := d.Store.Slots(ctx)
	if err != nil {
		return told(err)
	}
	plain := make([]vault.Slot, len(slots))
	owners := map[vault.SlotID]store.Slot{}
	for i, s := range slots {
		plain[i] = s.Slot
		owners[s.Slot.ID] = s
	}
	behind, err := d.Vault.Refresh(plain)
	if err != nil || len(behind) == 0 {
		return told(err)
	}
	_, err = d.write(ctx, library.ID{}, func(tx *store.Tx) error {
		for _, s := range behind {
			owner := owners[s.ID]
			owner.Slot = s
			if err := tx.PutSlot(owner); err != nil {
				return err
			}
		}
		return nil
	})
	return err
}

// OpenWithKeyFile opens the vault at a start without a person.
func (d *Desk) OpenWithKeyFile(ctx context.Context, content []byte) error {
	key, err := vault.ParseKeyFile(content)
	if err != nil {
		return fmt.Errorf("desk: key file: %w", err)
	}
	slots, err := d.Store.Slots(ctx)
	if err != nil {
		return told(err)
	}
	var mine []vault.Slot
	for _, s := range slots {
		if s.Slot.Kind == vault.KeyFileSlot {
			mine = append(mine, s.Slot)
		}
	}
	if _, err := d.Vault.Open(ctx, mine, key); err != nil {
		return fmt.Errorf("desk: key file: %w", err)
	}
	return d.unlocked(ctx)
}

// fillDirectory reads every name into memory. Searches answer from what is
// there until it is done.
func (d *Desk) fillDirectory() {
	ctx := context.Background()
	err := d.Directory.Fill(ctx, func(yield func(directory.Entry) error) error {
		return d.Store.Listings(ctx, func(l store.Listing) error { return yield(entryOf(l)) })
	}, nil)
	if err != nil && d.Vault.IsOpen() {
		d.Log.Error("fill the directory", "err", err)
	}
	if err := d.openBoxes(ctx); err != nil && d.Vault.IsOpen() {
		d.Log.Error("open the sealed visits", "err", err)
	}
}

// officerName is how an officer is shown in a history, "" when unknown.
func officerName(o *merge.Officer) string {
	if o == nil {
		return ""
	}
	return o.Name.Value
}
