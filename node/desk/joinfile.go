package desk

import (
	"bufio"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"

	"simpul/node/library"
	"simpul/sync/bundle"
	"simpul/sync/join"
	"simpul/sync/wire"
)

// mostCode bounds a file that is read as a code.
const mostCode = 4 << 10

// JoinFile is the request as a file to carry to the centre.
func (d *Desk) JoinFile(ctx context.Context, who Actor) ([]byte, error) {
	if err := d.mayJoin(who); err != nil {
		return nil, err
	}
	a, err := d.attempt(ctx)
	if err != nil {
		return nil, err
	}
	if a == nil {
		return nil, library.E(library.KindNotFound, "error.join_none")
	}
	code, err := join.Parse(a.Code)
	if err != nil {
		return nil, fmt.Errorf("desk: join: %w", err)
	}
	ask, err := d.joinAsk(ctx, a, code)
	if err != nil {
		return nil, err
	}
	return join.Request(a.key(), ask)
}

// TakeJoinFile takes what the centre wrote onto a stick, whatever it is: the code,
// the answer to this PC's request, an answer with everything behind it that the PC
// may know, or that alone. A file that is not whole is refused whole. After a power
// cut, or when the file was taken before, the same file goes on where it stands.
// open opens a part, fs.ErrNotExist when there is none; it is read several times.
func (d *Desk) TakeJoinFile(ctx context.Context, who Actor, open func(part int) (io.ReadCloser, error)) (Joining, Bundle, error) {
	if err := d.mayJoin(who); err != nil {
		return Joining{}, Bundle{}, err
	}
	f, err := readJoinFile(open)
	if err != nil {
		return Joining{}, Bundle{}, joinProblem(err)
	}
	a, err := d.attempt(ctx)
	if err != nil {
		return Joining{}, Bundle{}, err
	}
	now, err := d.joining(ctx, a)
	if err != nil {
		return Joining{}, Bundle{}, err
	}
	waits := now.State == JoinAsked || now.State == JoinWaiting
	switch {
	case f.answer != nil && waits:
		return d.takeAnswer(ctx, who, a, f)
	case f.bundle && (now.State == JoinDone || now.Old):
		got, err := d.ImportBundle(ctx, who, open)
		return now, got, err
	case f.bundle && waits:
		return now, Bundle{}, library.Invalid(library.Problem{Field: "file", Key: "problem.join_first"})
	case f.answer != nil && now.State == JoinDone:
		return now, Bundle{}, nil // taken before
	case f.answer != nil || f.bundle || waits:
		return now, Bundle{}, library.Invalid(library.Problem{Field: "file", Key: "problem.join_file"})
	}
	now, err = d.StartJoin(ctx, who, f.code, "")
	return now, Bundle{}, err
}

// joinFile is a file of the centre: a code, an answer, a bundle, or both of these.
type joinFile struct {
	code   string
	answer []byte
	bundle bool
	open   func(part int) (io.ReadCloser, error) // of the bundle alone
}

func readJoinFile(open func(part int) (io.ReadCloser, error)) (joinFile, error) {
	f := joinFile{open: behindAnswer(open)}
	first, err := open(1)
	if err != nil {
		return f, fmt.Errorf("desk: join: %w", err)
	}
	defer first.Close()
	r := bufio.NewReader(first)
	if f.answer, err = join.Split(r); err != nil {
		return f, err
	}
	if _, err := r.Peek(1); err != nil {
		return f, nil // nothing more
	}
	_, err = bundle.Peek(f.open)
	if f.bundle = !errors.Is(err, bundle.ErrNotBundle) && !errors.Is(err, bundle.ErrCut); f.bundle || f.answer != nil {
		return f, err
	}
	code, err := io.ReadAll(io.LimitReader(r, mostCode))
	f.code = string(code)
	return f, err
}

// behindAnswer opens the parts of a bundle; in the first an answer may stand before it.
func behindAnswer(open func(part int) (io.ReadCloser, error)) func(part int) (io.ReadCloser, error) {
	return func(part int) (io.ReadCloser, error) {
		file, err := open(part)
		if err != nil || part != 1 {
			return file, err
		}
		r := bufio.NewReader(file)
		if _, err := join.Split(r); err != nil {
			return nil, errors.Join(err, file.Close())
		}
		return struct {
			io.Reader
			io.Closer
		}{r, file}, nil
	}
}

// takeAnswer settles the joining. What stands behind the answer is checked to its end
// before this PC becomes a node, so that it begins with all of it, or not yet.
func (d *Desk) takeAnswer(ctx context.Context, who Actor, a *attempt, f joinFile) (Joining, Bundle, error) {
	code, err := join.Parse(a.Code)
	if err != nil {
		return Joining{}, Bundle{}, fmt.Errorf("desk: join: %w", err)
	}
	answer, centre, err := join.ReadAnswer(f.answer, code, a.public(), a.Seal)
	if err != nil {
		return Joining{}, Bundle{}, joinProblem(err)
	}
	var b *bundle.Bundle
	if f.bundle {
		defer d.HideCarrying()
		if b, err = d.verify(ctx, answer.Node, a.Seal, centre, f.open); err != nil {
			return Joining{}, Bundle{}, BundleProblem(err)
		}
	}
	j, err := d.settleJoin(ctx, who, a, code, answer, centre, "")
	if err != nil || b == nil || answer.State != wire.JoinApproved {
		return j, Bundle{}, err
	}
	got, err := d.takeIn(ctx, b)
	return j, got, err
}

// verify checks a bundle of the centre to its end.
func (d *Desk) verify(ctx context.Context, me [16]byte, identity string, centre ed25519.PublicKey, open func(part int) (io.ReadCloser, error)) (*bundle.Bundle, error) {
	moved, size := d.CarryingIn()
	b, err := bundle.Verify(ctx, bundle.ReadOptions{Me: me, Identity: identity, Now: d.Now(), Open: open,
		Sender: func(h bundle.Header) (ed25519.PublicKey, error) {
			if !h.From.IsZero() {
				return nil, bundle.ErrSender
			}
			return centre, nil
		},
		Moved: moved})
	if err == nil {
		size(b.Bytes)
	}
	return b, err
}

func joinProblem(err error) error {
	key := ""
	switch {
	case errors.Is(err, join.ErrFirst):
		key = "problem.join_file_first"
	case errors.Is(err, join.ErrFile):
		key = "problem.join_file"
	default:
		return BundleProblem(err)
	}
	return library.Invalid(library.Problem{Field: "file", Key: key})
}
