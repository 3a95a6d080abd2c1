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
	"simpul/node/office"
)

// nodeCommand is what the centre's page of PCs does, without a browser. Where a
// node of that directory runs, it carries the command out.
func (e *env) nodeCommand() *cli.Command {
	note := &cli.StringFlag{Name: "note", Usage: "a sentence on why, without names"}
	return &cli.Command{Name: "node", Usage: "at the centre: which PCs send to it", Commands: []*cli.Command{
		{Name: "list", Usage: "list the PCs, and those that ask to join", Flags: vaultFlags(), Action: e.listNodes},
		{Name: "code", Usage: "make a one-time code for a PC that is to join", Action: e.makeCode, Flags: append(vaultFlags(),
			&cli.StringFlag{Name: "name", Usage: "name of the new branch"},
			&cli.StringFlag{Name: "role", Usage: "branch, van or village", Value: string(library.NodeBranch)},
			&cli.StringFlag{Name: "for", Usage: "code NNN of a PC of the same branch: another PC there, or one in its place"},
			&cli.DurationFlag{Name: "life", Usage: "how long it holds, 72h at most", Value: office.CodeLife})},
		{Name: "stick", Usage: "fill a stick for a new PC: this program, a one-time code, three steps to read", Action: e.makeStick,
			Description: "What the branch may know comes with the answer to its request, sealed to that PC: see simpul node import.", Flags: append(vaultFlags(),
				&cli.StringFlag{Name: "name", Usage: "name of the branch, when it is new"},
				&cli.StringFlag{Name: "folder", Usage: "`DIR` on the stick", Required: true},
				&cli.StringFlag{Name: "role", Usage: "branch, van or village", Value: string(library.NodeBranch)},
				&cli.StringFlag{Name: "for", Usage: "code NNN of a PC of the same branch: another PC there, or one in its place"},
				&cli.StringSliceFlag{Name: "program", Usage: "also put `FILE` on it: Simpul of the same version for another system; may be said again"},
				&cli.DurationFlag{Name: "life", Usage: "how long the code holds, 72h at most", Value: 72 * time.Hour})},
		{Name: "approve", Usage: "let a PC in, after its check code was read to you", ArgsUsage: "CHECK", Flags: vaultFlags(), Action: e.approveNode},
		{Name: "all-back", Usage: "after a rebuild from the kit: say that all earlier PCs are back, so that new ones may come", Flags: vaultFlags(), Action: e.allBack},
		{Name: "refuse", Usage: "turn a PC away", ArgsUsage: "CHECK", Flags: vaultFlags(), Action: e.refuseNode},
		{Name: "revoke", Usage: "end what a PC may do: it is lost, replaced, closed or copied", ArgsUsage: "NNN", Action: e.revokeNode, Flags: append(vaultFlags(), note,
			&cli.StringFlag{Name: "reason", Usage: "lost, replaced, closed or copied", Required: true})},
		{Name: "rename", Usage: "give the branch of a PC another name, here and at the other branches", ArgsUsage: "NNN", Action: e.renameBranch, Flags: append(vaultFlags(),
			&cli.StringFlag{Name: "name", Usage: "the new name", Required: true})},
		{Name: "people", Usage: "write the list of people whose data a PC held", ArgsUsage: "NNN", Action: e.peopleOfNode, Flags: append(vaultFlags(),
			&cli.StringFlag{Name: "export", Usage: "CSV `FILE`; it must not exist", Required: true})},
		{Name: "import", Usage: "take a request to join from a stick and write the answer", ArgsUsage: "FILE", Action: e.importJoin,
			Description: "Once the PC is approved, the answer has behind it everything that the PC may know, so that it begins without a\nnetwork. Only that PC opens it.",
			Flags: append(vaultFlags(), &cli.StringFlag{Name: "answer", Usage: "`FILE` for the answer; it must not exist"},
				&cli.IntFlag{Name: "photos", Usage: "at most so many `MB` of photos with it", Value: office.PhotosOnStick >> 20})},
		{Name: "reopen", Usage: "open a PC again whose every password and whose recovery sheet are lost, after a telephone call", ArgsUsage: "FILE", Action: e.reopenNode,
			Description: "Without --answer it says whose request FILE is. The request proves nothing of who sent it: call the branch on a number\nthat you know, and have the check code read out to you from the screen there.", Flags: append(vaultFlags(),
				&cli.StringFlag{Name: "check", Usage: "the check `CODE` that was read out on the telephone"},
				&cli.StringFlag{Name: "reason", Usage: "a sentence on why; it is kept with the PC"},
				&cli.StringFlag{Name: "answer", Usage: "`FILE` for the answer; it must not exist"})},
		{Name: "tls", Usage: "list, accept or renew the keys under which PCs reach the centre", Action: e.tlsKeys, Flags: append(vaultFlags(),
			&cli.StringFlag{Name: "accept", Usage: "also accept a reverse proxy's key: `SHA-256` of its public key (SPKI), in hex"},
			&cli.BoolFlag{Name: "renew", Usage: "give the listener a new key"})},
		{Name: "kit", Usage: "write the centre's recovery kit again", ArgsUsage: "FILE", Flags: vaultFlags(), Action: e.exportKit},
	}}
}

// nodeFact is a PC as `simpul node list` prints it: nothing of a person.
type nodeFact struct {
	Code    int       `json:"code"`
	Name    string    `json:"name"`
	Role    string    `json:"role"`
	State   string    `json:"state"` // asks, in, revoked
	Check   string    `json:"check,omitempty"`
	Contact time.Time `json:"contact,omitzero"`
	Waiting int       `json:"waiting"`
	Members int       `json:"members"`
	Visits  int       `json:"visits"`
	Program string    `json:"program,omitempty"`
}

func (e *env) listNodes(ctx context.Context, cmd *cli.Command) error {
	return e.withVault(ctx, cmd, func(n *Node, who desk.Actor) error {
		asking, err := n.Office.Pending(ctx, who)
		if err != nil {
			return err
		}
		nodes, err := n.Office.Nodes(ctx, who)
		if err != nil {
			return err
		}
		facts := make([]nodeFact, 0, len(asking)+len(nodes))
		for _, a := range asking {
			facts = append(facts, nodeFact{Code: a.Code, Name: a.Label, Role: string(a.Role), State: "asks", Check: a.Check, Members: a.Members, Program: a.Program})
		}
		for _, x := range nodes {
			f := nodeFact{Code: x.Code, Name: x.Name, Role: string(x.Role), State: "in", Contact: x.Contact, Waiting: x.Waiting, Members: x.Members, Visits: x.Visits, Program: x.Program}
			if x.Revoked() {
				f.State = "revoked"
			}
			facts = append(facts, f)
		}
		return e.tell(cmd, facts, func(w io.Writer) {
			for _, f := range facts {
				f.write(w)
			}
			if len(facts) == 0 {
				fmt.Fprintln(w, "no PC yet; make a code with: simpul node code --name NAME")
			}
		})
	})
}

func (f nodeFact) write(w io.Writer) {
	more := fmt.Sprintf("%d members, %d visits, %d waiting", f.Members, f.Visits, f.Waiting)
	if f.State == "asks" {
		more = "check code " + f.Check
	} else if !f.Contact.IsZero() {
		more += ", last contact " + f.Contact.Format("2006-01-02 15:04")
	}
	fmt.Fprintf(w, "%03d\t%s\t%s\t%s\t%s\n", f.Code, f.State, f.Role, f.Name, more)
}

func (e *env) makeCode(ctx context.Context, cmd *cli.Command) error {
	return e.withVault(ctx, cmd, func(n *Node, who desk.Actor) error {
		in, err := n.codeInput(ctx, who, cmd)
		if err != nil {
			return err
		}
		op, err := library.NewID(n.Desk.Rand)
		if err != nil {
			return err
		}
		code, err := n.Office.NewCode(ctx, who, op, in)
		if err != nil {
			return err
		}
		facts := struct {
			Code   string    `json:"code"`
			Groups string    `json:"groups"`
			Name   string    `json:"name"`
			Until  time.Time `json:"until"`
		}{code.Text, strings.Join(code.Groups, "-"), code.Label, code.Until}
		return e.say(cmd, facts, "%s\nfor %s, once, until %s. At the PC: simpul join '%s'\n", facts.Code, facts.Name, facts.Until.Format("2006-01-02 15:04"), facts.Code)
	})
}

// codeInput is for whom a code is wished: a new branch, or the one of another PC.
func (n *Node) codeInput(ctx context.Context, who desk.Actor, cmd *cli.Command) (office.CodeInput, error) {
	in := office.CodeInput{Name: cmd.String("name"), Role: library.NodeRole(cmd.String("role")), Life: cmd.Duration("life")}
	if of := cmd.String("for"); of != "" {
		same, err := n.nodeOf(ctx, who, of)
		if err != nil {
			return in, err
		}
		in.Branch, in.Role = same.Branch, same.Role
	}
	return in, nil
}

func (e *env) approveNode(ctx context.Context, cmd *cli.Command) error {
	return e.decideJoin(ctx, cmd, func(n *Node, who desk.Actor, op library.ID, a office.Asking) error {
		if _, err := n.Office.Approve(ctx, who, op, a.ID); err != nil {
			return err
		}
		return e.say(cmd, nodeFact{Code: a.Code, Name: a.Label, Role: string(a.Role), State: "in"}, "%s is in, with the code %03d.\n", a.Label, a.Code)
	})
}

func (e *env) refuseNode(ctx context.Context, cmd *cli.Command) error {
	return e.decideJoin(ctx, cmd, func(n *Node, who desk.Actor, op library.ID, a office.Asking) error {
		if err := n.Office.Refuse(ctx, who, op, a.ID); err != nil {
			return err
		}
		return e.say(cmd, map[string]string{"refused": a.Label}, "%s was turned away.\n", a.Label)
	})
}

// decideJoin finds the PC that shows a check code.
func (e *env) decideJoin(ctx context.Context, cmd *cli.Command, do func(*Node, desk.Actor, library.ID, office.Asking) error) error {
	check := plainCheck(cmd.Args().First())
	if cmd.Args().Len() != 1 || check == "" {
		return usageError{errors.New("say the CHECK code that the PC shows; `simpul node list` lists those that wait")}
	}
	return e.withVault(ctx, cmd, func(n *Node, who desk.Actor) error {
		asking, err := n.Office.Pending(ctx, who)
		if err != nil {
			return err
		}
		for _, a := range asking {
			if plainCheck(a.Check) != check {
				continue
			}
			op, err := library.NewID(n.Desk.Rand)
			if err != nil {
				return err
			}
			return do(n, who, op, a)
		}
		return errors.New("no PC that waits shows this check code; see simpul node list")
	})
}

func (e *env) allBack(ctx context.Context, cmd *cli.Command) error {
	return e.withVault(ctx, cmd, func(n *Node, who desk.Actor) error {
		op, err := library.NewID(n.Desk.Rand)
		if err != nil {
			return err
		}
		if err := n.Office.AllBack(ctx, who, op); err != nil {
			return err
		}
		return e.say(cmd, map[string]bool{"all_back": true}, "New PCs get numbers again.\n")
	})
}

func plainCheck(s string) string {
	return strings.ToUpper(strings.NewReplacer("-", "", " ", "").Replace(s))
}

// nodeOf is the PC with a code NNN.
func (n *Node) nodeOf(ctx context.Context, who desk.Actor, nnn string) (office.PC, error) {
	nodes, err := n.Office.Nodes(ctx, who)
	if err != nil {
		return office.PC{}, err
	}
	for _, x := range nodes {
		if fmt.Sprintf("%03d", x.Code) == fmt.Sprintf("%03s", nnn) {
			return x, nil
		}
	}
	return office.PC{}, usageError{fmt.Errorf("no PC has the code %s; see simpul node list", nnn)}
}

func (e *env) revokeNode(ctx context.Context, cmd *cli.Command) error {
	return e.withNode(ctx, cmd, func(n *Node, who desk.Actor, x office.PC) error {
		op, err := library.NewID(n.Desk.Rand)
		if err != nil {
			return err
		}
		if _, err := n.Office.Revoke(ctx, who, op, x.ID, office.RevokeInput{Reason: cmd.String("reason"), Note: cmd.String("note")}); err != nil {
			return err
		}
		return e.say(cmd, nodeFact{Code: x.Code, Name: x.Name, Role: string(x.Role), State: "revoked"}, "%s (%03d) is out: nothing is taken from it and nothing sent to it.\n", x.Name, x.Code)
	})
}

func (e *env) renameBranch(ctx context.Context, cmd *cli.Command) error {
	return e.withNode(ctx, cmd, func(n *Node, who desk.Actor, x office.PC) error {
		op, err := library.NewID(n.Desk.Rand)
		if err != nil {
			return err
		}
		if _, err := n.Office.RenameBranch(ctx, who, op, x.Branch, cmd.String("name")); err != nil {
			return err
		}
		if x, err = n.Office.Node(ctx, who, x.ID); err != nil {
			return err
		}
		return e.say(cmd, nodeFact{Code: x.Code, Name: x.Name, Role: string(x.Role), State: "in"}, "%03d is of %s now; other branches learn it with their next exchange.\n", x.Code, x.Name)
	})
}

func (e *env) withNode(ctx context.Context, cmd *cli.Command, do func(*Node, desk.Actor, office.PC) error) error {
	if cmd.Args().Len() != 1 {
		return usageError{errors.New("say the code NNN of one PC")}
	}
	return e.withVault(ctx, cmd, func(n *Node, who desk.Actor) error {
		x, err := n.nodeOf(ctx, who, cmd.Args().First())
		if err != nil {
			return err
		}
		return do(n, who, x)
	})
}

func (e *env) peopleOfNode(ctx context.Context, cmd *cli.Command) error {
	return e.withNode(ctx, cmd, func(n *Node, who desk.Actor, x office.PC) error {
		name := e.path(cmd.String("export"))
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return usageError{fmt.Errorf("--export: %w", err)}
		}
		count, err := n.Office.WritePeople(ctx, who, x.ID, f)
		if err := errors.Join(err, f.Close()); err != nil {
			return errors.Join(err, os.Remove(name))
		}
		return e.say(cmd, map[string]any{"people": count, "file": name}, "%d people, in %s\n", count, name)
	})
}

// fromPC reads the one file that the command names.
func (e *env) fromPC(cmd *cli.Command) ([]byte, error) {
	if cmd.Args().Len() != 1 {
		return nil, usageError{errors.New("say the FILE that came from the PC")}
	}
	content, err := os.ReadFile(e.path(cmd.Args().First()))
	if err != nil {
		return nil, usageError{err}
	}
	return content, nil
}

func (e *env) importJoin(ctx context.Context, cmd *cli.Command) error {
	content, err := e.fromPC(cmd)
	if err != nil {
		return err
	}
	return e.withVault(ctx, cmd, func(n *Node, who desk.Actor) error {
		reply, err := n.Office.TakeRequest(ctx, who, content)
		if err != nil {
			return err
		}
		file := cmd.String("answer")
		if !reply.Decided || file == "" {
			return e.say(cmd, map[string]string{"state": "asks", "check": reply.Check}, "check code %s: approve it with `simpul node approve`, then run this again with --answer FILE\n", reply.Check)
		}
		if exists(e.path(file)) {
			return usageError{fmt.Errorf("--answer: %s exists", file)}
		}
		b, err := e.writeParts(n, e.path(file), func(create func(int) (io.WriteCloser, error)) (desk.Bundle, error) {
			return n.Office.WriteAnswer(ctx, who, reply.ID, photoBytes(cmd), create)
		})
		if err != nil {
			return err
		}
		facts := answerFacts{State: "refused", Answer: file, Parts: b.Parts, Records: b.Events, Members: b.Members, Photos: b.Pieces, Left: b.PhotosLeft}
		if b.Answers > 0 {
			facts.State = "approved"
		}
		return e.tell(cmd, facts, facts.write)
	})
}

// answerFacts is what was written for a PC that asked to join.
type answerFacts struct {
	State   string `json:"state"` // approved, refused
	Answer  string `json:"answer"`
	Parts   int    `json:"parts"`
	Records int    `json:"records"`
	Members int    `json:"members"` // of the district, among the records
	Photos  int    `json:"photo_pieces"`
	Left    int    `json:"photos_left,omitempty"`
}

func (f answerFacts) write(w io.Writer) {
	if f.State == "refused" {
		fmt.Fprintf(w, "answer for the PC, which was turned away: %s\n", f.Answer)
		return
	}
	fmt.Fprintf(w, "answer for the PC: %s, with %d records behind it, of them %d members of the district\nAt the PC: simpul join --import %s\n", f.Answer, f.Records, f.Members, f.Answer)
	if f.Parts > 1 {
		fmt.Fprintf(w, "%d parts; keep them in one folder\n", f.Parts)
	}
	if f.Left > 0 {
		fmt.Fprintf(w, "%d photos had no room: raise --photos, or the network brings them\n", f.Left)
	}
}

// photoBytes is how many bytes of photos a bundle may take.
func photoBytes(cmd *cli.Command) int64 { return int64(max(cmd.Int("photos"), 0)) << 20 }

func (e *env) exportKit(ctx context.Context, cmd *cli.Command) error {
	if cmd.Args().Len() != 1 {
		return usageError{errors.New("say the FILE to write; it must not exist")}
	}
	return e.withVault(ctx, cmd, func(n *Node, who desk.Actor) error {
		file := e.path(cmd.Args().First())
		if err := n.writeKit(ctx, who, file); err != nil {
			return err
		}
		return e.say(cmd, map[string]string{"recovery_kit": file}, "%s\n", file)
	})
}

func (e *env) tlsKeys(ctx context.Context, cmd *cli.Command) error {
	return e.withVault(ctx, cmd, func(n *Node, who desk.Actor) error {
		op, err := library.NewID(n.Desk.Rand)
		if err != nil {
			return err
		}
		if key := cmd.String("accept"); key != "" {
			err = n.Office.AcceptTLS(ctx, who, op, key)
		} else if cmd.Bool("renew") {
			err = n.Office.RenewTLS(ctx, who, op)
		}
		if err != nil {
			return err
		}
		keys, err := n.Office.TLSKeys(ctx, who)
		if err != nil {
			return err
		}
		return e.say(cmd, map[string][]string{"keys": keys}, "%s\n", strings.Join(keys, "\n"))
	})
}
