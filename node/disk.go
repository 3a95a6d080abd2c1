package node

import (
	"context"
	"errors"
	"fmt"

	"simpul/node/board"
)

// Below lowRoom a banner asks to make room; below noRoom photos are likely to be
// refused. In bytes.
const (
	lowRoom = 500 << 20
	noRoom  = 20 << 20
)

// checkDisk measures the room where the data lies.
func (n *Node) checkDisk(context.Context) error {
	free, err := freeBytes(n.Dir)
	if err != nil {
		return fmt.Errorf("node: free space: %w", err)
	}
	return n.Board.Write(func(w *board.Writer) error {
		return w.SetDisk(board.Disk{Low: free < lowRoom, Full: free < noRoom, Free: free, Since: n.Now().UnixMilli()})
	})
}

// diskFull follows what a write has found: the measure may say otherwise, as
// where a user may take only so much of a disk.
func (n *Node) diskFull(full bool) {
	err := n.checkDisk(context.Background())
	if full {
		err = errors.Join(err, n.Board.Write(func(w *board.Writer) error {
			d, _ := n.Board.Disk()
			d.Low, d.Full = true, true
			return w.SetDisk(d)
		}))
	}
	if err != nil {
		n.Log.Error("say that the disk is full", "err", err)
	}
}
