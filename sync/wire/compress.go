package wire

import (
	"bytes"
	_ "embed"
	"fmt"
	"sync"

	"github.com/klauspost/compress/zstd"

	"simpul/sync/wire/dense"
)

// Sizes, in bytes.
const (
	// MaxPayload bounds a message before it is compressed.
	MaxPayload = 16 << 20
	// MaxBody bounds the body of a request or an answer, signature included.
	MaxBody = 8 << 20

	window   = 1 << 20 // of the compression: a reader needs so much memory at least
	ownFrame = 512     // a piece of this size or more is compressed by itself
	little   = 4 << 10 // up to here the best level is quick enough
)

// dictionary is what messages have in common; its number, in the frames, is
// [DictionaryID]. Made by TestDictionary.
//
//go:embed dictionary.zstd
var dictionary []byte

// DictionaryID is the number of the dictionary in the header of each frame. A
// new dictionary has a new number, and the old one is kept for reading.
const DictionaryID = 0x8001

// coders are the compressors, made at the first use and then shared: they are
// safe to be used at once from many places.
type coders struct {
	learned, plain *zstd.Encoder // with the dictionary and without: a long column gains nothing by it
	decoder, small *zstd.Decoder // small is for those whom nobody knows yet
}

var shared = sync.OnceValues(newCoders)

func newCoders() (*coders, error) {
	// A better level needs ten times the memory and gains nothing on so short texts.
	encoder := func(more ...zstd.EOption) (*zstd.Encoder, error) {
		return zstd.NewWriter(nil, append(more, zstd.WithEncoderLevel(zstd.SpeedBetterCompression), zstd.WithEncoderCRC(false),
			zstd.WithWindowSize(window), zstd.WithEncoderConcurrency(1), zstd.WithLowerEncoderMem(true))...)
	}
	var c coders
	var err error
	if c.learned, err = encoder(zstd.WithEncoderDict(dictionary)); err != nil {
		return nil, fmt.Errorf("wire: %w", err)
	}
	if c.plain, err = encoder(); err != nil {
		return nil, fmt.Errorf("wire: %w", err)
	}
	decoder := func(most uint64) (*zstd.Decoder, error) {
		return zstd.NewReader(nil, zstd.WithDecoderMaxMemory(most), zstd.WithDecoderMaxWindow(window), zstd.WithDecoderConcurrency(1),
			zstd.WithDecoderLowmem(true), zstd.WithDecoderDicts(dictionary))
	}
	if c.decoder, err = decoder(MaxPayload); err != nil {
		return nil, fmt.Errorf("wire: %w", err)
	}
	if c.small, err = decoder(maxJoin); err != nil {
		return nil, fmt.Errorf("wire: %w", err)
	}
	return &c, nil
}

// compress writes the pieces as zstd frames one after the other, which any zstd
// reader takes for one text. Large pieces have frames of their own, since each
// is of another kind and an entropy table for all would suit none.
func compress(w *dense.Writer) ([]byte, error) {
	c, err := shared()
	if err != nil {
		return nil, err
	}
	pieces, total := w.Pieces(), 0
	for _, p := range pieces {
		total += len(p)
	}
	if total > MaxPayload {
		return nil, fmt.Errorf("%w: %d bytes", ErrTooLarge, total)
	}
	if total <= little {
		return c.learned.EncodeAll(bytes.Join(pieces, nil), nil), nil
	}
	var out, run []byte
	for _, p := range append(pieces, nil) {
		if len(p) > 0 && len(p) < ownFrame {
			run = append(run, p...)
			continue
		}
		if len(run) > 0 {
			out = c.learned.EncodeAll(run, out)
			run = run[:0]
		}
		if len(p) > 0 {
			out = c.plain.EncodeAll(p, out)
		}
	}
	return out, nil
}

// decompress undoes compress; it makes no more than limit bytes.
func decompress(frame []byte, limit int) ([]byte, error) {
	c, err := shared()
	if err != nil {
		return nil, err
	}
	decoder := c.decoder
	if limit <= maxJoin {
		decoder = c.small
	}
	raw, err := decoder.DecodeAll(frame, nil)
	if err == nil && len(raw) > limit {
		err = ErrTooLarge
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMessage, err)
	}
	return raw, nil
}
