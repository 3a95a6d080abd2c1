package photo

import (
	"errors"
	"os"
	"syscall"
	"testing"

	"simpul/node/library"
)

func TestFullDiskSaysSo(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	err = fill(full, []byte("made-up picture"))
	if !errors.Is(err, ErrFull) || !errors.Is(err, syscall.ENOSPC) || library.KindOf(err) != library.KindUnavailable {
		t.Errorf("%v", err)
	}
}
