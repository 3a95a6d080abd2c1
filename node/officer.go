package node

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/urfave/cli/v3"

	"simpul/node/desk"
	"simpul/node/library"
)

// officerCommand looks after officers while the node does not run. --officer and --password-file say who does it.
func (e *env) officerCommand() *cli.Command {
	fresh := &cli.StringFlag{Name: "new-password-file", Usage: "`FILE` whose first line is the new password", Required: true}
	return &cli.Command{Name: "officer", Usage: "list, add and help officers", Commands: []*cli.Command{
		{Name: "list", Usage: "list who signs in", Flags: vaultFlags(), Action: e.listOfficers},
		{Name: "add", Usage: "add an officer", ArgsUsage: "LOGIN", Action: e.addOfficer, Flags: append(vaultFlags(), fresh,
			&cli.StringFlag{Name: "name", Usage: "full name", Required: true},
			&cli.StringFlag{Name: "role", Usage: "volunteer, officer, coordinator, section-head or service-head", Value: string(library.RoleOfficer)})},
		{Name: "passwd", Usage: "give an officer a new password", ArgsUsage: "LOGIN", Action: e.changePassword, Flags: append(vaultFlags(), fresh)},
	}}
}

type officerFact struct {
	Login  string `json:"login"`
	Role   string `json:"role"`
	Active bool   `json:"active"`
}

// listOfficers prints logins, not names: what a command prints ends in files.
func (e *env) listOfficers(ctx context.Context, cmd *cli.Command) error {
	n, _, err := e.openVault(ctx, cmd, e.config(cmd))
	if err != nil {
		return err
	}
	defer n.Close()
	officers, err := n.Desk.Officers(ctx)
	if err != nil {
		return err
	}
	facts, lines := make([]officerFact, len(officers)), &strings.Builder{}
	for i, o := range officers {
		facts[i] = officerFact{o.Login, string(o.Role), o.Active}
		state := "active"
		if !o.Active {
			state = "left"
		}
		fmt.Fprintf(lines, "%s\t%s\t%s\n", o.Login, o.Role, state)
	}
	return e.say(cmd, facts, "%s", lines)
}

func (e *env) addOfficer(ctx context.Context, cmd *cli.Command) error {
	login, fresh, err := newSecret(cmd)
	if err != nil {
		return err
	}
	n, who, err := e.openVault(ctx, cmd, e.config(cmd))
	if err != nil {
		return err
	}
	defer n.Close()
	op, err := library.NewID(n.Desk.Rand)
	if err != nil {
		return err
	}
	role := library.Role(cmd.String("role"))
	if _, err := n.Desk.AddOfficer(ctx, who, op, desk.OfficerInput{Login: login, Name: cmd.String("name"), Role: role, Password: fresh}); err != nil {
		return err
	}
	return e.say(cmd, officerFact{login, string(role), true}, "%s can sign in now.\n", login)
}

func (e *env) changePassword(ctx context.Context, cmd *cli.Command) error {
	login, fresh, err := newSecret(cmd)
	if err != nil {
		return err
	}
	n, who, err := e.openVault(ctx, cmd, e.config(cmd))
	if err != nil {
		return err
	}
	defer n.Close()
	officers, err := n.Desk.Officers(ctx)
	if err != nil {
		return err
	}
	for _, o := range officers {
		if o.Login != login {
			continue
		}
		if err := n.Desk.ResetPassword(ctx, who, o.ID, fresh); err != nil {
			return err
		}
		return e.say(cmd, officerFact{login, string(o.Role), true}, "%s has a new password.\n", login)
	}
	return usageError{fmt.Errorf("no officer signs in as %q", login)}
}

// newSecret reads whom a command is about and the new password.
func newSecret(cmd *cli.Command) (login, password string, err error) {
	if cmd.Args().Len() != 1 {
		return "", "", usageError{errors.New("say the LOGIN, once, behind the flags")}
	}
	raw, err := os.ReadFile(cmd.String("new-password-file"))
	if err != nil {
		return "", "", usageError{fmt.Errorf("--new-password-file: %w", err)}
	}
	line, _, _ := strings.Cut(string(raw), "\n")
	return cmd.Args().First(), strings.TrimSuffix(line, "\r"), nil
}

// importCommand takes over lists that others publish.
func (e *env) importCommand() *cli.Command {
	return &cli.Command{Name: "import", Usage: "take over lists and members", Commands: []*cli.Command{
		{Name: "regions", Usage: "replace the built-in regions by a file of lines CODE,NAME", ArgsUsage: "FILE", Action: e.importRegions},
	}}
}

func (e *env) importRegions(ctx context.Context, cmd *cli.Command) error {
	if cmd.Args().Len() != 1 {
		return usageError{errors.New("say the FILE")}
	}
	file, err := os.Open(cmd.Args().First())
	if err != nil {
		return usageError{err}
	}
	defer file.Close()
	n, err := e.openNode(ctx, e.config(cmd))
	if err != nil {
		return err
	}
	defer n.Close()
	count, err := n.Desk.ImportRegions(ctx, desk.System, file)
	if err != nil {
		return err
	}
	return e.say(cmd, map[string]int{"regions": count}, "%d regions.\n", count)
}
