package simtest

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

var kill = flag.Int("kill", 0, "how many seeds may pass before a change of our own rules must be found; 0 only sees that each still applies")

// wrongs are our own rules, each taken out of the program.
var wrongs = []struct{ name, file, rule, without string }{
	{"no ticket is old", "node/store/nodes.go", "return t.current, true", "return t.current, false"},
	{"cut without a branch", "node/store/fork.go", "last, err := tx.branch(st, common, moved)",
		"last, err := open, tx.exec(\"DELETE FROM events WHERE stream = ? AND seq > ?\", st.id[:], int64(common))"},
	{"admission without a floor", "node/store/admission.go", "f.Floor = max(f.Floor, floor)", "f.Floor = 0 * floor"},
	{"a digit is granted twice", "node/store/hub.go", "taken := known.Granted(e.Code) | used", "taken := known.Granted(e.Code) & used & 0"},
	{"what overlaps is not compared", "node/store/intake.go", "if recs[known-b.First].Chain != stored {", "if recs[known-b.First].Chain != stored && b.First == 0 {"},
	{"sums are not compared", "node/store/feedin.go", "page.To == f.pos && f.sum != page.Sum", "page.To == f.pos && f.sum != page.Sum && f.pos == 0"},
	{"the node's streams are not compared", "sync/hub/answer.go", "a.Others = list[:min(len(list), othersOnce)]", "a.Others = nil"},
	{"a state of two streams is not fed", "node/store/feed.go", "if len(heads) != 1 {", "if len(heads) == 0 {"},
	{"a fact in two streams counts twice", "node/store/apply.go", "if n > 0 && n < own {", "if n > 0 && n < own && n < 0 {"},
	{"a new epoch compares nothing", "node/store/absorb.go", "if err := tx.compareAnew(); err != nil {", "if err := error(nil); err != nil {"},
	{"the first number is of the old stream", "node/store/log.go", "if tx.s.log.state.renew != \"\" {\n\t\ti = ungranted", "if tx.s.log.state.renew == \"never\" {\n\t\ti = ungranted"},
	{"admission without a ceiling", "node/store/admission.go", "return max(least.Int64, 1), nil", "return 0 * least.Int64, nil"},
	{"a stream that is due is forgotten", "node/store/writer.go", "if s.log.state.head > 0 && s.log.state.renew == \"\" {", "if s.log.state.head > 0 {"},
	{"erasures are forgotten", "node/store/bars.go", "!held && !known.Erased(l.Person) {", "!held && !known.Erased(l.Person) && known == nil {"},
}

// Each of our own rules is needed: without it some seed breaks an invariant.
// go test ./sync/simtest -run TestOurRules -kill 2000 builds the program anew for each.
func TestOurRulesAreNeeded(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range wrongs {
		t.Run(w.name, func(t *testing.T) {
			file := filepath.Join(root, filepath.FromSlash(w.file))
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if n := strings.Count(string(source), w.rule); n != 1 {
				t.Fatalf("the rule stands %d times in %s", n, w.file)
			}
			if *kill == 0 {
				return
			}
			dir := t.TempDir()
			changed, overlay := filepath.Join(dir, "changed.go"), filepath.Join(dir, "overlay.json")
			if err := os.WriteFile(changed, []byte(strings.Replace(string(source), w.rule, w.without, 1)), 0o600); err != nil {
				t.Fatal(err)
			}
			list, err := json.Marshal(map[string]map[string]string{"Replace": {file: changed}})
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(overlay, list, 0o600); err != nil {
				t.Fatal(err)
			}
			out, err := exec.Command("go", "test", "-timeout", "3h", "-overlay", overlay, "-run", "TestSeeds", "simpul/sync/simtest", "-seeds", fmt.Sprint(*kill), "-most", "1").CombinedOutput()
			broke := strings.Index(string(out), "broke ")
			if err == nil || broke < 0 {
				t.Fatalf("nothing was found in %d seeds: %s", *kill, out)
			}
			line, _, _ := strings.Cut(string(out)[strings.LastIndex(string(out)[:broke], "seed"):], "\n")
			t.Log(line)
		})
	}
}
