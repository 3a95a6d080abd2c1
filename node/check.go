package node

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/urfave/cli/v3"

	"simpul/node/store"
)

func (e *env) checkCommand() *cli.Command {
	return &cli.Command{Name: "check", Usage: "prove the data: integrity, log, chains, projections, photos",
		Description: "Reads everything and changes nothing. Exit code 7 when something was found.",
		Flags:       vaultFlags(), Action: e.check}
}

// checkFacts is what check prints.
type checkFacts struct {
	store.CheckReport
	Photos int64 `json:"photos"`
}

// check proves the data of a node that is not running.
func (e *env) check(ctx context.Context, cmd *cli.Command) (err error) {
	n, _, err := e.openVault(ctx, cmd, e.config(cmd))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, n.Close()) }()
	return e.prove(ctx, cmd, n, "check")
}

// prove checks an open node and prints what was found; what names the work on the terminal.
func (e *env) prove(ctx context.Context, cmd *cli.Command, n *Node, what string) error {
	facts, err := n.check(ctx, e.progress(what))
	if err != nil {
		return err
	}
	if err := e.tell(cmd, facts, facts.write); err != nil {
		return err
	}
	if len(facts.Findings) > 0 {
		return errFindings
	}
	return nil
}

func (n *Node) check(ctx context.Context, progress func(done, total int64)) (checkFacts, error) {
	report, err := n.Store.Check(ctx, progress)
	if err != nil {
		return checkFacts{}, err
	}
	photos, err := n.Desk.CheckPhotos(ctx)
	if err != nil {
		return checkFacts{}, err
	}
	for _, found := range photos.Findings {
		report.Findings = append(report.Findings, store.Finding{Check: "photo", Detail: found})
	}
	if report.Findings == nil {
		report.Findings = []store.Finding{}
	}
	return checkFacts{CheckReport: report, Photos: photos.Photos}, nil
}

func (f checkFacts) write(w io.Writer) {
	fmt.Fprintf(w, "%d events, %d subjects, %d states, %d photos\n", f.Events, f.Subjects, f.States, f.Photos)
	for _, found := range f.Findings {
		fmt.Fprintf(w, "found: %s: %s\n", found.Check, found.Detail)
	}
	if len(f.Findings) == 0 {
		fmt.Fprintln(w, "nothing found: the data is as it must be")
	}
}
