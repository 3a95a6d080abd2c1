package board

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// ErrStopped is returned by Send when the follower takes no more commits.
var ErrStopped = errors.New("the follower has stopped")

// Commit is what one transaction group of the store changed. Its changes are
// values of the store's types, never changed after they were sent.
type Commit struct {
	Position uint64 // rises from commit to commit, starts at 1
	Changes  []any
}

// Follower hands every commit to its appliers, one commit after the other, in the
// order given. The board comes last: who waits for a position on the board then
// knows that the others have it too.
type Follower struct {
	appliers []func(Commit) error
	repair   func(failed Commit, cause error) error
	commits  chan Commit

	closing sync.Once
	closed  chan struct{} // no more commits are taken
	done    chan struct{} // Run has returned
}

// NewFollower makes a follower that lets size commits wait. When an applier fails,
// repair makes the derived state anew from SQLite, at that commit or later, and
// following goes on; appliers leave out positions they already have. When repair
// fails too, Run ends with that error.
func NewFollower(size int, repair func(failed Commit, cause error) error, appliers ...func(Commit) error) *Follower {
	return &Follower{
		appliers: appliers, repair: repair, commits: make(chan Commit, size),
		closed: make(chan struct{}), done: make(chan struct{}),
	}
}

// Send passes a commit on and waits for room while too many are waiting, so that a
// slow follower slows the writer instead of filling memory. One goroutine sends, in
// commit order. It returns ErrStopped, or the context's error; the commit is safe
// in SQLite either way.
func (f *Follower) Send(ctx context.Context, commit Commit) error {
	select {
	case <-f.closed:
		return ErrStopped
	default:
	}
	select {
	case f.commits <- commit:
		return nil
	case <-f.closed:
		return ErrStopped
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Run follows until Close, applies what is still waiting then, and returns. It is
// called once, by the goroutine of an owner that waits for it.
func (f *Follower) Run() error {
	defer close(f.done)
	defer f.Close()
	for {
		select {
		case commit := <-f.commits:
			if err := f.apply(commit); err != nil {
				return err
			}
			continue
		case <-f.closed:
		}
		for {
			select {
			case commit := <-f.commits:
				if err := f.apply(commit); err != nil {
					return err
				}
			default:
				return nil
			}
		}
	}
}

// Close stops taking commits. Call it when the writer has stopped. It may be called again.
func (f *Follower) Close() { f.closing.Do(func() { close(f.closed) }) }

// Done is closed when Run has returned.
func (f *Follower) Done() <-chan struct{} { return f.done }

func (f *Follower) apply(commit Commit) error {
	for _, apply := range f.appliers {
		cause := apply(commit)
		if cause == nil {
			continue
		}
		if err := f.repair(commit, cause); err != nil {
			return fmt.Errorf("follow commit %d: %w", commit.Position, errors.Join(cause, err))
		}
		return nil
	}
	return nil
}
