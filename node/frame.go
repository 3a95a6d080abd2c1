package node

import (
	"context"
	"time"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui"
)

// heardLately is how long a centre believes what a PC has last said.
const heardLately = 24 * time.Hour

// frame is what every page shows of the node itself. What cannot be measured just
// now is left out: a page stands without it.
func (n *Node) frame(ctx context.Context) ui.Frame {
	s := n.Desk.Settings()
	clock, _ := n.Board.Clock()
	disk, _ := n.Board.Disk()
	f := ui.Frame{Place: s.Name, Centre: s.Role == library.NodeCentre, Demo: s.Demo}
	f.Facts = ui.Facts{ClockWrong: clock.Suspect, DiskFull: disk.Full, DiskLow: disk.Low, Backup: n.Desk.LastBackup()}
	var err error
	if f.Facts.Exchange, err = n.Desk.Exchange(ctx, desk.System); err != nil {
		n.Log.Warn("how the exchange stands is not known", "err", err)
	}
	if f.Facts.Exchange.Unseen > 0 {
		if list, err := n.Desk.Notices(ctx, desk.System, f.Facts.Exchange.Unseen); err == nil {
			for _, notice := range list {
				f.Facts.Notices = append(f.Facts.Notices, notice.Kind)
			}
		}
	}
	if f.Centre && n.Desk.Open() {
		n.frameOfCentre(ctx, &f)
	}
	return f
}

// frameOfCentre adds what waits for a decision, and how many PCs have sent everything.
func (n *Node) frameOfCentre(ctx context.Context, f *ui.Frame) {
	waiting, err := n.Office.Waiting(ctx, desk.System)
	if err != nil {
		n.Log.Warn("what waits for a decision is not known", "err", err)
	}
	f.Waiting = waiting.All()
	list, err := n.Office.Nodes(ctx, desk.System)
	if err != nil {
		n.Log.Warn("the nodes are not known", "err", err)
	}
	for _, pc := range list {
		if pc.Revoked() {
			continue
		}
		f.Facts.Nodes++
		if pc.Waiting == 0 && pc.Photos == 0 && n.Now().Sub(pc.Contact) < heardLately {
			f.Facts.Complete++
		}
	}
}
