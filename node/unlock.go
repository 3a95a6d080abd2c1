package node

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v3"

	"simpul/node/desk"
	"simpul/node/store"
)

// vaultFlags say with whose password a command opens the vault.
func vaultFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "officer", Usage: "`LOGIN` of the officer; the only one needs none"},
		&cli.StringFlag{Name: "password-file", Usage: "`FILE` whose first line is the officer's password", Sources: cli.EnvVars("SIMPUL_PASSWORD_FILE")},
	}
}

// openNode opens the node of the data directory for a command, with the vault closed. The caller closes it.
func (e *env) openNode(ctx context.Context, cfg Config) (*Node, error) {
	if _, err := os.Stat(filepath.Join(cfg.Dir, store.FileName)); errors.Is(err, os.ErrNotExist) {
		return nil, errNotSetUp
	}
	n, err := Open(ctx, cfg)
	if errors.Is(err, store.ErrInUse) {
		return nil, inUse(cfg.Dir, err)
	}
	if err != nil {
		return nil, err
	}
	if !n.Desk.Ready() {
		return nil, errors.Join(errNotSetUp, n.Close())
	}
	return n, nil
}

// inUse says where the running node answers and what to do.
func inUse(dir string, err error) error {
	where := "another program"
	if page := runningPage(dir); page != "" {
		where = "the node at " + page
	}
	return fmt.Errorf("%w: %s holds it; stop that one and run the command again", err, where)
}

// openVault opens the node and its vault. Nothing is ever asked: without a password file it is wrong usage.
func (e *env) openVault(ctx context.Context, cmd *cli.Command, cfg Config) (*Node, desk.Actor, error) {
	password, err := readPassword(cmd)
	if err != nil {
		return nil, desk.Actor{}, err
	}
	n, err := e.openNode(ctx, cfg)
	if err != nil {
		return nil, desk.Actor{}, err
	}
	who, err := n.Desk.Enter(ctx, cmd.String("officer"), password)
	if err != nil {
		return nil, who, errors.Join(err, n.Close())
	}
	return n, who, nil
}

func readPassword(cmd *cli.Command) (string, error) { return passwordIn(cmd.String("password-file")) }

// password is that of a command wherever it is carried out.
func (e *env) password(cmd *cli.Command) (string, error) {
	return passwordIn(e.path(cmd.String("password-file")))
}

func passwordIn(file string) (string, error) {
	if file == "" {
		return "", usageError{errors.New("this command reads sealed data: say --password-file FILE (and --officer LOGIN when there are several)")}
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		return "", usageError{fmt.Errorf("--password-file: %w", err)}
	}
	line, _, _ := strings.Cut(string(raw), "\n")
	return strings.TrimSuffix(line, "\r"), nil
}
