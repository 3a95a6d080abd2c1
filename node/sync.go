package node

import (
	"context"
	"crypto/rand"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"simpul/node/board"
	"simpul/node/desk"
	"simpul/sync/agent"
	"simpul/sync/wire"
)

const (
	// settleDown is how long the exchange waits after something was saved: a
	// registration is several events, and they go together.
	settleDown = 3 * time.Second
	// mostAhead bounds how far ahead the next exchange can be planned: what stands
	// further off was planned before the clock was set back.
	mostAhead = 40 * time.Minute
)

// exchange is the node's side of the exchange as this process runs it: one agent
// at a time, made anew when the enrolment changes.
type exchange struct {
	mu     sync.Mutex // one run at a time
	agent  *agent.Agent
	of     string // which enrolment the agent is for
	wake   chan struct{}
	moved  atomic.Int64 // bytes sent and received
	commit chan struct{}
}

// kickSync has the exchange look whether it is due. It is the job that runs every
// minute: the minutes of 100 nodes that were switched on together are spread by
// the jitter of what is planned next.
func (n *Node) kickSync(context.Context) error {
	signal(n.exchange.wake)
	return nil
}

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// exchangeLoop exchanges when it is due, and soon after something was saved while
// the centre can be reached, until ctx ends.
func (n *Node) exchangeLoop(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-n.exchange.wake:
			n.exchangeIfDue(ctx)
		case <-n.exchange.commit:
			select {
			case <-ctx.Done():
				return
			case <-time.After(settleDown):
			}
			n.exchangeIfFresh(ctx)
		}
	}
}

func (n *Node) exchangeIfDue(ctx context.Context) {
	if !n.Desk.Open() || n.Office.Centre() {
		n.showSync(ctx)
		return
	}
	if j, err := n.Desk.Joining(ctx); err != nil || j.State == desk.JoinWaiting || j.State == desk.JoinAsked {
		if _, err := n.Desk.AskJoin(ctx, desk.System); err != nil {
			n.Log.Debug("ask to join", "err", err)
		}
	}
	s, err := n.Store.ExchangeStatus(ctx)
	if err != nil || !s.Joined || s.Revoked {
		n.showSync(ctx)
		return
	}
	if wait := s.Next.Sub(n.Now()); wait > 0 && wait < mostAhead {
		n.showSync(ctx)
		return
	}
	n.runSync(ctx)
}

// exchangeIfFresh sends what was saved just now, when the last exchange came through.
func (n *Node) exchangeIfFresh(ctx context.Context) {
	if !n.Desk.Open() || n.Office.Centre() {
		return
	}
	s, err := n.Store.ExchangeStatus(ctx)
	if err == nil && s.Joined && s.Events > 0 && s.Failure == "" && !s.Succeeded.IsZero() && !s.Revoked {
		n.runSync(ctx)
		return
	}
	n.showSync(ctx)
}

func (n *Node) runSync(ctx context.Context) {
	if err := n.syncNow(ctx); err != nil && ctx.Err() == nil {
		n.Log.Warn("exchange with the centre", "failure", agent.FailureOf(err), "err", err)
	}
}

// syncNow exchanges until nothing is left, and says so on the board. The error is
// that of the exchange; what it means is in the status that it left.
func (n *Node) syncNow(ctx context.Context) error {
	n.exchange.mu.Lock()
	defer n.exchange.mu.Unlock()
	a, err := n.agentNow(ctx)
	if err != nil {
		return err
	}
	n.showWork(agent.Progress{})
	_, err = a.Run(ctx)
	n.hideWork()
	var no *wire.Refusal
	if errors.As(err, &no) && no.Reason == wire.RefusedUnknown {
		if back := n.Desk.ComeBack(ctx); back != nil {
			n.Log.Info("the centre does not know this node", "err", back)
		}
	}
	if err == nil { // the centre may have decided what the register no longer keeps
		if _, aged := n.Desk.AgeRegister(ctx); aged != nil && ctx.Err() == nil {
			n.Log.Error("take the names from old lines", "err", aged)
		}
	}
	n.showSync(ctx)
	return err
}

// agentNow is the agent for the enrolment as it stands. The caller holds the lock.
func (n *Node) agentNow(ctx context.Context) (*agent.Agent, error) {
	e, err := n.Store.Enrolled(ctx)
	if err != nil {
		return nil, err
	}
	if n.exchange.agent != nil && n.exchange.of == e.Node.String() {
		return n.exchange.agent, nil
	}
	centre, err := n.newReach(ctx, e)
	if err != nil {
		return nil, err
	}
	n.exchange.of = e.Node.String()
	n.exchange.agent = agent.New(agent.Options{Log: n.Store, Centre: centre, Photos: n.Desk.PhotoLane(), Now: n.Now, Mono: n.mono,
		Rand: rand.Reader, Logger: n.Log, DayBudget: n.dayBudget, Traffic: n.exchange.moved.Load, Room: centre.line.Room, Facts: n.centreFacts, Progress: n.showWork})
	return n.exchange.agent, nil
}

// dayBudget is how many bytes a day may take, 0 for any number.
func (n *Node) dayBudget() int64 { return int64(n.Desk.Settings().DayMegabytes) * 1_000_000 }

// centreFacts is what the centre's list shows of this PC.
func (n *Node) centreFacts() (program string, free uint64) {
	bytes, err := freeBytes(n.Dir)
	if err != nil {
		bytes = 0
	}
	return Version, uint64(max(bytes, 0))
}

// showWork shows how far an exchange has come.
func (n *Node) showWork(p agent.Progress) {
	work := board.Work{ID: desk.WorkSync, Label: string(p.Doing), Done: p.Events + p.Rows + p.Photos + p.Fetched,
		Note: desk.MovedNote(p.Bytes, p.Elapsed)}
	work.Total = work.Done + p.EventsLeft + p.RowsLeft + p.PhotosLeft + p.FetchLeft
	if err := n.Board.Write(func(w *board.Writer) error { return w.SetWork(work) }); err != nil {
		n.Log.Error("show the exchange", "err", err)
	}
}

func (n *Node) hideWork() {
	if err := n.Board.Write(func(w *board.Writer) error { return w.RemoveWork(desk.WorkSync) }); err != nil {
		n.Log.Error("show the exchange", "err", err)
	}
}

// showSync puts what the badge says on the board.
func (n *Node) showSync(ctx context.Context) {
	e, err := n.Desk.Exchange(ctx, desk.System)
	if err != nil {
		if ctx.Err() == nil {
			n.Log.Error("show the exchange", "err", err)
		}
		return
	}
	ms := func(t time.Time) int64 {
		if t.IsZero() {
			return 0
		}
		return t.UnixMilli()
	}
	s := board.Sync{Waiting: e.Waiting, Oldest: ms(e.Oldest), LastSuccess: ms(e.Succeeded), NextTry: ms(e.Next), State: string(e.State), Note: e.Failure}
	if was, _ := n.Board.Sync(); was == s {
		return
	}
	if err := n.Board.Write(func(w *board.Writer) error { return w.SetSync(s) }); err != nil {
		n.Log.Error("show the exchange", "err", err)
	}
}
