package node

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v3"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/office"
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
			&cli.StringFlag{Name: "key-file", Usage: "also write a key `FILE` that opens the vault at start; it must not exist (a centre: DIR.key)"},
			&cli.BoolFlag{Name: "no-key-file", Usage: "a centre without a key file: after each start nothing is exchanged until somebody signs in"},
			&cli.StringFlag{Name: "kit-file", Usage: "a centre's recovery kit goes to this `FILE`; it must not exist (default: DIR-recovery-kit.txt)"},
			&cli.StringFlag{Name: "recovery-kit", Usage: "make the centre anew with the keys of this kit `FILE`"},
			&cli.StringFlag{Name: "recovery-words", Usage: "`FILE` with the words of the lost centre's recovery sheet, for --recovery-kit; they stay in force"},
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
	code, kit, err := n.recoveryOf(cmd)
	if err != nil {
		return err
	}
	in := desk.SetupInput{Kit: kit, Language: cmd.String("language"), Role: library.NodeRole(cmd.String("role")), Name: cmd.String("name"), Code: cmd.Int("code"),
		Login: cmd.String("officer"), FullName: cmp.Or(cmd.String("officer-name"), cmd.String("officer")), Password: password, LAN: cmd.Bool("lan"), Demo: cmd.Bool("demo"), Recovery: code}
	if problems := n.Desk.CheckSetup(in); len(problems) > 0 {
		return library.Invalid(problems...)
	}
	centre := in.Role == library.NodeCentre
	if err := noneExists(cmd, centre); err != nil {
		return err
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
	facts := n.facts()
	facts.Sheet, facts.KeyFile = sheet, keyFileOf(cmd, centre)
	if facts.KeyFile != "" {
		if err := n.makeKeyFile(ctx, done.ID, facts.KeyFile); err != nil {
			return fmt.Errorf("the node is set up, but without a key file: %w", err)
		}
	}
	if centre {
		facts.Kit = kitFileOf(cmd)
		if err := n.writeKit(ctx, desk.Actor{Officer: done.ID, Role: library.RoleCoordinator}, facts.Kit); err != nil {
			return fmt.Errorf("the centre is set up, but without its recovery kit: %w", err)
		}
	}
	return e.tell(cmd, facts, func(w io.Writer) { facts.writeSetUp(w, in.Name) })
}

func (f nodeFacts) writeSetUp(w io.Writer, name string) {
	fmt.Fprintf(w, "%s is set up. Words of the recovery sheet: %s. Print them, then remove that file.\n", name, f.Sheet)
	if f.Kit != "" {
		fmt.Fprintf(w, "Recovery kit of the centre: %s. Copy it to another place than the sheet: with both, another PC becomes this centre.\n", f.Kit)
	}
	if f.KeyFile != "" {
		fmt.Fprintf(w, "Key file for a start without a person: %s. Whoever has it and this disk reads everything; lock the room, keep it out of copies.\n", f.KeyFile)
	}
}

// recoveryOf draws the words of a new node, or reads those of a centre that is
// made anew: its sheet and its kit stay as they are.
func (n *Node) recoveryOf(cmd *cli.Command) (code vault.RecoveryCode, kit []byte, err error) {
	file, words := cmd.String("recovery-kit"), cmd.String("recovery-words")
	if file == "" && words == "" {
		code, err = n.Desk.NewRecovery()
		return code, nil, err
	}
	if file == "" || words == "" || cmd.String("role") != string(library.NodeCentre) {
		return code, nil, usageError{errors.New("--recovery-kit and --recovery-words go together, with --role centre")}
	}
	if kit, err = os.ReadFile(file); err != nil {
		return code, nil, usageError{fmt.Errorf("--recovery-kit: %w", err)}
	}
	typed, err := os.ReadFile(words)
	if err != nil {
		return code, nil, usageError{fmt.Errorf("--recovery-words: %w", err)}
	}
	if code, err = vault.ParseRecoveryCode(string(typed)); err != nil {
		return code, nil, usageError{fmt.Errorf("--recovery-words: %w", err)}
	}
	if _, err := office.OpenKit(kit, code); err != nil {
		return code, nil, usageError{fmt.Errorf("--recovery-kit: %w", err)}
	}
	return code, kit, nil
}

// keyFileOf is where the key file goes, "" for none. A centre needs one: what
// arrives at night would wait for a sign-in.
func keyFileOf(cmd *cli.Command, centre bool) string {
	if file := cmd.String("key-file"); file != "" || !centre || cmd.Bool("no-key-file") {
		return file
	}
	return keyFileBeside(cmd.String("data"))
}

// keyFileBeside is where serve looks for a key file by itself: beside the data,
// so that a copy of the data directory holds none.
func keyFileBeside(dir string) string { return filepath.Clean(dir) + ".key" }

func kitFileOf(cmd *cli.Command) string {
	return cmp.Or(cmd.String("kit-file"), filepath.Clean(cmd.String("data"))+"-recovery-kit.txt")
}

// noneExists refuses before anything is written what would fail after.
func noneExists(cmd *cli.Command, centre bool) error {
	files := map[string]string{"--key-file": keyFileOf(cmd, centre)}
	if centre {
		files["--kit-file"] = kitFileOf(cmd)
	}
	for flag, file := range files {
		if _, err := os.Lstat(file); file != "" && !errors.Is(err, os.ErrNotExist) {
			return usageError{fmt.Errorf("%s: %s exists already", flag, file)}
		}
	}
	return nil
}

func (n *Node) writeKit(ctx context.Context, who desk.Actor, file string) error {
	kit, err := n.Office.Kit(ctx, who)
	if err != nil {
		return err
	}
	return writeNew(file, []byte(kit.Text))
}

// writeNew writes a file that only its owner reads, and refuses to overwrite.
func writeNew(name string, content []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// writeRecovery keeps the words before anything is written into the node: without them nobody could open it again.
func writeRecovery(name string, code vault.RecoveryCode) error {
	if err := writeNew(name, []byte(strings.Join(code.Words(), " ")+"\n")); err != nil {
		return usageError{fmt.Errorf("--recovery-file: %w", err)}
	}
	return nil
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
	Sheet string `json:"recovery_file,omitempty"` // just written by setup, like those below

	Kit     string `json:"recovery_kit,omitempty"`
	KeyFile string `json:"key_file,omitempty"`
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
