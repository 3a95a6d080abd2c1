package node

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v3"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/vault"
)

// setupCommand does what the first-run pages do, without a question.
func (e *env) setupCommand() *cli.Command {
	return &cli.Command{Name: "setup", Usage: "set up a new node: role, name, code and the first officer", Action: e.setUp,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "role", Usage: "branch, van, village or centre", Value: string(library.NodeBranch)},
			&cli.StringFlag{Name: "name", Usage: "name of the library", Required: true},
			&cli.IntFlag{Name: "code", Usage: "number of this PC, 1 to 999", Required: true},
			&cli.StringFlag{Name: "officer", Usage: "`LOGIN` of the first officer", Required: true},
			&cli.StringFlag{Name: "officer-name", Usage: "full name of the first officer (default: the login)"},
			&cli.StringFlag{Name: "password-file", Usage: "`FILE` whose first line is the officer's password", Sources: cli.EnvVars("SIMPUL_PASSWORD_FILE")},
			&cli.StringFlag{Name: "recovery-file", Usage: "`FILE` to write the words of the recovery sheet to; it must not exist (default: DIR-recovery.txt)"},
			&cli.BoolFlag{Name: "lan", Usage: "let other devices open the kiosk and the applicants' form"},
			&cli.StringFlag{Name: "language", Usage: "id or en", Value: "id"},
			&cli.BoolFlag{Name: "demo", Usage: "mark all data of this node as made up"},
			&cli.StringFlag{Name: "key-file", Usage: "also write a key `FILE` that opens the vault at start; it must not exist"},
		}}
}

func (e *env) setUp(ctx context.Context, cmd *cli.Command) error {
	password, err := readPassword(cmd)
	if err != nil {
		return err
	}
	n, err := Open(ctx, e.config(cmd))
	if err != nil {
		return err
	}
	defer n.Close()
	if n.Desk.Ready() {
		return library.E(library.KindConflict, "error.already_set_up")
	}
	code, err := n.Desk.NewRecovery()
	if err != nil {
		return err
	}
	in := desk.SetupInput{Language: cmd.String("language"), Role: library.NodeRole(cmd.String("role")), Name: cmd.String("name"), Code: cmd.Int("code"),
		Login: cmd.String("officer"), FullName: cmp.Or(cmd.String("officer-name"), cmd.String("officer")), Password: password, LAN: cmd.Bool("lan"), Demo: cmd.Bool("demo"), Recovery: code}
	if problems := n.Desk.CheckSetup(in); len(problems) > 0 {
		return library.Invalid(problems...)
	}
	sheet := cmp.Or(cmd.String("recovery-file"), filepath.Clean(n.Dir)+"-recovery.txt")
	if err := writeRecovery(sheet, code); err != nil {
		return err
	}
	op, err := library.NewID(n.Desk.Rand)
	if err != nil {
		return errors.Join(err, os.Remove(sheet))
	}
	done, err := n.Desk.SetUp(ctx, op, in)
	if err != nil {
		return errors.Join(err, os.Remove(sheet))
	}
	n.Desk.Settle()
	if file := cmd.String("key-file"); file != "" {
		if err := n.makeKeyFile(ctx, done.ID, file); err != nil {
			return fmt.Errorf("the node is set up, but without a key file: %w", err)
		}
	}
	facts := n.facts()
	facts.Sheet = sheet
	return e.say(cmd, facts, "%s is set up. Words of the recovery sheet: %s. Print them, then remove that file.\n", in.Name, sheet)
}

// writeRecovery keeps the words before anything is written into the node: without them nobody could open it again.
func writeRecovery(name string, code vault.RecoveryCode) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return usageError{fmt.Errorf("--recovery-file: %w", err)}
	}
	_, err = fmt.Fprintln(f, strings.Join(code.Words(), " "))
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

func (n *Node) makeKeyFile(ctx context.Context, officer library.ID, file string) error {
	path, err := filepath.Abs(file)
	if err != nil {
		return usageError{fmt.Errorf("--key-file: %w", err)}
	}
	return n.Desk.MakeKeyFile(ctx, desk.Actor{Officer: officer, Role: library.RoleCoordinator}, path)
}

// nodeFacts is what `setup` and `config show` print: nothing secret, nobody's data.
type nodeFacts struct {
	Data  string `json:"data"`
	Role  string `json:"role"`
	Name  string `json:"name"`
	Code  int    `json:"code"`
	LAN   bool   `json:"lan"`
	Demo  bool   `json:"demo"`
	Lock  int    `json:"lock_minutes"`
	Speak string `json:"language"`
	Keep  int    `json:"backup_keep"`
	Place string `json:"backup_folder"`
	Sheet string `json:"recovery_file,omitempty"` // just written by setup
}

func (n *Node) facts() nodeFacts {
	s := n.Desk.Settings()
	return nodeFacts{Data: n.Dir, Role: string(s.Role), Name: s.Name, Code: s.Code, LAN: s.LAN, Demo: s.Demo, Lock: s.LockMinutes,
		Speak: s.Language, Keep: s.BackupKeep, Place: s.BackupFolder}
}

func (e *env) configCommand() *cli.Command {
	return &cli.Command{Name: "config", Usage: "what this node is set to", Commands: []*cli.Command{
		{Name: "show", Usage: "print role, name, code and settings", Action: e.showConfig},
	}}
}

func (e *env) showConfig(ctx context.Context, cmd *cli.Command) error {
	n, err := e.openNode(ctx, e.config(cmd))
	if err != nil {
		return err
	}
	defer n.Close()
	f := n.facts()
	return e.say(cmd, f, "data: %s\nrole: %s\nname: %s\ncode: %03d\nlan: %t\ndemo: %t\nlock after: %d min\nlanguage: %s\nbackups kept: %d\nsecond backup folder: %s\n",
		f.Data, f.Role, f.Name, f.Code, f.LAN, f.Demo, f.Lock, f.Speak, f.Keep, f.Place)
}
