package node

import (
	"context"
	"time"

	"simpul/node/library"
	"simpul/ui"
)

// frame is what every page shows of the node itself.
func (n *Node) frame(context.Context) ui.Frame {
	s := n.Desk.Settings()
	clock, _ := n.Board.Clock()
	disk, _ := n.Board.Disk()
	sync, _ := n.Board.Sync()
	facts := ui.Facts{ClockWrong: clock.Suspect, DiskFull: disk.Full, DiskLow: disk.Low, Unsent: sync.Waiting, Joined: sync.State != ""}
	if sync.LastSuccess > 0 {
		facts.LastSent = time.UnixMilli(sync.LastSuccess)
	}
	facts.Backup = n.Desk.LastBackup()
	return ui.Frame{Place: s.Name, Centre: s.Role == library.NodeCentre, Demo: s.Demo, Facts: facts}
}
