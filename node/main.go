package node

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"runtime"

	"github.com/urfave/cli/v3"

	"simpul/node/library"
	"simpul/node/store"
)

// Exit codes of every command; --help lists them.
const (
	exitOK          = 0
	exitFailed      = 1
	exitUsage       = 2
	exitInUse       = 3 // another process holds the data directory
	exitNewer       = 4 // the data was written by a newer version
	exitNotSetUp    = 5
	exitWrongSecret = 6
	exitFindings    = 7 // check, doctor or card check found something
	exitWaits       = 8 // the centre has not approved or answered yet
	exitUndecided   = 9 // card check cannot say
)

// Version is set by the release build: -ldflags "-X simpul/node.Version=…".
var Version = "pengembangan"

// env is what commands share.
type env struct {
	files  fs.FS
	out    io.Writer
	errOut io.Writer
	in     io.Reader
	args   []string // the command line, without the program's name

	inside *Node  // the running node that carries this command out; nil in a process of its own
	dir    string // where the command was typed, when it is carried out elsewhere
}

// Main runs the command line and returns the exit code.
func Main(ctx context.Context, args []string, files fs.FS) int {
	face, err := fs.Sub(files, "ui")
	if err != nil {
		fmt.Fprintln(os.Stderr, "simpul:", err)
		return exitFailed
	}
	return run(ctx, args, &env{files: face, out: os.Stdout, errOut: os.Stderr, in: os.Stdin})
}

func run(ctx context.Context, args []string, e *env) int {
	e.args = args[1:]
	err := e.commands().Run(ctx, args)
	if err == nil {
		return exitOK
	}
	if handed := (handedError{}); errors.As(err, &handed) {
		fmt.Fprint(e.errOut, handed.Err)
		return handed.Code
	}
	code := codeOf(err)
	fmt.Fprintln(e.errOut, "simpul:", sentence(err))
	return code
}

// commands is the whole command line; `simpul` alone is `simpul serve`.
func (e *env) commands() *cli.Command {
	root := &cli.Command{
		Name:        "simpul",
		Usage:       "registers library members and counts visits, without internet",
		Description: "Without a command it serves: it opens the page of this PC's node.\n\nExit codes: 0 done, 1 failed, 2 wrong usage, 3 data directory in use, 4 data of a newer version,\n5 not set up, 6 wrong password or words, 7 check, doctor or card check found something,\n8 the centre has not approved or answered yet, 9 card check cannot say.",
		Version:     Version,
		Writer:      e.out,
		ErrWriter:   e.errOut,
		Flags:       append(e.common(), serveFlags()...),
		Action:      e.serve,
		ExitErrHandler: func(context.Context, *cli.Command, error) {
			// The exit code is decided in run.
		},
		ArgValidator: noStrayWords,
		Commands: []*cli.Command{
			{Name: "serve", Usage: "serve the screens of this node", Flags: serveFlags(), Action: e.serve},
			e.checkCommand(), e.rebuildCommand(), e.backupCommand(), e.doctorCommand(),
			e.setupCommand(), e.officerCommand(), e.configCommand(), e.importCommand(),
			e.joinCommand(), e.reopenCommand(), e.nodeCommand(), e.syncCommand(), e.bundleCommand(),
			e.demoCommand(), e.benchCommand(), e.cardCommand(),
			{Name: "version", Usage: "print the version", Action: e.version},
		},
	}
	// A walk that is told no error by the visitor returns none.
	_ = root.Walk(func(cmd *cli.Command) error {
		cmd.OnUsageError = wrongUsage
		return nil
	})
	return root
}

// wrongUsage says in one line what is wrong; the library would print the whole help before it.
func wrongUsage(_ context.Context, cmd *cli.Command, err error, _ bool) error {
	return usageError{fmt.Errorf("%w; see %s --help", err, cmd.FullName())}
}

// noStrayWords refuses a word that a command has no use for: a misspelt command, or an argument of a command without any.
func noStrayWords(_ context.Context, cmd *cli.Command) error {
	if cmd.ArgsUsage == "" && cmd.Args().Present() {
		return usageError{fmt.Errorf("there is no %q here; see %s --help", cmd.Args().First(), cmd.FullName())}
	}
	return nil
}

// common are the flags of every command.
func (e *env) common() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "data", Usage: "`DIR` that holds the data", Value: defaultDir(), Sources: cli.EnvVars("SIMPUL_DATA")},
		&cli.StringFlag{Name: "log-level", Usage: "debug, info, warn or error", Value: "info", Sources: cli.EnvVars("SIMPUL_LOG_LEVEL"),
			Validator: func(s string) error { return new(slog.Level).UnmarshalText([]byte(s)) }},
		&cli.BoolFlag{Name: "json", Usage: "print facts as JSON"},
	}
}

func (e *env) version(_ context.Context, cmd *cli.Command) error {
	return e.say(cmd, map[string]string{"version": Version, "go": runtime.Version(), "system": runtime.GOOS + "/" + runtime.GOARCH}, "simpul %s\n", Version)
}

func (e *env) logger(cmd *cli.Command) *slog.Logger {
	level := slog.LevelInfo
	if err := level.UnmarshalText([]byte(cmd.String("log-level"))); err != nil {
		level = slog.LevelInfo
	}
	return slog.New(slog.NewTextHandler(e.errOut, &slog.HandlerOptions{Level: level}))
}

// config is the configuration of a node as the flags give it.
func (e *env) config(cmd *cli.Command) Config {
	return Config{Dir: cmd.String("data"), Files: e.files, Log: e.logger(cmd), Machine: machineID()}
}

type usageError struct{ error }

func (u usageError) Unwrap() error { return u.error }

// codeOf maps an error to the exit code.
func codeOf(err error) int {
	var usage usageError
	switch {
	case errors.As(err, &usage):
		return exitUsage
	case errors.Is(err, store.ErrInUse):
		return exitInUse
	case errors.Is(err, store.ErrNewer):
		return exitNewer
	case errors.Is(err, errNotSetUp):
		return exitNotSetUp
	case errors.Is(err, errFindings), errors.Is(err, errAttention):
		return exitFindings
	case errors.Is(err, errWaits), errors.Is(err, errNotThrough):
		return exitWaits
	case errors.Is(err, errUndecided):
		return exitUndecided
	}
	switch library.KindOf(err) {
	case library.KindUnauthenticated:
		return exitWrongSecret
	case library.KindInvalid:
		return exitUsage
	}
	return exitFailed
}

var (
	errNotSetUp = errors.New("this data directory has not been set up; run `simpul setup` or open `simpul serve`")
	errFindings = errors.New("the check found something")

	errWaits = errors.New("the centre has not approved yet")

	errNotThrough = errors.New("the exchange did not come through; it is tried again")

	errAttention = errors.New("something needs attention")
)
