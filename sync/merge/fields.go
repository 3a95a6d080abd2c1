package merge

import (
	"simpul/sync/event"
)

// Level says how well a value is known; a better-known value is not replaced by
// a less-known one however late it comes. Within a level the later stamp wins.
type Level uint8

// Typed is what somebody wrote in the form. Seen was corrected by an officer
// beside the identity document (SOP step 4), or later with a reason.
const (
	Typed Level = 1
	Seen  Level = 2
)

// Write is the surviving part of one event that set fields. Storing values by
// the event that wrote them keeps one stamp for many fields.
type Write struct {
	_      struct{} `cbor:",toarray"`
	At     Stamp
	Level  Level
	Fields event.Fields
}

// Writes are ordered by stamp; each field stands in one of them at most.
type Writes []Write

func (w Write) beats(v Write) bool {
	if w.Level != v.Level {
		return w.Level > v.Level
	}
	return w.At.Compare(v.At) > 0
}

// set merges the fields of one event. fields is not kept.
func (ws *Writes) set(fields event.Fields, level Level, at Stamp) {
	if len(fields) == 0 {
		return
	}
	own := Write{At: at, Level: level, Fields: make(event.Fields, len(fields))}
	for f, v := range fields {
		own.Fields[f] = v
	}
	kept := (*ws)[:0:0]
	for _, old := range *ws {
		if old.At == at && old.Level == level {
			return // the same event again
		}
		rest := make(event.Fields, len(old.Fields))
		for f, v := range old.Fields {
			if _, both := own.Fields[f]; !both {
				rest[f] = v
				continue
			}
			if own.beats(old) {
				continue
			}
			delete(own.Fields, f)
			rest[f] = v
		}
		if len(rest) > 0 {
			old.Fields = rest
			kept = append(kept, old)
		}
	}
	if len(own.Fields) > 0 {
		kept = insert(kept, own, func(w Write) Stamp { return w.At })
	}
	*ws = kept
}

// Get returns the value of a field, "" when nobody wrote it.
func (ws Writes) Get(f event.Field) string {
	for _, w := range ws {
		if v, ok := w.Fields[f]; ok {
			return v
		}
	}
	return ""
}

// Level returns how well a field is known, 0 when nobody wrote it.
func (ws Writes) Level(f event.Field) Level {
	for _, w := range ws {
		if _, ok := w.Fields[f]; ok {
			return w.Level
		}
	}
	return 0
}

// All returns every field that has a value.
func (ws Writes) All() event.Fields {
	out := event.Fields{}
	for _, w := range ws {
		for f, v := range w.Fields {
			if v != "" {
				out[f] = v
			}
		}
	}
	return out
}
