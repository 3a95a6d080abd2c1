package desk

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"simpul/node/photo"
	"simpul/node/store"
)

func TestScreensHearOfAFullDiskAtOnce(t *testing.T) {
	var said []bool
	d := New(Options{DiskFull: func(full bool) { said = append(said, full) }})
	for _, err := range []error{nil, store.ErrFull, fmt.Errorf("photo: %w", photo.ErrFull), errors.New("of another kind"), nil, nil} {
		d.sayRoom(err)
	}
	if !slices.Equal(said, []bool{true, false}) {
		t.Errorf("said %v", said)
	}
}
