package node

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain makes `simpul` a command of the scripts, run in a process of its own from this test's binary.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"simpul": func() {
			os.Exit(Main(context.Background(), append([]string{"simpul"}, os.Args[1:]...), os.DirFS(os.Getenv("SIMPUL_FILES"))))
		},
	})
}

// TestCommands runs the scripts in testdata/script: commands as people type them.
func TestCommands(t *testing.T) {
	top, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{Dir: "testdata/script", RequireExplicitExec: true, RequireUniqueNames: true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("SIMPUL_FILES", top)
			env.Setenv("SIMPUL_LOG_LEVEL", "error")
			env.Setenv("HOME", env.WorkDir)
			self, err := os.Executable()
			env.Setenv("SELF", self) // a program made from this module
			env.Setenv("TMPDIR", filepath.Join(env.WorkDir, ".tmp"))
			return err
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"damage": damage, "onlycopy": onlyCopy, "exits": exits,
			"until": until, "code": found("CODE", `"code": "([^"]+)"`), "check": found("CHECK", `check code: (\S+)`), "asked": found("CHECK", `"check": "([^"]+)"`), "stop": stop},
	})
}

// until FILE waits until a file is there that a command in the background writes.
func until(ts *testscript.TestScript, _ bool, args []string) {
	for range 1500 {
		if _, err := os.Stat(ts.MkAbs(args[0])); err == nil {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	ts.Fatalf("%s was never written", args[0])
}

// found keeps what the last command printed, as a variable of the script.
func found(name, pattern string) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, _ bool, _ []string) {
		m := regexp.MustCompile(pattern).FindStringSubmatch(ts.ReadFile("stdout"))
		if m == nil {
			ts.Fatalf("nothing like %s was printed", pattern)
		}
		ts.Setenv(name, m[1])
	}
}

// stop ends what runs in the background as a person would.
func stop(ts *testscript.TestScript, _ bool, _ []string) {
	for _, c := range ts.BackgroundCmds() {
		ts.Check(c.Process.Signal(os.Interrupt))
	}
}

// exits CODE COMMAND… runs a command that has to end with a code.
func exits(ts *testscript.TestScript, _ bool, args []string) {
	code := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var ended *exec.ExitError
		if !errors.As(err, &ended) {
			ts.Check(err)
		}
		code = ended.ExitCode()
	}
	if strconv.Itoa(code) != args[0] {
		ts.Fatalf("ended with code %d, not %s", code, args[0])
	}
}

// damage PATTERN writes over the beginning of every page but the first, and the last bytes, of the first file that
// fits, as a bad disk might.
func damage(ts *testscript.TestScript, _ bool, args []string) {
	const page = 4096
	files, err := filepath.Glob(ts.MkAbs(args[0]))
	ts.Check(err)
	if len(files) == 0 {
		ts.Fatalf("no file is called %s", args[0])
	}
	data, err := os.ReadFile(files[0])
	ts.Check(err)
	for at := page; at+16 < len(data); at += page {
		copy(data[at:], "damaged damaged ")
	}
	copy(data[len(data)-16:], "damaged damaged ")
	ts.Check(os.WriteFile(files[0], data, 0o600))
}

// onlyCopy FOLDER NAME gives the one copy in a folder a name that the script knows.
func onlyCopy(ts *testscript.TestScript, _ bool, args []string) {
	files, err := filepath.Glob(filepath.Join(ts.MkAbs(args[0]), "*.db"))
	ts.Check(err)
	if len(files) != 1 {
		ts.Fatalf("%d copies", len(files))
	}
	ts.Check(os.Rename(files[0], filepath.Join(ts.MkAbs(args[0]), args[1])))
}
