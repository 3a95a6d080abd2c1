package node_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// These tables hold the walls of the house; .golangci.yml tells the same to an
// editor. A new library or a new door between packages is one line here, with its
// reason in the commit.

// libraries says which packages may import an outside library. The first five have
// exactly the owners the house gave them.
var libraries = map[string][]string{
	"github.com/gofiber/fiber/v2":         {"ui"},
	"modernc.org/sqlite":                  {"node/store"},
	"github.com/hashicorp/go-memdb":       {"node/board"},
	"github.com/robfig/cron/v3":           {"node/jobs"},
	"github.com/boombuler/barcode":        {"node/card"},
	"github.com/fxamacker/cbor/v2":        {"sync/event"},
	"github.com/klauspost/compress":       {"sync/wire"},
	"filippo.io/age":                      {"node/vault", "sync/bundle"},
	"golang.org/x/crypto":                 {"node/vault"},
	"software.sslmate.com/src/go-pkcs12":  {"node/vault", "node"}, // the last in tests
	"github.com/pressly/goose/v3":         {"node/store"},
	"github.com/gofrs/flock":              {"node/store"},
	"codeberg.org/go-pdf/fpdf":            {"node/card", "node/report"},
	"github.com/xuri/excelize/v2":         {"node/report", "node/exchange"},
	"golang.org/x/image":                  {"node/photo", "node/card"},
	"github.com/makiuchi-d/gozxing":       {"node/card/scan", "node/card", "node/nodetest"}, // the last two in tests
	"github.com/nyaruka/phonenumbers":     {"node/desk"},
	"github.com/urfave/cli/v3":            {"node"},
	"github.com/kardianos/service":        {"node"},
	"github.com/prometheus/client_golang": {"node"},
	"golang.org/x/sync":                   {"node", "node/store", "sync/agent", "sync/hub"},
	"golang.org/x/sys":                    {"node", "node/store", "node/config"},
	"golang.org/x/text":                   {"node/exchange"},
}

// testLibraries may be imported by any test, and by nodetest and e2e.
var testLibraries = []string{
	"pgregory.net/rapid", "github.com/chromedp/chromedp", "github.com/chromedp/cdproto",
	"github.com/rogpeppe/go-internal", "github.com/pdfcpu/pdfcpu", "golang.org/x/net/html", "github.com/veraison/go-cose",
}

// doors says which of our packages a package or folder may import, where that is
// restricted; the longest name that fits decides. A folder ends in a slash.
var doors = map[string][]string{
	"node/library":   {},
	"node/vault":     {"node/library"},
	"node/board":     {},
	"node/jobs":      {},
	"node/card/sign": {"node/library", "sync/event"},
	"node/card/scan": {},
	"sync/":          {"sync/"},
	"sync/event":     {},
	"sync/merge":     {"sync/event"},
	"sync/simtest":   {"sync/", "node/"},
	"ui":             {"ui/", "node/library", "node/desk", "node/office", "node/report"},
	"ui/view":        {},
	"ui/text":        {},
}

// pure packages reach no disk, no network and no database.
var (
	pure       = []string{"node/library", "node/card/sign", "sync/event", "sync/merge", "ui/view"}
	outerWorld = []string{"os", "os/exec", "net", "net/http", "database/sql"}
)

var (
	sqlOwners   = []string{"node/store"}
	clockOwners = []string{"node", "node/nodetest", "sync/simtest"} // clock and randomness are passed in from here
	testSupport = []string{"node/nodetest", "node/e2e", "sync/badline", "sync/simtest"}
	vagueNames  = []string{"util", "utils", "common", "helper", "helpers", "models", "services", "types"}
)

// ambient is what reads the machine's own clock or randomness.
var ambient = map[string][]string{
	"time":         {"Now", "Since", "Until"},
	"crypto/rand":  {"Reader", "Read", "Text"},
	"math/rand":    {"Int", "Intn", "Int31", "Int31n", "Int63", "Int63n", "Uint32", "Uint64", "Float32", "Float64", "ExpFloat64", "NormFloat64", "Perm", "Shuffle", "Read", "Seed"},
	"math/rand/v2": {"Int", "IntN", "Int32", "Int32N", "Int64", "Int64N", "Uint", "UintN", "Uint32", "Uint32N", "Uint64", "Uint64N", "N", "Float32", "Float64", "ExpFloat64", "NormFloat64", "Perm", "Shuffle"},
}

const maxLines = 1000

// source is one Go file; pkg is its folder from the top, "" for the top itself.
type source struct {
	pkg, name string
	text      []byte
}

func (s source) test() bool { return strings.HasSuffix(s.name, "_test.go") }

func TestWalls(t *testing.T) {
	sources := goFiles(t)
	if len(sources) < 20 {
		t.Fatalf("only %d Go files found: the test looks in the wrong place", len(sources))
	}
	for _, s := range sources {
		for _, breach := range breaches(s) {
			t.Errorf("%s: %s", path.Join(s.pkg, s.name), breach)
		}
	}
}

// goFiles reads every Go file of the module, also those for other systems.
func goFiles(t *testing.T) []source {
	t.Helper()
	list := exec.Command("go", "list", "-e", "-deps=false", "-json=ImportPath,Dir", "./...")
	list.Dir = ".."
	list.Stderr = os.Stderr
	out, err := list.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var sources []source
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var pkg struct{ ImportPath, Dir string }
		if err := decoder.Decode(&pkg); errors.Is(err, io.EOF) {
			return sources
		} else if err != nil {
			t.Fatal(err)
		}
		files, err := filepath.Glob(filepath.Join(pkg.Dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			folder := strings.TrimPrefix(strings.TrimPrefix(pkg.ImportPath, "simpul"), "/")
			sources = append(sources, source{folder, filepath.Base(file), text})
		}
	}
}

// breaches lists what a file does against the rules of the house.
func breaches(s source) []string {
	var found []string
	say := func(format string, args ...any) { found = append(found, fmt.Sprintf(format, args...)) }

	lines := bytes.Count(s.text, []byte("\n"))
	if lines > maxLines {
		say("%d lines; no file is longer than %d", lines, maxLines)
	}
	if s.pkg == "" && (s.name != "embed.go" || lines >= 40) {
		say("the top holds embed.go alone, under 40 lines")
	}
	if s.pkg == "sync" {
		say("a package directly in sync/ would shadow the standard one")
	}
	file, err := parser.ParseFile(token.NewFileSet(), s.name, s.text, parser.SkipObjectResolution)
	if err != nil {
		say("%v", err)
		return found
	}
	if name := strings.TrimSuffix(file.Name.Name, "_test"); slices.Contains(vagueNames, name) {
		say("package %s: a package is named for what it does", name)
	}
	for _, spec := range file.Imports {
		target, _ := strconv.Unquote(spec.Path.Value)
		if breach := importBreach(s, target); breach != "" {
			say("%s", breach)
		}
	}
	if !s.test() {
		for _, call := range ambientReads(file) {
			if !slices.Contains(clockOwners, s.pkg) {
				say("%s: clock and randomness are passed in from package node", call)
			}
		}
	}
	for _, decl := range file.Decls {
		if f, ok := decl.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
			say("func init: say it where it is used")
		}
	}
	return found
}

func importBreach(s source, target string) string {
	inside, own := strings.CutPrefix(target, "simpul/")
	switch {
	case own:
		return doorBreach(s, inside)
	case !strings.Contains(strings.Split(target, "/")[0], "."):
		return standardBreach(s, target)
	}
	support := s.test() || slices.Contains(testSupport, s.pkg)
	for _, library := range testLibraries {
		if within(target, library) {
			if support {
				return ""
			}
			return library + " is for tests"
		}
	}
	for library, owners := range libraries {
		if within(target, library) {
			if slices.Contains(owners, s.pkg) {
				return ""
			}
			return fmt.Sprintf("%s is imported by %s only", library, strings.Join(owners, " and "))
		}
	}
	return target + " is not in the table of libraries"
}

// doorBreach holds the walls between our packages. Tests may go round to see the
// result, except where a package must stay testable alone.
func doorBreach(s source, target string) string {
	door, allowed := "", []string(nil)
	for from, to := range doors {
		fits := from == s.pkg || strings.HasSuffix(from, "/") && strings.HasPrefix(s.pkg, from)
		if fits && len(from) > len(door) {
			door, allowed = from, to
		}
	}
	alone := strings.HasPrefix(s.pkg, "sync/") || s.pkg == "node/library"
	if door == "" || target == s.pkg || s.test() && !alone {
		return ""
	}
	for _, to := range allowed {
		if target == to || strings.HasSuffix(to, "/") && strings.HasPrefix(target, to) {
			return ""
		}
	}
	return fmt.Sprintf("%s may not import %s", s.pkg, target)
}

func standardBreach(s source, target string) string {
	switch {
	case s.test():
		return ""
	case target == "C":
		return "cgo: Simpul is pure Go"
	case slices.Contains(pure, s.pkg) && slices.Contains(outerWorld, target):
		return fmt.Sprintf("%s is pure and may not import %s", s.pkg, target)
	case within(target, "database/sql") && !slices.Contains(sqlOwners, s.pkg):
		return "SQL stands in " + strings.Join(sqlOwners, " and ")
	}
	return ""
}

// ambientReads finds uses of the machine's own clock and randomness, called or
// passed on. What works on a source that was passed in, like rand.Int, is not among them.
func ambientReads(file *ast.File) []string {
	names := map[string][]string{}
	for _, spec := range file.Imports {
		target, _ := strconv.Unquote(spec.Path.Value)
		if uses, ok := ambient[target]; ok {
			name := path.Base(strings.TrimSuffix(target, "/v2"))
			if spec.Name != nil {
				name = spec.Name.Name
			}
			names[name] = append(names[name], uses...)
		}
	}
	var found []string
	ast.Inspect(file, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if from, ok := sel.X.(*ast.Ident); ok && slices.Contains(names[from.Name], sel.Sel.Name) {
				found = append(found, from.Name+"."+sel.Sel.Name)
			}
		}
		return true
	})
	return found
}

// within says whether an import path is a module or a package of it.
func within(target, module string) bool {
	return target == module || strings.HasPrefix(target, module+"/")
}

// TestWallsHold shows the walls something against each rule, and what is allowed.
func TestWallsHold(t *testing.T) {
	tests := map[string]struct {
		file, text, want string
	}{
		"fiber outside ui":           {"node/desk/a.go", `package desk; import _ "github.com/gofiber/fiber/v2/middleware/csrf"`, "ui only"},
		"fiber in ui":                {"ui/a.go", `package ui; import _ "github.com/gofiber/fiber/v2"`, ""},
		"sqlite in the desk":         {"node/desk/a.go", `package desk; import _ "modernc.org/sqlite"`, "node/store only"},
		"sqlite in a test elsewhere": {"node/desk/a_test.go", `package desk; import _ "modernc.org/sqlite"`, "only"},
		"unknown library":            {"node/desk/a.go", `package desk; import _ "example.com/left-pad"`, "not in the table"},
		"test library in a program":  {"node/desk/a.go", `package desk; import _ "pgregory.net/rapid"`, "for tests"},
		"test library in a test":     {"node/desk/a_test.go", `package desk; import _ "pgregory.net/rapid"`, ""},
		"ui round the desk":          {"ui/a.go", `package ui; import _ "simpul/node/store"`, "may not import"},
		"ui to the board":            {"ui/a.go", `package ui; import _ "simpul/node/board"`, "may not import"},
		"ui to the desk":             {"ui/a.go", `package ui; import _ "simpul/node/desk"`, ""},
		"a ui test with a node":      {"ui/a_test.go", `package ui; import _ "simpul/node/nodetest"`, ""},
		"vault to store":             {"node/vault/a.go", `package vault; import _ "simpul/node/store"`, "may not import"},
		"store to vault":             {"node/store/a.go", `package store; import _ "simpul/node/vault"`, ""},
		"sync to node":               {"sync/agent/a.go", `package agent; import _ "simpul/node/store"`, "may not import"},
		"a sync test to node":        {"sync/agent/a_test.go", `package agent; import _ "simpul/node/store"`, "may not import"},
		"simtest to node":            {"sync/simtest/a.go", `package simtest; import _ "simpul/node/nodetest"`, ""},
		"merge to wire":              {"sync/merge/a.go", `package merge; import _ "simpul/sync/wire"`, "may not import"},
		"merge to event":             {"sync/merge/a.go", `package merge; import _ "simpul/sync/event"`, ""},
		"library to anything":        {"node/library/a.go", `package library; import _ "simpul/sync/event"`, "may not import"},
		"library to the disk":        {"node/library/a.go", `package library; import _ "os"`, "pure"},
		"a package in sync":          {"sync/a.go", `package sync`, "shadow"},
		"SQL at the desk":            {"node/desk/a.go", `package desk; import _ "database/sql"`, "SQL stands"},
		"the clock":                  {"node/desk/a.go", `package desk; import "time"; var a = time.Now`, "time.Now"},
		"the clock renamed":          {"node/desk/a.go", `package desk; import c "time"; var a = c.Since(b)`, "c.Since"},
		"the clock in node":          {"node/a.go", `package node; import "time"; var a = time.Now`, ""},
		"the clock in a test":        {"node/desk/a_test.go", `package desk; import "time"; var a = time.Now`, ""},
		"something else called Now":  {"node/desk/a.go", `package desk; import "time"; var a = options.Now().Add(time.Second)`, ""},
		"randomness":                 {"node/desk/a.go", `package desk; import "crypto/rand"; var a = rand.Reader`, "rand.Reader"},
		"shared randomness":          {"node/desk/a.go", `package desk; import "math/rand/v2"; var a = rand.IntN(3)`, "rand.IntN"},
		"randomness passed in":       {"node/desk/a.go", `package desk; import "crypto/rand"; var a, b = rand.Int(from, max)`, ""},
		"init":                       {"node/desk/a.go", `package desk; func init() {}`, "func init"},
		"a method called init":       {"node/desk/a.go", `package desk; func (a) init() {}`, ""},
		"a vague name":               {"node/util/a.go", `package util`, "named for what it does"},
		"too long":                   {"node/desk/a.go", "package desk\n" + strings.Repeat("\n", maxLines), "no file is longer"},
		"a second file at the top":   {"main.go", "package main", "embed.go alone"},
		"cgo":                        {"node/desk/a.go", `package desk; import "C"`, "pure Go"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			folder := strings.TrimSuffix(path.Dir(tt.file), ".")
			got := breaches(source{folder, path.Base(tt.file), []byte(tt.text)})
			switch {
			case tt.want == "" && len(got) == 0:
			case tt.want != "" && len(got) == 1 && strings.Contains(got[0], tt.want):
			default:
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
