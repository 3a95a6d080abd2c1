package library_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"simpul/node/library"
)

func TestErrorTellsTheLogNoPersonalData(t *testing.T) {
	e := library.Invalid(library.Problem{Field: library.FieldName, Key: library.KeyTooLong, Args: []any{"Siti Aminah"}}).
		With("3510054101050003").Because(errors.New("disk is full"))
	line := e.Error()
	for _, secret := range []string{"Siti", "3510054101050003"} {
		if strings.Contains(line, secret) {
			t.Errorf("%q holds %q", line, secret)
		}
	}
	for _, want := range []string{"invalid", library.KeyInvalidForm, library.FieldName, library.KeyTooLong, "disk is full"} {
		if !strings.Contains(line, want) {
			t.Errorf("%q lacks %q", line, want)
		}
	}
}

func TestKindOf(t *testing.T) {
	missing := library.E(library.KindNotFound, "error.member_missing")
	for _, c := range []struct {
		err  error
		want library.Kind
	}{
		{nil, 0},
		{errors.New("other"), library.KindInternal},
		{missing, library.KindNotFound},
		{fmt.Errorf("find: %w", missing), library.KindNotFound},
		{&library.Error{}, library.KindInternal},
		{fmt.Errorf("wait: %w", context.DeadlineExceeded), library.KindUnavailable},
	} {
		if got := library.KindOf(c.err); got != c.want {
			t.Errorf("KindOf(%v) = %v, want %v", c.err, got, c.want)
		}
	}
}

func TestErrorCopiesAndCompares(t *testing.T) {
	base := library.E(library.KindConflict, "error.changed")
	cause := errors.New("cause")
	derived := base.With(1).Hinted("hint.reload").Because(cause)
	if base.Hint != "" || base.Args != nil || base.Err != nil {
		t.Errorf("the first error changed: %+v", base)
	}
	if !errors.Is(derived, base) || !errors.Is(derived, cause) {
		t.Error("derived error is not its base or does not wrap its cause")
	}
	if errors.Is(derived, library.E(library.KindConflict, "error.other")) {
		t.Error("errors of different keys are equal")
	}
}

func TestKeysAreUniqueAndNamed(t *testing.T) {
	seen := map[string]bool{}
	for _, key := range library.Keys() {
		if seen[key] || !strings.HasPrefix(key, "error.") && !strings.HasPrefix(key, "problem.") {
			t.Errorf("key %q", key)
		}
		seen[key] = true
	}
}
