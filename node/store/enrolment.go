package store

import (
	"context"
	"encoding/hex"
	"fmt"

	"simpul/sync/event"
	"simpul/sync/join"
	"simpul/sync/wire"
)

// JoinCode is a code that the centre has given out. Times are ms of the centre's
// clock, 0 for not yet.
type JoinCode struct {
	Name    wire.Short // of the token
	Branch  event.ID
	Label   string // name of the branch
	Role    string
	Made    int64
	Officer event.ID
	Until   int64
	Used    int64
	Revoked int64
}

// Join is a PC that asked to become a node, by its key.
type Join struct {
	Ask     wire.JoinAsk
	Code    wire.Short // zero for a node that comes back to a rebuilt centre
	Branch  event.ID
	Asked   int64
	Check   string
	State   wire.JoinState
	Decided int64
	Officer event.ID // who decided
	Node    event.ID // the id it was given
	NNN     uint16
}

const (
	codeColumns = "name, branch, label, role, made, officer, until, used, revoked"
	joinColumns = "code, branch, asked, ask, check_code, state, decided, officer, node, nnn"
)

func tokenSecret(name wire.Short) string { return "token/" + hex.EncodeToString(name[:]) }

// PutJoinCode keeps a new code with its token.
func (tx *Tx) PutJoinCode(c JoinCode, token join.Token) error {
	if err := tx.PutSecret(tokenSecret(c.Name), token[:]); err != nil {
		return err
	}
	return tx.exec("INSERT INTO join_codes ("+codeColumns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
		c.Name[:], c.Branch[:], c.Label, c.Role, c.Made, c.Officer[:], c.Until, c.Used, c.Revoked)
}

// JoinCode loads a code and its token; ErrNotFound when there is none of that name.
func (tx *Tx) JoinCode(name wire.Short) (JoinCode, join.Token, error) {
	var token join.Token
	c, err := scanCode(tx.row("SELECT "+codeColumns+" FROM join_codes WHERE name = ?", name[:]))
	if err != nil {
		return c, token, notFound(err)
	}
	raw, err := tx.Secret(tokenSecret(name))
	if err == nil && len(raw) != len(token) {
		err = ErrNotFound
	}
	copy(token[:], raw)
	return c, token, err
}

// JoinCode loads a code and its token; ErrNotFound when there is none of that name.
func (s *Store) JoinCode(ctx context.Context, name wire.Short) (JoinCode, join.Token, error) {
	var token join.Token
	c, err := scanCode(s.queryRow(ctx, "SELECT "+codeColumns+" FROM join_codes WHERE name = ?", name[:]))
	if err != nil {
		return c, token, notFound(err)
	}
	raw, err := s.Secret(ctx, tokenSecret(name))
	copy(token[:], raw)
	return c, token, err
}

// UseJoinCode marks a code as used. It reports false when it had been used or
// revoked before, or its time is over: of any number of askers one gets true.
func (tx *Tx) UseJoinCode(name wire.Short, at int64) (bool, error) {
	c, err := scanCode(tx.row("SELECT "+codeColumns+" FROM join_codes WHERE name = ?", name[:]))
	if err != nil {
		return false, notFound(err)
	}
	if c.Used != 0 || c.Revoked != 0 || at >= c.Until {
		return false, nil
	}
	return true, tx.exec("UPDATE join_codes SET used = ? WHERE name = ?", at, name[:])
}

// RevokeJoinCode takes a code back that nobody has used.
func (tx *Tx) RevokeJoinCode(name wire.Short, at int64) error {
	if err := tx.DropSecret(tokenSecret(name)); err != nil {
		return err
	}
	return tx.exec("UPDATE join_codes SET revoked = ? WHERE name = ? AND used = 0 AND revoked = 0", at, name[:])
}

// JoinCodes lists the codes made last.
func (s *Store) JoinCodes(ctx context.Context, limit int) ([]JoinCode, error) {
	rows, err := s.query(ctx, "SELECT "+codeColumns+" FROM join_codes ORDER BY made DESC LIMIT ?", limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []JoinCode
	for rows.Next() {
		c, err := scanCode(rows)
		if err != nil {
			return nil, kind(err)
		}
		out = append(out, c)
	}
	return out, kind(rows.Err())
}

type scanner interface{ Scan(...any) error }

func scanCode(from scanner) (c JoinCode, err error) {
	var name, branch, officer []byte
	err = from.Scan(&name, &branch, &c.Label, &c.Role, &c.Made, &officer, &c.Until, &c.Used, &c.Revoked)
	copy(c.Name[:], name)
	c.Branch, c.Officer = toID(branch), toID(officer)
	return c, err
}

// PutJoin keeps what a PC asked and what became of it. A PC has one row: when it
// asks again with another code, that takes the place of what was before.
func (tx *Tx) PutJoin(j Join) error {
	ask, err := event.Encode(j.Ask)
	if err != nil {
		return fmt.Errorf("store: join: %w", err)
	}
	var code any
	if j.Code != (wire.Short{}) {
		code = j.Code[:]
	}
	return tx.exec("INSERT INTO joins (key, "+joinColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (key) DO UPDATE SET code = excluded.code, branch = excluded.branch, asked = excluded.asked, ask = excluded.ask,
			check_code = excluded.check_code, state = excluded.state, decided = excluded.decided, officer = excluded.officer,
			node = excluded.node, nnn = excluded.nnn`,
		j.Ask.Key, code, j.Branch[:], j.Asked, ask, j.Check, j.State, j.Decided, j.Officer[:], idOrNull(j.Node), j.NNN)
}

// Join loads what the PC with this key asked; ErrNotFound when it never did.
func (tx *Tx) Join(key []byte) (Join, error) {
	j, err := scanJoin(tx.row("SELECT "+joinColumns+" FROM joins WHERE key = ?", key))
	return j, notFound(err)
}

// Join loads what the PC with this key asked; ErrNotFound when it never did.
func (s *Store) Join(ctx context.Context, key []byte) (Join, error) {
	j, err := scanJoin(s.queryRow(ctx, "SELECT "+joinColumns+" FROM joins WHERE key = ?", key))
	return j, notFound(err)
}

// Joins lists the PCs in a state, those that asked first before the others.
func (s *Store) Joins(ctx context.Context, state wire.JoinState, limit int) ([]Join, error) {
	rows, err := s.query(ctx, "SELECT "+joinColumns+" FROM joins WHERE state = ? ORDER BY asked LIMIT ?", state, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Join
	for rows.Next() {
		j, err := scanJoin(rows)
		if err != nil {
			return nil, kind(err)
		}
		out = append(out, j)
	}
	return out, kind(rows.Err())
}

// CountJoins counts the PCs in a state.
func (s *Store) CountJoins(ctx context.Context, state wire.JoinState) (n int, err error) {
	err = s.queryRow(ctx, "SELECT COUNT(*) FROM joins WHERE state = ?", state).Scan(&n)
	return n, kind(err)
}

// HeadCount counts the people who were issued a card.
func (s *Store) HeadCount(ctx context.Context) (n int64, err error) {
	err = s.queryRow(ctx, "SELECT COUNT(*) FROM people WHERE member = 1").Scan(&n)
	return n, kind(err)
}

func scanJoin(from scanner) (j Join, err error) {
	var code, branch, ask, officer, node []byte
	if err := from.Scan(&code, &branch, &j.Asked, &ask, &j.Check, &j.State, &j.Decided, &officer, &node, &j.NNN); err != nil {
		return j, err
	}
	copy(j.Code[:], code)
	j.Branch, j.Officer, j.Node = toID(branch), toID(officer), toID(node)
	return j, event.Decode(ask, &j.Ask)
}
