package node

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/urfave/cli/v3"
)

func (e *env) rebuildCommand() *cli.Command {
	return &cli.Command{Name: "rebuild", Usage: "make every table again from the log",
		Description: "The log is the truth; tables of members, registrations, visits and cards are made from it. It happens whole or not at all.",
		Flags:       vaultFlags(), Action: e.rebuild}
}

func (e *env) rebuild(ctx context.Context, cmd *cli.Command) (err error) {
	n, _, err := e.openVault(ctx, cmd, e.config(cmd))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, n.Close()) }()
	n.Desk.Settle()
	start := time.Now()
	var facts struct {
		Events  int64   `json:"events"`
		Seconds float64 `json:"seconds"`
	}
	show := e.progress("rebuild")
	if err := n.Store.Rebuild(ctx, func(done, total int64) { facts.Events = total; show(done, total) }); err != nil {
		return err
	}
	facts.Seconds = time.Since(start).Seconds()
	return e.tell(cmd, facts, func(w io.Writer) { fmt.Fprintf(w, "%d events applied in %.1f s\n", facts.Events, facts.Seconds) })
}
