package node

import (
	"context"
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
