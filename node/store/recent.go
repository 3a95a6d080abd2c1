package store

import (
	"sync"

	"simpul/sync/event"
)

// recent remembers what was written to lately, at most max of it.
type recent[T any] struct {
	mu   sync.Mutex
	m    map[event.ID]T
	ring []event.ID // in the order of arrival
	next int
}

func newRecent[T any](most int) *recent[T] {
	return &recent[T]{m: make(map[event.ID]T), ring: make([]event.ID, most)}
}

func (r *recent[T]) get(id event.ID) (T, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	v, ok := r.m[id]
	return v, ok
}

func (r *recent[T]) put(id event.ID, v T) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, ok := r.m[id]; !ok {
		delete(r.m, r.ring[r.next])
		r.ring[r.next] = id
		r.next = (r.next + 1) % len(r.ring)
	}
	r.m[id] = v
}

func (r *recent[T]) drop(id event.ID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.m, id)
}

func (r *recent[T]) clear() {
	r.mu.Lock()
	defer r.mu.Unlock()
	clear(r.m)
}
