package hub

import (
	"context"
	"sync"

	"simpul/sync/event"
)

// turns lets one exchange of a node run at a time: a second request of it may be
// the first one again, whose answer was lost.
type turns struct {
	mu sync.Mutex
	m  map[event.ID]*turn
}

type turn struct {
	busy chan struct{} // holds one while somebody has the turn
	want int
}

// take waits for a node's turn.
func (t *turns) take(ctx context.Context, node event.ID) (done func(), err error) {
	t.mu.Lock()
	if t.m == nil {
		t.m = map[event.ID]*turn{}
	}
	mine := t.m[node]
	if mine == nil {
		mine = &turn{busy: make(chan struct{}, 1)}
		t.m[node] = mine
	}
	mine.want++
	t.mu.Unlock()
	leave := func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		if mine.want--; mine.want == 0 {
			delete(t.m, node)
		}
	}
	select {
	case mine.busy <- struct{}{}:
		return func() { <-mine.busy; leave() }, nil
	case <-ctx.Done():
		leave()
		return nil, ctx.Err()
	}
}
