package node

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"time"

	"github.com/urfave/cli/v3"

	"simpul/node/library"
	"simpul/node/store"
	"simpul/ui/text"
)

func serveFlags() []cli.Flag {
	return append([]cli.Flag{
		&cli.StringFlag{Name: "listen", Usage: "`ADDRESS` to listen on, host:port", Value: defaultListen, Sources: cli.EnvVars("SIMPUL_LISTEN")},
		&cli.StringFlag{Name: "sync-listen", Usage: "a centre listens to its nodes on `ADDRESS`; \"off\" for nowhere", Value: defaultSyncListen, Sources: cli.EnvVars("SIMPUL_SYNC_LISTEN")},
		&cli.StringFlag{Name: "public-listen", Usage: "a centre listens to people at home on `ADDRESS`: of loopback for a reverse proxy, or any with --tls-cert; \"off\" for nowhere", Value: noListening, Sources: cli.EnvVars("SIMPUL_PUBLIC_LISTEN")},
		&cli.BoolFlag{Name: "no-browser", Usage: "do not open the browser", Sources: cli.EnvVars("SIMPUL_NO_BROWSER")},
		&cli.StringFlag{Name: "key-file", Usage: "open the vault at start with this `FILE` (default: DIR.key, when there is one)", Sources: cli.EnvVars("SIMPUL_KEY_FILE")},
	}, tlsFlags()...)
}

// defaultListen is where a node answers when nobody says otherwise.
const defaultListen = "127.0.0.1:8710"

// defaultSyncListen is where a centre answers its nodes.
const defaultSyncListen = ":8711"

// portTries is how many ports after the wished one are tried.
const portTries = 20

// serve runs the node until it is told to stop. A second start on the same data
// opens the page of the one that runs.
func (e *env) serve(ctx context.Context, cmd *cli.Command) error {
	return e.serveDir(ctx, cmd, e.config(cmd))
}

func (e *env) serveDir(ctx context.Context, cmd *cli.Command, cfg Config) error {
	n, err := Open(ctx, cfg)
	if errors.Is(err, store.ErrInUse) {
		return e.openRunning(ctx, cfg.Dir, cmd.Bool("no-browser"), err)
	}
	if err != nil {
		return err
	}
	defer n.Close()
	go boundMemory(ctx)
	ln, err := listen(cmd.String("listen"))
	if err != nil {
		return err
	}
	if file := startKey(cmd, cfg.Dir); file != "" {
		if err := n.openWithFile(ctx, file); err != nil {
			return err
		}
	}
	page := "http://" + browserAddress(ln.Addr())
	where := running{Page: page, PID: os.Getpid()}
	if err := n.control(ctx, &where); err != nil {
		return err
	}
	if err := n.UseCertificate(cmd.String("tls-cert"), cmd.String("tls-key")); err != nil {
		return err
	}
	if err := n.ListenToTLS(ctx, cmd.String("tls-listen")); err != nil {
		return err
	}
	if err := n.ListenToNodes(ctx, cmd.String("sync-listen")); err != nil {
		return err
	}
	if err := n.ListenToPublic(ctx, cmd.String("public-listen")); err != nil {
		return err
	}
	where.Sync, where.Public = n.post.url(), n.SiteURL()
	if err := writeRunning(cfg.Dir, where); err != nil {
		return err
	}
	defer os.Remove(filepath.Join(cfg.Dir, runningFile))
	if !n.Desk.Ready() {
		page += "/pasang/" + n.Invite()
	}
	fmt.Fprintf(e.out, "Simpul: %s\n", page)
	e.sayTLS(n)
	if !cmd.Bool("no-browser") {
		openBrowser(page)
	}
	return n.Serve(ctx, ln)
}

// startKey is the key file of a start without a person: the one that is named, or the one beside the data.
func startKey(cmd *cli.Command, dir string) string {
	if file := cmd.String("key-file"); file != "" {
		return file
	}
	if _, err := os.Stat(keyFileBeside(dir)); err == nil {
		return keyFileBeside(dir)
	}
	return ""
}

func (n *Node) openWithFile(ctx context.Context, file string) error {
	content, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("node: key file: %w", err)
	}
	return n.Desk.OpenWithKeyFile(ctx, content)
}

// listen takes the wished address, or the next free port after it.
func listen(address string) (net.Listener, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, usageError{fmt.Errorf("node: --listen: %w", err)}
	}
	first, err := strconv.Atoi(port)
	if err != nil {
		return nil, usageError{fmt.Errorf("node: --listen: %w", err)}
	}
	var ln net.Listener
	for i := range portTries {
		if ln, err = net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(first+i))); err == nil {
			return ln, nil
		}
		if first == 0 {
			break
		}
	}
	return nil, fmt.Errorf("node: listen on %s and the %d ports after it: %w", address, portTries, err)
}

// browserAddress is localhost for loopback: only there do browsers grant the
// camera and keep cookies of a name.
func browserAddress(a net.Addr) string {
	tcp, ok := a.(*net.TCPAddr)
	if !ok {
		return a.String()
	}
	if tcp.IP.IsLoopback() || tcp.IP.IsUnspecified() {
		return "localhost:" + strconv.Itoa(tcp.Port)
	}
	return tcp.String()
}

// runningFile tells a second start where the first one answers.
const runningFile = "running.json"

type running struct {
	Page    string `json:"page"`
	PID     int    `json:"pid"`
	Control string `json:"control,omitempty"` // where commands are handed over
	Token   string `json:"token,omitempty"`
	Sync    string `json:"sync,omitempty"`   // where nodes are listened to
	Public  string `json:"public,omitempty"` // where people at home are
}

func writeRunning(dir string, r running) error {
	raw, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("node: %w", err)
	}
	if err := os.WriteFile(filepath.Join(dir, runningFile), raw, 0o600); err != nil {
		return fmt.Errorf("node: %w", err)
	}
	return nil
}

// readRunning is what the node that holds the directory says of itself; empty when it has not.
func readRunning(dir string) (r running) {
	raw, err := os.ReadFile(filepath.Join(dir, runningFile))
	if err != nil || json.Unmarshal(raw, &r) != nil {
		return running{}
	}
	return r
}

// runningPage is where the node that holds the directory answers, "" when it has not said so.
func runningPage(dir string) string { return readRunning(dir).Page }

// openRunning opens the page of the node that holds the directory.
func (e *env) openRunning(ctx context.Context, dir string, quiet bool, inUse error) error {
	page := runningPage(dir)
	if page == "" {
		return inUse
	}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, page+"/healthz", nil)
	if err != nil {
		return inUse
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return inUse
	}
	res.Body.Close()
	fmt.Fprintf(e.out, "Simpul sudah berjalan: %s\n", page)
	if !quiet {
		openBrowser(page)
	}
	return nil
}

// openBrowser is a kindness: when it fails the address has been printed.
func openBrowser(page string) {
	var cmd *exec.Cmd
	switch runtime.GOOS {
	case "windows":
		cmd = exec.Command("rundll32", "url.dll,FileProtocolHandler", page)
	case "darwin":
		cmd = exec.Command("open", page)
	default:
		cmd = exec.Command("xdg-open", page)
	}
	if err := cmd.Start(); err == nil {
		go func() { _ = cmd.Wait() }() // only to reap it; its fate does not matter
	}
}

// sentence is what a person reads of an error on the command line: the words of
// its key, or the error itself where there are none.
func sentence(err error) string {
	var own *library.Error
	if !errors.As(err, &own) {
		return err.Error()
	}
	words, terr := text.Load()
	if terr != nil {
		return err.Error()
	}
	out := words.T("id", own.Key, own.Args...)
	for _, p := range own.Problems {
		out += "\n  " + p.Field + ": " + words.T("id", p.Key, p.Args...)
	}
	if own.Hint != "" {
		out += "\n  " + words.T("id", own.Hint)
	}
	return out
}
