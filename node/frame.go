package node

import (
	"context"
	"sync"
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
	f.Facts = ui.Facts{ClockWrong: clock.Suspect, DiskFull: disk.Full, DiskLow: disk.Low, Backup: n.Desk.LastBackup(), CertificateEnds: n.certificateEnding()}
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
	known, err := n.atCentre.get(n.Board.Position(), func() (atCentre, error) { return n.countAtCentre(ctx) })
	if err != nil {
		n.Log.Warn("how the centre stands is not known", "err", err)
	}
	f.Waiting, f.Facts.Nodes = known.waiting, known.nodes
	for _, contact := range known.told {
		if n.Now().Sub(contact) < heardLately {
			f.Facts.Complete++
		}
	}
}

// atCentre is what the frame of a centre's pages shows.
type atCentre struct {
	waiting int
	nodes   int         // that are not revoked
	told    []time.Time // when those of them were heard that had sent everything
}

func (n *Node) countAtCentre(ctx context.Context) (c atCentre, err error) {
	waiting, err := n.Office.Waiting(ctx, desk.System)
	if err != nil {
		return c, err
	}
	c.waiting = waiting.All()
	list, err := n.Office.Nodes(ctx, desk.System)
	for _, pc := range list {
		if pc.Revoked() {
			continue
		}
		c.nodes++
		if pc.Waiting == 0 && pc.Photos == 0 {
			c.told = append(c.told, pc.Contact)
		}
	}
	return c, err
}

// atCommit keeps what was counted since the last commit: with hundreds of PCs the
// frame takes longer than the page in it.
type atCommit[T any] struct {
	mu       sync.Mutex
	position uint64
	known    bool
	value    T
}

// get returns the value as of a position of the board, counting it once. The position
// must have been read before: what is counted then may be newer, and never older.
func (c *atCommit[T]) get(position uint64, count func() (T, error)) (T, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.known && c.position == position {
		return c.value, nil
	}
	value, err := count()
	if err == nil && (!c.known || position > c.position) {
		c.value, c.position, c.known = value, position, true
	}
	return value, err
}
