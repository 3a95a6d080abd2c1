package node

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/urfave/cli/v3"

	"simpul/node/desk"
)

// syncCommand exchanges now, or says how the exchange stands. Where a node of that
// directory runs, it carries the command out.
func (e *env) syncCommand() *cli.Command {
	return &cli.Command{Name: "sync", Usage: "exchange with the centre", Commands: []*cli.Command{
		{Name: "now", Usage: "exchange now, until nothing is left", Flags: vaultFlags(), Action: e.syncNow,
			Description: "Exit code 8 when the centre was not reached or did not answer; nothing is lost by it."},
		{Name: "status", Usage: "say how the exchange stands", Flags: vaultFlags(), Action: e.syncStatus,
			Description: "Exit code 0 when the last exchange came through, 8 when it did not, 7 when somebody has to do something."},
	}}
}

// syncFacts is what both print.
type syncFacts struct {
	State     string    `json:"state"` // fine, waiting, stick, paused, revoked, copied, unknown; "" when this PC is no node
	Centre    string    `json:"centre,omitempty"`
	Waiting   int       `json:"waiting"`
	Photos    int       `json:"photos_waiting"`
	Oldest    time.Time `json:"oldest,omitzero"`
	Succeeded time.Time `json:"succeeded,omitzero"`
	Next      time.Time `json:"next,omitzero"`
	Failure   string    `json:"failure,omitempty"`
	Notices   int       `json:"notices"`
	Safe      bool      `json:"safe_to_replace"`
}

func (e *env) syncNow(ctx context.Context, cmd *cli.Command) error {
	return e.withVault(ctx, cmd, func(n *Node, who desk.Actor) error {
		if err := n.Desk.SendNow(ctx, who); err != nil {
			n.Log.Debug("exchange", "err", err) // the status says it
		}
		return e.tellSync(ctx, cmd, n, who)
	})
}

func (e *env) syncStatus(ctx context.Context, cmd *cli.Command) error {
	return e.withVault(ctx, cmd, func(n *Node, who desk.Actor) error { return e.tellSync(ctx, cmd, n, who) })
}

func (e *env) tellSync(ctx context.Context, cmd *cli.Command, n *Node, who desk.Actor) error {
	s, err := n.Desk.Exchange(ctx, who)
	if err != nil {
		return err
	}
	left, err := n.Desk.Leftovers(ctx, who)
	if err != nil {
		return err
	}
	facts := syncFacts{State: string(s.State), Centre: s.Centre, Waiting: s.Waiting, Photos: s.Photos, Oldest: s.Oldest, Succeeded: s.Succeeded,
		Next: s.Next, Failure: s.Failure, Notices: s.Unseen, Safe: left.Safe()}
	if err := e.tell(cmd, facts, facts.write); err != nil {
		return err
	}
	switch s.State {
	case desk.ExchangeFine:
		return nil
	case desk.ExchangeByStick:
		if s.Waiting == 0 {
			return nil
		}
		return errNotThrough
	case desk.ExchangeWaiting, desk.ExchangePaused:
		return errNotThrough
	}
	return errAttention
}

func (f syncFacts) write(w io.Writer) {
	if f.State == "" {
		fmt.Fprintln(w, "this PC has not joined a centre; ask there for a code, then: simpul join CODE")
		return
	}
	fmt.Fprintf(w, "%s: %s; %d records and %d photos have not arrived there\n", f.Centre, f.State, f.Waiting, f.Photos)
	if !f.Succeeded.IsZero() {
		fmt.Fprintf(w, "last exchange %s\n", f.Succeeded.Format("2006-01-02 15:04:05"))
	}
	if f.Failure != "" {
		fmt.Fprintf(w, "the last try failed: %s; the next is at %s\n", f.Failure, f.Next.Format("15:04:05"))
	}
	if f.Notices > 0 {
		fmt.Fprintf(w, "%d notices wait on the page of the data\n", f.Notices)
	}
	if f.Safe {
		fmt.Fprintln(w, "everything is in a copy of the centre: this PC can be replaced")
	}
}
