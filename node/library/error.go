package library

import (
	"context"
	"errors"
	"strings"
)

// Kind says what the person or program that asked can do about an error. It decides the HTTP status and the exit code.
type Kind uint8

const (
	// KindInvalid: what was sent has to be changed (422).
	KindInvalid Kind = iota + 1
	// KindConflict: somebody else changed it first, or it exists already (409).
	KindConflict
	// KindNotFound: there is no such thing here (404).
	KindNotFound
	// KindForbidden: this officer may not (403).
	KindForbidden
	// KindUnavailable: not now; the same request may work later (503).
	KindUnavailable
	// KindInternal: our fault (500).
	KindInternal
	// KindUnauthenticated: sign in first (401).
	KindUnauthenticated
)

func (k Kind) String() string {
	switch k {
	case KindInvalid:
		return "invalid"
	case KindConflict:
		return "conflict"
	case KindNotFound:
		return "not found"
	case KindForbidden:
		return "forbidden"
	case KindUnavailable:
		return "unavailable"
	case KindUnauthenticated:
		return "unauthenticated"
	}
	return "internal"
}

// Error is an error a person can be told about. Key and Hint name sentences in ui/text ("error.disk_full"); Args fill
// the sentence of Key and may hold personal data, so they never reach Error().
type Error struct {
	Kind     Kind
	Key      string
	Args     []any
	Hint     string
	Problems []Problem
	Err      error
}

// Problem is one thing wrong with one field. A Warning may be confirmed by an officer with a reason; the rest may not.
type Problem struct {
	Field, Key string
	Args       []any
	Warning    bool
}

// E makes an error of a kind with a message key.
func E(kind Kind, key string) *Error { return &Error{Kind: kind, Key: key} }

// Invalid makes the error of a form that has to be corrected.
func Invalid(problems ...Problem) *Error {
	return &Error{Kind: KindInvalid, Key: KeyInvalidForm, Problems: problems}
}

// With returns a copy of e whose sentence is filled with args.
func (e *Error) With(args ...any) *Error {
	c := *e
	c.Args = args
	return &c
}

// Hinted returns a copy of e with the message key of what to do next.
func (e *Error) Hinted(hint string) *Error {
	c := *e
	c.Hint = hint
	return &c
}

// Because returns a copy of e that wraps its cause. The cause is written to the log: it must hold no personal data.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.Err = cause
	return &c
}

// Error returns a line for the log, in English: kind, key, fields and cause, never Args.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Kind.String())
	b.WriteString(": ")
	b.WriteString(e.Key)
	for i, p := range e.Problems {
		if i == 0 {
			b.WriteString(" (")
		} else {
			b.WriteString(", ")
		}
		b.WriteString(p.Field + " " + p.Key)
	}
	if len(e.Problems) > 0 {
		b.WriteString(")")
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is reports whether target is an *Error of the same kind and key, so that errors.Is(err, E(KindNotFound, "…")) works.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Kind == e.Kind && t.Key == e.Key
}

// KindOf returns the kind of the first *Error in err's chain; KindUnavailable for a cancelled or expired context;
// KindInternal for any other error; 0 for nil.
func KindOf(err error) Kind {
	var e *Error
	switch {
	case err == nil:
		return 0
	case errors.As(err, &e):
		if e.Kind == 0 {
			return KindInternal
		}
		return e.Kind
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return KindUnavailable
	}
	return KindInternal
}

// OnlyWarnings reports whether every problem may be confirmed by an officer. It is true of no problems at all.
func OnlyWarnings(problems []Problem) bool {
	for _, p := range problems {
		if !p.Warning {
			return false
		}
	}
	return true
}

// ProblemsOf returns the problems of the first *Error in err's chain.
func ProblemsOf(err error) []Problem {
	var e *Error
	if errors.As(err, &e) {
		return e.Problems
	}
	return nil
}
