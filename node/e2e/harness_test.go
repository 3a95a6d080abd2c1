package e2e

import (
	"bufio"
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"simpul/node/nodetest"
)

// Program is the built binary, running on a data directory of its own.
type Program struct {
	URL  string // http://localhost:port
	Link string // the address it printed, with the one-time link on a first start
	Dir  string
	cmd  *exec.Cmd
	log  bytes.Buffer
	mu   sync.Mutex
}

var build = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "simpul-e2e-")
	if err != nil {
		return "", err
	}
	exe := filepath.Join(dir, "simpul")
	cmd := exec.Command("go", "build", "-o", exe, ".")
	cmd.Dir = nodetest.Root()
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, out)
	}
	return exe, nil
})

// Binary builds the program once per test run.
func Binary(t testing.TB) string {
	t.Helper()
	exe, err := build()
	if err != nil {
		t.Fatal(err)
	}
	return exe
}

// Run runs a command of the program to its end and returns what it printed.
func Run(t testing.TB, args ...string) string {
	t.Helper()
	exe := Binary(t)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, exe, args...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGQUIT) } // it says where it stands, and ends
	cmd.WaitDelay = time.Second
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("simpul %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// Serve starts the program on a directory; the test ends it.
func Serve(t testing.TB, dir string, args ...string) *Program {
	t.Helper()
	p := &Program{Dir: dir}
	p.cmd = exec.Command(Binary(t), append([]string{"--data", dir, "--listen", "127.0.0.1:0", "--no-browser"}, args...)...)
	p.cmd.Stderr = &locked{p: p}
	p.cmd.WaitDelay = time.Second
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Kill)
	line := make(chan string, 1)
	go func() {
		defer close(line)
		lines := bufio.NewScanner(out)
		if lines.Scan() {
			line <- lines.Text()
		}
		for lines.Scan() {
		}
	}()
	select {
	case said, ok := <-line:
		if !ok {
			t.Fatalf("the program printed nothing:\n%s", p.Log())
		}
		p.Link = strings.TrimPrefix(said, "Simpul: ")
	case <-time.After(patience):
		p.cmd.Process.Signal(syscall.SIGQUIT) // it says where it stands, and ends
		time.AfterFunc(time.Second, func() { p.cmd.Process.Kill() })
		p.cmd.Wait()
		t.Fatalf("the program does not start:\n%s", p.Log())
	}
	u, err := url.Parse(p.Link)
	if err != nil || u.Host == "" {
		t.Fatalf("not an address: %q", p.Link)
	}
	p.URL = "http://" + u.Host
	return p
}

// Kill ends the program at once, as a power cut does.
func (p *Program) Kill() {
	if p.cmd.ProcessState == nil {
		p.cmd.Process.Kill()
		p.cmd.Wait()
	}
}

// Log is what the program wrote to its log.
func (p *Program) Log() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.String()
}

type locked struct{ p *Program }

func (l *locked) Write(b []byte) (int, error) {
	l.p.mu.Lock()
	defer l.p.mu.Unlock()
	return l.p.log.Write(b)
}

// Screen is one browser window.
type Screen struct {
	t      testing.TB
	ctx    context.Context
	url    string
	travel *travel
}

// patience is how long anything may take before a test gives up, on a slow PC that has other things to do. Nothing waits
// for ever.
const patience = time.Minute

// Open starts a headless browser of its own, with a made-up camera, and no way to
// the internet. One that does not come up is ended and started anew, once.
func (p *Program) Open(t testing.TB, width, height int) *Screen {
	t.Helper()
	s, err := p.open(t, width, height)
	if err != nil {
		t.Logf("%v; once more", err)
		if s, err = p.open(t, width, height); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func (p *Program) open(t testing.TB, width, height int) (*Screen, error) {
	t.Helper()
	return p.openTo(t, "", chromedp.EmulateViewport(int64(width), int64(height)))
}

// openTo starts a browser that may also reach a host besides this PC's own names.
func (p *Program) openTo(t testing.TB, host string, emulate chromedp.Action[chromedp.Void]) (*Screen, error) {
	t.Helper()
	reach := ""
	if host != "" {
		reach = " , EXCLUDE " + host
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(browser(t)), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("use-fake-device-for-media-stream", true), chromedp.Flag("use-fake-ui-for-media-stream", true),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1"+reach))
	alloc, stop := chromedp.NewExecAllocator(context.Background(), opts...)
	ctx, cancel := chromedp.NewContext(alloc)
	s := &Screen{t: t, ctx: ctx, url: p.URL}
	return s, s.begin(func() { cancel(); stop() }, emulate)
}

// begin opens the window; it ends with the test, or at once when it does not open in time. What is done first in a
// window can have no limit by its context: the window would close at it.
func (s *Screen) begin(end func(), steps ...chromedp.Action[chromedp.Void]) error {
	s.travel = &travel{}
	err := within(patience, func() error {
		if err := chromedp.Do(s.ctx, steps...); err != nil {
			return err
		}
		return chromedp.Listen(s.ctx, s.travel.hear)
	})
	stop := func() {
		if err := within(patience, func() error { end(); return nil }); err != nil {
			s.t.Errorf("end the browser: %v", err)
		}
	}
	if err != nil {
		stop()
		return fmt.Errorf("start the browser: %w", err)
	}
	s.t.Cleanup(stop)
	return nil
}

// within runs what knows no limit of its own.
func within(limit time.Duration, f func() error) error {
	done := make(chan error, 1)
	go func() { done <- f() }()
	select {
	case err := <-done:
		return err
	case <-time.After(limit):
		return fmt.Errorf("not done in %s", limit)
	}
}

// Tab opens another tab in the same browser: the same person, the same session.
func (s *Screen) Tab() *Screen {
	s.t.Helper()
	ctx, cancel := chromedp.NewContext(s.ctx)
	tab := &Screen{t: s.t, ctx: ctx, url: s.url}
	if err := tab.begin(cancel); err != nil {
		s.t.Fatal(err)
	}
	return tab
}

func browser(t testing.TB) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatal("no Chromium on this machine; .ci/run installs it")
	return ""
}

// Do runs browser actions, one after the other.
func (s *Screen) Do(steps ...chromedp.Action[chromedp.Void]) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		s.fail(err)
	}
}

func (s *Screen) fail(err error) {
	s.t.Helper()
	s.Shot("failed")
	ctx, cancel := context.WithTimeout(s.ctx, 10*time.Second)
	defer cancel()
	seen, serr := chromedp.Run(ctx, chromedp.Evaluate[string]("location.pathname + '\\n' + document.body?.innerText"))
	if serr != nil {
		seen = serr.Error()
	}
	s.t.Fatalf("%v\nat %s", err, seen)
}

// Eval runs a script in the page and returns its value; promises are awaited.
func Eval[T any](s *Screen, js string) T {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](js, chromedp.EvalAwaitPromise))
	if err != nil {
		s.fail(fmt.Errorf("script: %w", err))
	}
	return v
}

// Go opens a page of the program.
func (s *Screen) Go(path string) {
	s.t.Helper()
	if !strings.HasPrefix(path, "http") {
		path = s.url + path
	}
	if err := s.open(path); err != nil {
		s.fail(err)
	}
}

// Keys types as on a keyboard, into whatever has the focus, and waits for the page that this leads to, if it does.
func (s *Screen) Keys(keys string) {
	s.t.Helper()
	s.Do(chromedp.KeyEvent(keys))
	s.settle()
}

// Alt presses Alt and a letter together.
func (s *Screen) Alt(letter string) {
	s.t.Helper()
	s.Do(chromedp.KeyEvent(letter, chromedp.KeyModifiers(chromedp.ModifierAlt)))
	s.settle()
}

// Type puts text into the field with a name by keyboard, in place of what is there.
func (s *Screen) Type(name, value string) {
	s.t.Helper()
	s.Until(fmt.Sprintf(`document.querySelector('[name="%s"]')`, name))
	Eval[bool](s, fmt.Sprintf(`(() => { const f = document.querySelector('[name="%s"]'); f.focus(); f.select && f.select(); return true })()`, name))
	s.Keys(value)
}

// Choose picks an option of a select, or the radio button or tick box with a value.
func (s *Screen) Choose(name, value string) {
	s.t.Helper()
	js := fmt.Sprintf(`(() => {
		const all = [...document.getElementsByName(%s)];
		for (const f of all) {
			if (f.tagName === "SELECT") { f.value = %[2]s; f.dispatchEvent(new Event("change", {bubbles: true})); return f.value === %[2]s }
			if (f.value === %[2]s) { if (!f.checked) f.click(); return f.checked }
		}
		return false
	})()`, quote(name), quote(value))
	if !Eval[bool](s, js) {
		s.fail(fmt.Errorf("%s cannot be set to %q", name, value))
	}
}

// Press presses the first visible button or link with these words on it, by mouse.
func (s *Screen) Press(words string) {
	s.t.Helper()
	find := fmt.Sprintf(`[...document.querySelectorAll("button, a, summary, label")].find(e => e.checkVisibility() && e.innerText.replace(/\s+/g, " ").includes(%s))`, quote(words))
	at := `(() => { const e = ` + find + `; if (!e) return null; e.scrollIntoView({block: "center", behavior: "instant"}); const r = e.getBoundingClientRect();
		const x = r.x + r.width / 2, y = r.y + Math.min(r.height / 2, 20); return e.contains(document.elementFromPoint(x, y)) ? [x, y] : null })()`
	s.Until(`window.point = ` + at)
	point := Eval[[2]float64](s, `window.point`)
	s.Do(chromedp.MouseClickXY(point[0], point[1]))
	s.settle()
}

// Wait waits until a person can read the words.
func (s *Screen) Wait(words string) {
	s.t.Helper()
	s.Until(fmt.Sprintf(`document.body && document.body.innerText.replace(/\s+/g, " ").includes(%s)`, quote(words)))
}

// Until waits until a script says true. A page that is being replaced says false.
func (s *Screen) Until(js string) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.ctx, patience)
	defer cancel()
	for {
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("!!("+js+")"))
		if ok && err == nil {
			return
		}
		select {
		case <-ctx.Done():
			s.fail(fmt.Errorf("waited in vain for %s", js))
		case <-time.After(40 * time.Millisecond):
		}
	}
}

// Path is where the browser is.
func (s *Screen) Path() string {
	s.t.Helper()
	return Eval[string](s, "location.pathname")
}

// Text is what the page says.
func (s *Screen) Text() string {
	s.t.Helper()
	return Eval[string](s, "document.body.innerText")
}

// Shots is where screenshots go; nothing is written when it is empty. The README's
// pictures are made so: SIMPUL_SHOTS=DIR go test ./node/e2e
var Shots = os.Getenv("SIMPUL_SHOTS")

// Shot takes a picture of the window.
func (s *Screen) Shot(name string) {
	if Shots == "" {
		return
	}
	ctx, cancel := context.WithTimeout(s.ctx, 10*time.Second)
	defer cancel()
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		s.t.Logf("screenshot %s: %v", name, err)
		return
	}
	if err := os.MkdirAll(Shots, 0o755); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(Shots, name+".png"), png, 0o600); err != nil {
		s.t.Fatal(err)
	}
}

//go:embed testdata/axe.min.js
var axe string

// Accessible fails when axe-core finds anything serious on the page.
func (s *Screen) Accessible(name string) {
	s.t.Helper()
	Eval[int](s, axe+";0")
	// A greeting that goes away by itself stays for whoever points at it.
	raw := Eval[string](s, `(() => {
		const pointing = setInterval(() => document.dispatchEvent(new Event("pointermove")), 500);
		return axe.run(document, {resultTypes: ["violations"]}).finally(() => clearInterval(pointing)).then(r => JSON.stringify(
			r.violations.filter(v => v.impact === "serious" || v.impact === "critical").map(v => ({id: v.id, help: v.help, nodes: v.nodes.slice(0, 3).map(n => n.html)}))));
	})()`)
	var found []struct {
		ID, Help string
		Nodes    []string
	}
	if err := json.Unmarshal([]byte(raw), &found); err != nil {
		s.t.Fatalf("axe on %s: %v", name, err)
	}
	for _, f := range found {
		s.t.Errorf("%s (%s): %s: %s\n  %s", name, s.Path(), f.ID, f.Help, strings.Join(f.Nodes, "\n  "))
	}
}

func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string always encodes
	}
	return string(b)
}
