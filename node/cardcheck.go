package node

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/urfave/cli/v3"

	"simpul/node/desk"
	"simpul/node/library"
)

// errUndecided says that this PC cannot say whether a card is genuine.
var errUndecided = errors.New("this PC cannot say whether the card is genuine")

func (e *env) cardCommand() *cli.Command {
	return &cli.Command{Name: "card", Usage: "check members' cards", Commands: []*cli.Command{{
		Name: "check", Usage: "say whether a card is genuine and in force", ArgsUsage: "TEXT",
		Description: "TEXT is what the QR says, or a member number; quote it, for it may hold spaces. It needs no password and no network.\n" +
			"Exit codes: 0 genuine and in force, 7 expired, blocked or forged, 9 cannot be decided here: unknown issuer, a bare number,\nunreadable, or no card.",
		Action: e.cardCheck,
	}}}
}

// cardFacts is what card check prints. No name: a terminal keeps what it showed.
type cardFacts struct {
	Outcome string `json:"outcome"`
	Why     string `json:"why,omitempty"`
	Proven  bool   `json:"proven"` // the signature holds
	Number  string `json:"number,omitempty"`
	Issuer  string `json:"issuer,omitempty"`
	Until   string `json:"until,omitempty"`
	ListAge int    `json:"list_age_days"` // -1 before the first exchange
	Stale   bool   `json:"list_stale"`
}

func (f cardFacts) write(w io.Writer) {
	fmt.Fprintln(w, f.Outcome)
	for _, line := range [][2]string{{"why", f.Why}, {"number", f.Number}, {"until", f.Until}, {"issuer", f.Issuer}} {
		if line[1] != "" {
			fmt.Fprintf(w, "%s %s\n", line[0], line[1])
		}
	}
	switch {
	case f.ListAge < 0:
		fmt.Fprintln(w, "nothing exchanged yet: only cards of this PC can be proven")
	case f.Stale:
		fmt.Fprintf(w, "the last exchange is %d days old: exchange data with the centre\n", f.ListAge)
	}
}

func (e *env) cardCheck(ctx context.Context, cmd *cli.Command) (err error) {
	if cmd.Args().Len() != 1 {
		return usageError{errors.New("say one TEXT, in quotes")}
	}
	n, err := e.openNode(ctx, e.config(cmd))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, n.Close()) }()
	c, err := n.Desk.CheckCard(ctx, desk.System, cmd.Args().First())
	if err != nil {
		return err
	}
	facts := cardFacts{Outcome: string(c.Outcome), Why: string(c.Why), Proven: c.Proven, Issuer: c.Issuer, ListAge: -1, Stale: c.ListStale}
	if !library.LooksLikeNIK(string(c.Number)) {
		facts.Number = c.Number.Grouped()
	}
	if !c.Until.IsZero() {
		facts.Until = c.Until.String()
	}
	if c.ListKnown {
		facts.ListAge = int(c.ListAge.Hours() / 24)
	}
	if err := e.tell(cmd, facts, facts.write); err != nil {
		return err
	}
	switch c.Outcome {
	case desk.CardValid:
		return nil
	case desk.CardExpired, desk.CardBlocked, desk.CardForged:
		return errFindings
	}
	return errUndecided
}
