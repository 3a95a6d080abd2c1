package desk

import (
	"context"
	"sync"
	"time"

	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/event"
)

// viewWindow is how long looking again is the same look.
const viewWindow = 10 * time.Minute

// views remembers who looked at whom lately, on the monotonic clock.
type views struct {
	mu   sync.Mutex
	last map[[2]event.ID]time.Duration
}

// logView records a look at a full record (UU 27/2022 art. 31).
func (d *Desk) logView(ctx context.Context, who Actor, id event.ID, reason string) error {
	key := [2]event.ID{event.ID(who.Officer), id}
	now := d.Mono()
	d.views.mu.Lock()
	if d.views.last == nil || len(d.views.last) > 10_000 {
		d.views.last = map[[2]event.ID]time.Duration{}
	}
	last, ok := d.views.last[key]
	d.views.mu.Unlock()
	if ok && now-last < viewWindow && reason == "" {
		return nil
	}
	_, err := d.write(ctx, library.ID{}, func(tx *store.Tx) error {
		_, err := d.append(tx, who, event.RecordViewed, library.ID(id), &event.Reason{Key: "view", Note: library.CleanLine(reason)})
		return err
	})
	if err == nil {
		d.views.mu.Lock()
		d.views.last[key] = now
		d.views.mu.Unlock()
	}
	return err
}
