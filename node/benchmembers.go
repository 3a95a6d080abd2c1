package node

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/pprof"
	"strconv"
	"strings"
	"time"

	"simpul/node/demo"
	"simpul/node/desk"
	"simpul/node/library"
)

const (
	pageRequests  = 300
	searchQueries = 3000
)

// withMembers measures unlocking, search and pages of a filled node.
func (b *bench) withMembers(ctx context.Context) error {
	dir, err := b.filled(ctx)
	if err != nil {
		return err
	}
	n, base, stop, err := b.serving(ctx, dir)
	if err != nil {
		return err
	}
	defer stop()
	start := time.Now()
	who, err := n.Desk.Enter(ctx, demoLogin, demoPassword)
	if err != nil {
		return err
	}
	unlocked := time.Now()
	n.Desk.Settle()
	b.add(measure{Name: "password to open vault", Value: ms(unlocked.Sub(start)), Unit: "ms"})
	b.atMost(fmt.Sprintf("directory of %d filled", n.Desk.Directory.Len()), time.Since(unlocked).Seconds(), "s", 3)
	if err := b.search(ctx, n, who); err != nil {
		return err
	}
	session, err := n.Desk.SignInAs(ctx, who.Officer)
	if err != nil {
		return err
	}
	counter, err := demo.NewCounter(ctx, base, session, rand.Reader)
	if err != nil {
		return err
	}
	defer counter.Close()
	end, err := b.profilingPages()
	if err != nil {
		return err
	}
	defer end()
	return b.pages(ctx, n, who, counter)
}

func (b *bench) profilingPages() (func(), error) {
	if b.profile == "" {
		return func() {}, nil
	}
	f, err := os.Create(b.profile + ".pages")
	if err != nil {
		return nil, fmt.Errorf("node: %w", err)
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() { pprof.StopCPUProfile(); f.Close() }, nil
}

// search types the beginnings of names that are there, as an officer does.
func (b *bench) search(ctx context.Context, n *Node, who desk.Actor) error {
	people := demo.NewPeople(1, n.Desk.Regions(), n.Desk.Today())
	var spent []float64
	for i := range searchQueries {
		words := strings.Fields(people.Next().Name)
		query := words[0][:min(3+i%4, len(words[0]))]
		if len(words) > 1 && i%3 == 0 {
			query = words[0] + " " + words[1][:min(3, len(words[1]))]
		}
		start := time.Now()
		if _, _, err := n.Desk.Find(ctx, who, query, 20, desk.Everyone); err != nil {
			return err
		}
		spent = append(spent, ms(time.Since(start)))
	}
	b.atMost("name search, median", median(spent), "ms", 0.5)
	b.atMost("name search, p99", quantile(spent, 0.99), "ms", 2)
	return nil
}

// pages asks for each page of the desk over HTTP, whole, and for the search while typing.
func (b *bench) pages(ctx context.Context, n *Node, who desk.Actor, c *demo.Counter) error {
	some, _, err := n.Desk.Find(ctx, who, "", 50, desk.Members)
	if err != nil {
		return err
	}
	if len(some) == 0 {
		return errors.New("node: nobody in the filled directory")
	}
	ask := func(path string) func(int) (int, error) {
		return func(i int) (int, error) {
			status, _, _, err := c.Get(ctx, strings.ReplaceAll(path, ":id", library.ID(some[i%len(some)].ID).String()))
			return status, err
		}
	}
	pages := []struct {
		name string
		ask  func(int) (int, error)
	}{
		{"/meja", ask("/meja")}, {"/anggota", ask("/anggota")}, {"/anggota/:id", ask("/anggota/:id")}, {"/anggota/:id/betulkan", ask("/anggota/:id/betulkan")},
		{"/kunjungan/hari", ask("/kunjungan/hari")}, {"/kartu", ask("/kartu")}, {"/daftar", ask("/daftar")},
		{"/anggota/hasil, typing", func(i int) (int, error) {
			name := some[i%len(some)].Name
			status, _, _, err := c.Post(ctx, "/anggota/hasil", url.Values{"cari": {name[:min(len(name), 3+i%5)]}})
			return status, err
		}},
	}
	for _, page := range pages {
		var spent []float64
		for i := range pageRequests {
			start := time.Now()
			status, err := page.ask(i)
			if err != nil {
				return err
			}
			if status != http.StatusOK {
				return fmt.Errorf("node: %s answered %d", page.name, status)
			}
			spent = append(spent, ms(time.Since(start)))
		}
		b.add(measure{Name: "page " + page.name + ", median", Value: median(spent), Unit: "ms"})
		b.atMost("page "+page.name+", p99", quantile(spent, 0.99), "ms", 10)
	}
	return nil
}

// process measures the program as it is started: time to the sign-in page, memory, size.
func (b *bench) process(ctx context.Context) error {
	exe, err := os.Executable()
	if err != nil {
		return fmt.Errorf("node: %w", err)
	}
	if st, err := os.Stat(exe); err == nil {
		b.atMost("size of this program", float64(st.Size())/1e6, "MB", 30)
	}
	empty, err := b.emptyNode(ctx)
	if err != nil {
		return err
	}
	if err := b.life(ctx, exe, empty, "set up, nobody in it", 40, false); err != nil {
		return err
	}
	dir, err := b.filled(ctx)
	if err != nil {
		return err
	}
	return b.life(ctx, exe, dir, fmt.Sprintf("%d members", b.members), 120, true)
}

func (b *bench) emptyNode(ctx context.Context) (string, error) {
	dir := filepath.Join(b.work, "empty", "data")
	n, err := Open(ctx, b.config(dir))
	if err != nil {
		return "", err
	}
	_, err = n.setUpDemo(ctx)
	return dir, errors.Join(err, n.Close())
}

// life starts the program on a directory several times, and measures its memory, the last time after sign-in.
func (b *bench) life(ctx context.Context, exe, dir, what string, aim float64, signIn bool) error {
	var starts []float64
	for i := range 5 {
		begun := time.Now()
		cmd := exec.CommandContext(ctx, exe, "serve", "--data", dir, "--listen", "127.0.0.1:0", "--no-browser", "--log-level", "error")
		out, err := cmd.StdoutPipe()
		if err != nil {
			return fmt.Errorf("node: %w", err)
		}
		if err := cmd.Start(); err != nil {
			return fmt.Errorf("node: %w", err)
		}
		line, err := bufio.NewReader(out).ReadString('\n')
		_, port, found := strings.Cut(strings.TrimSpace(line), "http://localhost:")
		if err == nil && !found {
			err = fmt.Errorf("node: the program said %q", line)
		}
		if err == nil {
			err = answered(ctx, "http://127.0.0.1:"+port+"/masuk")
		}
		starts = append(starts, ms(time.Since(begun)))
		if err == nil && i == 4 {
			err = b.memory(ctx, cmd.Process.Pid, "http://127.0.0.1:"+port, what, aim, signIn)
		}
		if err := errors.Join(err, cmd.Process.Signal(os.Interrupt)); err != nil {
			return err
		}
		_ = cmd.Wait() // ends by the signal
	}
	b.atMost("start to sign-in page, "+what, median(starts), "ms", 60)
	return nil
}

func answered(ctx context.Context, page string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, page, nil)
	if err != nil {
		return fmt.Errorf("node: %w", err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("node: %w", err)
	}
	return res.Body.Close()
}

func (b *bench) memory(ctx context.Context, pid int, base, what string, aim float64, signIn bool) error {
	time.Sleep(time.Second)
	if !signIn {
		b.atMost("resident memory, "+what, resident(pid), "MB", aim)
		return nil
	}
	b.add(measure{Name: "resident memory, " + what + ", closed", Value: resident(pid), Unit: "MB"})
	form := url.Values{"login": {demoLogin}, "password": {demoPassword}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/masuk", strings.NewReader(form.Encode()))
	if err != nil {
		return fmt.Errorf("node: %w", err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", base)
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		return fmt.Errorf("node: %w", err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusSeeOther {
		return fmt.Errorf("node: signing in answered %d", res.StatusCode)
	}
	// Until the memory no longer grows: the directory is being filled.
	for before, now := 0.0, 1.0; now > before*1.01; before, now = now, resident(pid) {
		time.Sleep(2 * time.Second)
	}
	b.atMost("resident memory, "+what+", directory filled", resident(pid), "MB", aim)
	return nil
}

// resident is the memory of a process in MB, 0 where the system does not say.
func resident(pid int) float64 { return statusKB(pid, "VmRSS:") * 1024 / 1e6 }

// statusKB reads a line of what Linux says of a process, in kB; 0 where the system does not say.
func statusKB(pid int, line string) float64 {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	_, after, found := strings.Cut(string(raw), line)
	if !found {
		return 0
	}
	kb, err := strconv.ParseFloat(strings.Fields(after)[0], 64)
	if err != nil {
		return 0
	}
	return kb
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
