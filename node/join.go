package node

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"simpul/node/desk"
	"simpul/node/library"
)

// joinPause is how long `simpul join --wait` rests between two questions.
const joinPause = 5 * time.Second

func (e *env) joinCommand() *cli.Command {
	return &cli.Command{Name: "join", Usage: "join the centre that gave out a code", ArgsUsage: "[CODE]",
		Description: "With CODE it asks the centre once and shows the check code to read to the centre. Without CODE it asks again,\nand finishes once somebody at the centre has approved. A node that has joined is told with --address where the\ncentre is now. Without a network: --export FILE writes the request for a\nstick, --import FILE takes the centre's answer and all that stands behind it; taken again, it goes on where it\nstopped. A node that runs asks again by itself.\n\nExit code 8: the centre has not approved yet.",
		Flags: append(vaultFlags(),
			&cli.StringFlag{Name: "address", Usage: "`ADDRESS` of the centre, when CODE was typed without it, or, without CODE, where it is now: https://host:port"},
			&cli.DurationFlag{Name: "wait", Usage: "go on asking for as long as `TIME`, 10m for example"},
			&cli.StringFlag{Name: "code-file", Usage: "read CODE from `FILE`, which is removed once the request is written"},
			&cli.StringFlag{Name: "export", Usage: "write the request into `FILE`; it must not exist"},
			&cli.StringFlag{Name: "import", Usage: "take the centre's answer from `FILE`"},
		), Action: e.join}
}

// joinFacts is what `simpul join` prints.
type joinFacts struct {
	State   string `json:"state"` // asked, waiting, refused, joined
	Check   string `json:"check,omitempty"`
	Centre  string `json:"centre,omitempty"`
	Request string `json:"request,omitempty"` // file that was written
	Records int    `json:"records,omitempty"` // that came with the answer
	Members int    `json:"members,omitempty"` // of the district, among them
	Quiet   bool   `json:"quiet,omitempty"`   // nobody answers at the new address
}

func (e *env) join(ctx context.Context, cmd *cli.Command) error {
	if cmd.Args().Len() > 1 {
		return usageError{errors.New("say one CODE, in quotes when it has blanks")}
	}
	return e.withVault(ctx, cmd, func(n *Node, who desk.Actor) error {
		j, facts, err := e.joinStep(ctx, cmd, n, who)
		for until := time.Now().Add(cmd.Duration("wait")); err == nil && waits(j) && time.Now().Before(until); {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(joinPause):
			}
			j, err = n.Desk.AskJoin(ctx, who)
		}
		if err != nil {
			return err
		}
		facts.State, facts.Check, facts.Centre = string(j.State), j.Check, j.Centre
		if err := e.tell(cmd, facts, facts.write); err != nil {
			return err
		}
		return facts.verdict()
	})
}

func waits(j desk.Joining) bool { return j.State == desk.JoinWaiting || j.State == desk.JoinAsked }

// joinStep does what the flags ask for; facts holds what it wrote and took in.
func (e *env) joinStep(ctx context.Context, cmd *cli.Command, n *Node, who desk.Actor) (j desk.Joining, facts joinFacts, err error) {
	export, answer, code := cmd.String("export"), cmd.String("import"), cmd.Args().First()
	given := e.path(cmd.String("code-file"))
	var content []byte
	if cmd.String("code-file") != "" {
		if content, err = os.ReadFile(given); err != nil {
			return j, facts, usageError{fmt.Errorf("--code-file: %w", err)}
		}
		code = strings.TrimSpace(string(content))
		defer func() {
			if err == nil && facts.Request != "" {
				err = useCode(given, len(content))
			}
		}()
	}
	switch {
	case answer != "":
		return e.takeAnswer(ctx, n, who, e.path(answer))
	case code != "":
		j, err = n.Desk.StartJoin(ctx, who, code, cmd.String("address"))
		if export != "" && library.KindOf(err) == library.KindUnavailable {
			err = nil // no network: that is what the file is for
		}
	case export == "" && cmd.String("address") != "":
		return e.moveCentre(ctx, n, who, cmd.String("address"))
	case export == "":
		j, err = n.Desk.AskJoin(ctx, who)
	default:
		j, err = n.Desk.Joining(ctx)
	}
	if err != nil || export == "" {
		return j, facts, err
	}
	request, err := n.Desk.JoinFile(ctx, who)
	if err != nil {
		return j, facts, err
	}
	if err := writeNew(e.path(export), request); err != nil {
		return j, facts, usageError{fmt.Errorf("--export: %w", err)}
	}
	facts.Request = export
	return j, facts, nil
}

// moveCentre tells a PC that has joined where the centre is now.
func (e *env) moveCentre(ctx context.Context, n *Node, who desk.Actor, address string) (j desk.Joining, facts joinFacts, err error) {
	answered, err := n.Desk.MoveCentre(ctx, who, address)
	if err != nil {
		return j, facts, err
	}
	facts.Quiet = !answered
	j, err = n.Desk.Joining(ctx)
	return j, facts, err
}

// takeAnswer takes the file that the centre wrote.
func (e *env) takeAnswer(ctx context.Context, n *Node, who desk.Actor, file string) (j desk.Joining, facts joinFacts, err error) {
	if _, err := os.Stat(file); err != nil {
		return j, facts, usageError{fmt.Errorf("--import: %w", err)}
	}
	defer e.watchStick(n)()
	j, got, err := n.Desk.TakeJoinFile(ctx, who, func(part int) (io.ReadCloser, error) { return os.Open(partName(file, part)) })
	facts.Records, facts.Members = got.Events, got.Members
	return j, facts, err
}

func (f joinFacts) write(w io.Writer) {
	switch desk.JoinState(f.State) {
	case desk.JoinDone:
		fmt.Fprintf(w, "joined %s\n", f.Centre)
		if f.Quiet {
			fmt.Fprintln(w, "the new address is kept, but the centre does not answer there yet")
		}
		if f.Records > 0 {
			fmt.Fprintf(w, "%d records taken in, of them %d members of the district\n", f.Records, f.Members)
		}
	case desk.JoinRefused:
		fmt.Fprintln(w, "the centre has refused; ask it for a new code")
	case desk.JoinNone:
		fmt.Fprintln(w, "this PC has not asked to join; say the CODE that the centre gave out")
	default:
		fmt.Fprintf(w, "check code: %s\n", f.Check)
		if f.Request == "" {
			fmt.Fprintln(w, "Read it to the centre. When the centre sees the same, it approves; then run `simpul join` again.")
		}
	}
	if f.Request != "" {
		fmt.Fprintf(w, "request for the centre: %s\nTake it there with the check code. The centre compares that, and gives an answer for: simpul join --import FILE\n", f.Request)
	}
}

// verdict is how the command ends.
func (f joinFacts) verdict() error {
	switch desk.JoinState(f.State) {
	case desk.JoinDone:
		return nil
	case desk.JoinRefused:
		return library.E(library.KindForbidden, "error.code_over").Hinted("error.code_over.hint")
	case desk.JoinNone:
		return library.E(library.KindNotFound, "error.join_none")
	}
	if f.Request != "" {
		return nil // the file is written: that was all there was to do
	}
	return errWaits
}
