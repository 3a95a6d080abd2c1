package node

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/urfave/cli/v3"

	"simpul/node/store"
)

func (e *env) backupCommand() *cli.Command {
	folder := &cli.StringFlag{Name: "folder", Usage: "`DIR` of the copies; the data directory's own when empty"}
	return &cli.Command{Name: "backup", Usage: "make, list, verify and restore copies", Commands: []*cli.Command{
		{Name: "create", Usage: "write a checked copy, with the photos", Flags: []cli.Flag{folder}, Action: e.backupCreate},
		{Name: "list", Usage: "list the copies", Flags: []cli.Flag{folder}, Action: e.backupList},
		{Name: "verify", Usage: "check a copy; with a password also its log, chains and photos", ArgsUsage: "FILE", Flags: vaultFlags(), Action: e.backupVerify},
		{Name: "restore", Usage: "put a copy in place of a data directory", ArgsUsage: "FILE",
			Description: "A directory that holds data is left alone unless --force is given; then the old database stays beside the new one.\nWhat is recorded afterwards goes into a new stream, so no number is given twice.",
			Flags:       []cli.Flag{&cli.BoolFlag{Name: "force", Usage: "replace the data that is there, keeping it beside the new"}}, Action: e.backupRestore},
	}}
}

func backupFolder(cmd *cli.Command) string {
	if folder := cmd.String("folder"); folder != "" {
		return folder
	}
	return filepath.Join(cmd.String("data"), "backups")
}

// copyFacts is what is known of one copy.
type copyFacts struct {
	File  string    `json:"file"`
	Bytes int64     `json:"bytes"`
	Made  time.Time `json:"made"`
}

func factsOfCopy(file string) (copyFacts, error) {
	st, err := os.Stat(file)
	if err != nil {
		return copyFacts{}, fmt.Errorf("node: %w", err)
	}
	return copyFacts{File: file, Bytes: st.Size(), Made: st.ModTime()}, nil
}

func (c copyFacts) write(w io.Writer) {
	fmt.Fprintf(w, "%s  %.1f MB  %s\n", c.File, float64(c.Bytes)/1e6, c.Made.Format("2006-01-02 15:04"))
}

// backupCreate needs no password: what was sealed stays sealed.
func (e *env) backupCreate(ctx context.Context, cmd *cli.Command) (err error) {
	n, err := e.openNode(ctx, e.config(cmd))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, n.Close()) }()
	name, err := n.Store.BackupTo(ctx, backupFolder(cmd), filepath.Join(n.Dir, "photos"), n.Desk.Settings().BackupKeep)
	if err != nil {
		return err
	}
	facts, err := factsOfCopy(name)
	if err != nil {
		return err
	}
	return e.tell(cmd, facts, facts.write)
}

func (e *env) backupList(_ context.Context, cmd *cli.Command) error {
	files, err := store.Copies(backupFolder(cmd))
	if err != nil {
		return err
	}
	list := make([]copyFacts, 0, len(files))
	for _, file := range files {
		facts, err := factsOfCopy(file)
		if err != nil {
			return err
		}
		list = append(list, facts)
	}
	return e.tell(cmd, list, func(w io.Writer) {
		for _, c := range list {
			c.write(w)
		}
		if len(list) == 0 {
			fmt.Fprintln(w, "no copies yet; make one with: simpul backup create")
		}
	})
}

func copyArgument(cmd *cli.Command) (string, error) {
	if cmd.Args().Len() != 1 {
		return "", usageError{errors.New("name one copy: simpul backup " + cmd.Name + " FILE")}
	}
	return cmd.Args().First(), nil
}

// backupVerify restores the copy into a directory of its own that is thrown away, and proves it there.
func (e *env) backupVerify(ctx context.Context, cmd *cli.Command) (err error) {
	file, err := copyArgument(cmd)
	if err != nil {
		return err
	}
	if err := store.VerifyFile(ctx, file); err != nil {
		return errors.Join(errFindings, err)
	}
	if cmd.String("password-file") == "" {
		return e.say(cmd, map[string]bool{"whole": true}, "the file is whole; with --password-file its log, chains and photos are proved as well\n")
	}
	trial, err := os.MkdirTemp("", "simpul-verify-")
	if err != nil {
		return fmt.Errorf("node: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(trial)) }()
	cfg := e.config(cmd)
	cfg.Dir = filepath.Join(trial, "data")
	if _, err := store.Restore(ctx, cfg.Dir, file, false, time.Now()); err != nil {
		return err
	}
	n, _, err := e.openVault(ctx, cmd, cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, n.Close()) }()
	return e.prove(ctx, cmd, n, "verify")
}

func (e *env) backupRestore(ctx context.Context, cmd *cli.Command) error {
	file, err := copyArgument(cmd)
	if err != nil {
		return err
	}
	dir := cmd.String("data")
	kept, err := store.Restore(ctx, dir, file, cmd.Bool("force"), time.Now())
	switch {
	case errors.Is(err, store.ErrInUse):
		return inUse(dir, err)
	case errors.Is(err, store.ErrOccupied):
		return fmt.Errorf("%w (%s); --force replaces it and keeps it beside the new", err, dir)
	case err != nil:
		return err
	}
	facts := struct {
		Data string `json:"data"`
		Kept string `json:"kept,omitempty"`
	}{dir, kept}
	return e.tell(cmd, facts, func(w io.Writer) {
		fmt.Fprintf(w, "restored into %s\n", dir)
		if kept != "" {
			fmt.Fprintf(w, "what was there is kept as %s\n", kept)
		}
		fmt.Fprintln(w, "check it with: simpul check --password-file FILE")
	})
}
