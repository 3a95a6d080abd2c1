package node

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/urfave/cli/v3"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/office"
	"simpul/node/store"
)

// A PC whose every password and whose sheet are lost, without a browser: `simpul reopen` there, and `simpul node reopen`
// at its centre.

func (e *env) reopenCommand() *cli.Command {
	return &cli.Command{Name: "reopen", Usage: "when all passwords and the recovery sheet are lost: have the centre open this PC again",
		Description: "--export FILE writes a request for the centre and shows its check code, to be read out on the telephone.\n--import FILE takes the centre's answer: --officer gets a new password, and the PC a new recovery sheet.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "export", Usage: "write a request into `FILE`; it must not exist. An earlier one can no longer be answered"},
			&cli.StringFlag{Name: "import", Usage: "take the centre's answer from `FILE`"},
			&cli.StringFlag{Name: "officer", Usage: "`LOGIN` of a coordinator, for --import"},
			&cli.StringFlag{Name: "new-password-file", Usage: "`FILE` whose first line is the new password, for --import"},
			&cli.StringFlag{Name: "recovery-file", Usage: "write the words of the new recovery sheet into `FILE` (default: DIR-recovery-new.txt); it must not exist"},
		}, Action: e.reopen}
}

func (e *env) reopen(ctx context.Context, cmd *cli.Command) error {
	export, answer := cmd.String("export"), cmd.String("import")
	if (export == "") == (answer == "") {
		return usageError{errors.New("say --export FILE, or --import FILE")}
	}
	return e.withClosed(ctx, cmd, func(n *Node) error {
		if export != "" {
			return e.askToReopen(ctx, cmd, n, e.path(export))
		}
		return e.openAgain(ctx, cmd, n, e.path(answer))
	})
}

// withClosed runs a command on the node of its data directory, running or not, and needs no open vault.
func (e *env) withClosed(ctx context.Context, cmd *cli.Command, do func(*Node) error) error {
	if e.inside != nil {
		return do(e.inside)
	}
	cfg := e.config(cmd)
	n, err := e.openNode(ctx, cfg)
	if errors.Is(err, store.ErrInUse) {
		return e.handOver(ctx, cfg.Dir, store.ErrInUse)
	}
	if err != nil {
		return err
	}
	return errors.Join(do(n), n.Close())
}

func (e *env) askToReopen(ctx context.Context, cmd *cli.Command, n *Node, file string) error {
	if exists(file) {
		return usageError{fmt.Errorf("--export: %s exists", file)}
	}
	if err := n.Desk.AskToReopen(ctx); err != nil {
		return err
	}
	content, err := n.Desk.ReopenFile(ctx)
	if err != nil {
		return err
	}
	if err := writeNew(file, content); err != nil {
		return usageError{fmt.Errorf("--export: %w", err)}
	}
	now, err := n.Desk.Reopening(ctx)
	if err != nil {
		return err
	}
	facts := struct {
		Request string    `json:"request"`
		Check   string    `json:"check"`
		Centre  string    `json:"centre"`
		Until   time.Time `json:"until"`
	}{file, now.Check, now.Centre, now.Until}
	return e.say(cmd, facts, "request for %s: %s\ncheck code: %s\nRead it out when the centre calls, and never send it with the file. The centre gives an answer for: simpul reopen --import FILE\n", facts.Centre, facts.Request, facts.Check)
}

func (e *env) openAgain(ctx context.Context, cmd *cli.Command, n *Node, file string) error {
	content, err := os.ReadFile(file)
	if err != nil {
		return usageError{fmt.Errorf("--import: %w", err)}
	}
	if cmd.String("new-password-file") == "" {
		return usageError{errors.New("say --new-password-file FILE and --officer LOGIN, who gets that password")}
	}
	password, err := passwordIn(e.path(cmd.String("new-password-file")))
	if err != nil {
		return err
	}
	if err := n.Desk.CheckReopenAnswer(ctx, content); err != nil {
		return err
	}
	code, err := n.Desk.NewRecovery()
	if err != nil {
		return err
	}
	sheet := cmp.Or(e.path(cmd.String("recovery-file")), filepath.Clean(n.Dir)+"-recovery-new.txt")
	if err := writeRecovery(sheet, code); err != nil {
		return err
	}
	in := desk.ReopenInput{Answer: content, Login: cmd.String("officer"), Password: password, Recovery: code}
	if err := n.Desk.OpenAgain(ctx, in); len(library.ProblemsOf(err)) > 0 {
		return errors.Join(err, os.Remove(sheet)) // those words open nothing
	} else if err != nil {
		return err
	}
	n.Desk.Settle()
	return e.say(cmd, map[string]string{"officer": in.Login, "recovery_file": sheet},
		"open again: %s has a new password. Words of the new recovery sheet: %s. Print them, then remove that file; the old sheet opens nothing any more.\n", in.Login, sheet)
}

// reopenNode is the centre's side.
func (e *env) reopenNode(ctx context.Context, cmd *cli.Command) error {
	content, err := e.fromPC(cmd)
	if err != nil {
		return err
	}
	return e.withVault(ctx, cmd, func(n *Node, who desk.Actor) error {
		asks, err := n.Office.ReadReopenRequest(ctx, who, library.ID{}, content)
		if err != nil {
			return err
		}
		facts := reopenFacts{Code: asks.PC.Code, Name: asks.PC.Name, Made: asks.Made}
		if file := cmd.String("answer"); file != "" {
			if exists(e.path(file)) {
				return usageError{fmt.Errorf("--answer: %s exists", file)}
			}
			op, err := library.NewID(n.Desk.Rand)
			if err != nil {
				return err
			}
			answer, err := n.Office.Reopen(ctx, who, op, asks.PC.ID, office.ReopenInput{Request: content, Check: cmd.String("check"), Reason: cmd.String("reason")})
			if err != nil {
				return err
			}
			if err := writeNew(e.path(file), answer); err != nil {
				return usageError{fmt.Errorf("--answer: %w", err)}
			}
			facts.Answer = file
		}
		return e.tell(cmd, facts, facts.write)
	})
}

type reopenFacts struct {
	Code   int       `json:"code"`
	Name   string    `json:"name"`
	Made   time.Time `json:"made"` // by the clock of the PC
	Answer string    `json:"answer,omitempty"`
}

func (f reopenFacts) write(w io.Writer) {
	if f.Answer != "" {
		fmt.Fprintf(w, "answer for %s (%03d): %s\nAt the PC: simpul reopen --import %s\n", f.Name, f.Code, f.Answer, f.Answer)
		return
	}
	fmt.Fprintf(w, "%s (%03d) asks to be opened again; made %s by the clock there\n", f.Name, f.Code, f.Made.Format("2006-01-02 15:04"))
	fmt.Fprintln(w, "Anybody who has that PC can write such a file. Call the branch on a number that you know, have the check code read out,\nand run this again with --check CODE --reason WHY --answer FILE")
}
