package node

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/urfave/cli/v3"
)

// tell prints facts: as JSON with --json, else as write puts them.
func (e *env) tell(cmd *cli.Command, facts any, write func(io.Writer)) error {
	if !cmd.Bool("json") {
		write(e.out)
		return nil
	}
	out := json.NewEncoder(e.out)
	out.SetIndent("", "  ")
	if err := out.Encode(facts); err != nil {
		return fmt.Errorf("node: print: %w", err)
	}
	return nil
}

// say is tell with one sentence.
func (e *env) say(cmd *cli.Command, facts any, format string, args ...any) error {
	return e.tell(cmd, facts, func(w io.Writer) { fmt.Fprintf(w, format, args...) })
}

// progress returns a function that shows how far long work is, with its rate: about each second on a terminal, about
// each ten seconds elsewhere. It is for one goroutine.
func (e *env) progress(what string) func(done, total int64) {
	pause, end := 10*time.Second, "\n"
	if f, ok := e.errOut.(*os.File); ok {
		if st, err := f.Stat(); err == nil && st.Mode()&os.ModeCharDevice != 0 {
			pause, end = time.Second, "\r"
		}
	}
	start := time.Now()
	shown := start
	return func(done, total int64) {
		now := time.Now()
		if now.Sub(shown) < pause && done < total || shown == start && done >= total {
			return
		}
		shown = now
		fmt.Fprintf(e.errOut, "%s %d of %d, %.0f/s   %s", what, done, total, float64(done)/now.Sub(start).Seconds(), end)
	}
}
