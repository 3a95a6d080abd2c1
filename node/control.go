package node

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/urfave/cli/v3"

	"simpul/node/desk"
	"simpul/node/store"
)

// A command that finds its data directory in the hands of a running node hands
// itself over: the node carries it out and sends back what it printed. It listens
// on loopback, for whoever can read the file running.json of the data directory,
// which holds a token that is new with every start; what needs an officer asks for
// the password all the same.

const (
	controlPath  = "/perintah"
	maxControl   = 64 << 10
	controlWait  = 15 * time.Minute // the longest command: an exchange over a slow line
	controlTries = 3 * time.Second  // to reach the node at all
)

// handedOver are the commands that a running node carries out.
var handedOver = []string{"join", "reopen", "node", "sync", "bundle"}

// order is a command line as it is handed over.
type order struct {
	Args []string `json:"args"` // without the program's name
	Dir  string   `json:"dir"`  // where it was typed, for names of files
}

// outcome is what came of it.
type outcome struct {
	Code int    `json:"code"`
	Out  string `json:"out"`
	Err  string `json:"err"`
}

// control answers commands until ctx ends, and says where in running.json.
func (n *Node) control(ctx context.Context, r *running) error {
	token := make([]byte, 32)
	if _, err := rand.Read(token); err != nil {
		return fmt.Errorf("node: %w", err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("node: listen for commands: %w", err)
	}
	r.Control, r.Token = "http://"+ln.Addr().String()+controlPath, base64.RawURLEncoding.EncodeToString(token)
	bearer := "Bearer " + r.Token
	server := &http.Server{ReadHeaderTimeout: 5 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if req.URL.Path != controlPath || req.Method != http.MethodPost || subtle.ConstantTimeCompare([]byte(req.Header.Get("Authorization")), []byte(bearer)) != 1 {
			http.Error(w, "no", http.StatusForbidden)
			return
		}
		n.carryOut(w, req)
	})}
	context.AfterFunc(ctx, func() { server.Close() })
	n.running.Go(func() {
		if err := server.Serve(ln); err != nil && !errors.Is(err, http.ErrServerClosed) {
			n.Log.Error("listening for commands ended", "err", err)
		}
	})
	return nil
}

func (n *Node) carryOut(w http.ResponseWriter, req *http.Request) {
	var o order
	if err := json.NewDecoder(http.MaxBytesReader(w, req.Body, maxControl)).Decode(&o); err != nil || len(o.Args) == 0 || !slices.Contains(handedOver, o.Args[0]) {
		http.Error(w, "not a command that is handed over", http.StatusBadRequest)
		return
	}
	var out, errOut bytes.Buffer
	inside := &env{files: n.Files, out: &out, errOut: &errOut, in: bytes.NewReader(nil), inside: n, dir: o.Dir}
	code := run(req.Context(), append([]string{"simpul"}, o.Args...), inside)
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(outcome{Code: code, Out: out.String(), Err: errOut.String()}); err != nil {
		n.Log.Warn("answer a command", "err", err)
	}
}

// handedError carries the exit code of a command that the running node carried out.
type handedError struct{ outcome }

func (h handedError) Error() string { return h.Err }

// handOver lets the node that holds the data directory carry out this command.
func (e *env) handOver(ctx context.Context, dir string, held error) error {
	r := readRunning(dir)
	if r.Control == "" {
		return inUse(dir, held)
	}
	here, err := os.Getwd()
	if err != nil {
		return fmt.Errorf("node: %w", err)
	}
	body, err := json.Marshal(order{Args: e.args, Dir: here})
	if err != nil {
		return fmt.Errorf("node: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, controlWait)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.Control, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("node: %w", err)
	}
	req.Header.Set("Authorization", "Bearer "+r.Token)
	client := &http.Client{Transport: &http.Transport{DialContext: (&net.Dialer{Timeout: controlTries}).DialContext}}
	res, err := client.Do(req)
	if err != nil {
		return inUse(dir, held)
	}
	defer res.Body.Close()
	var o outcome
	if err := json.NewDecoder(io.LimitReader(res.Body, 16<<20)).Decode(&o); err != nil || res.StatusCode != http.StatusOK {
		return inUse(dir, held)
	}
	if _, err := io.WriteString(e.out, o.Out); err != nil {
		return fmt.Errorf("node: print: %w", err)
	}
	if o.Code != exitOK {
		return handedError{o}
	}
	_, err = io.WriteString(e.errOut, o.Err)
	return err
}

// withVault runs a command on the node of its data directory with the vault open:
// on the running one, or on one that is opened for it.
func (e *env) withVault(ctx context.Context, cmd *cli.Command, do func(*Node, desk.Actor) error) error {
	if e.inside != nil {
		who, err := e.enter(ctx, cmd, e.inside)
		if err != nil {
			return err
		}
		return do(e.inside, who)
	}
	cfg := e.config(cmd)
	n, err := e.openNode(ctx, cfg)
	if errors.Is(err, store.ErrInUse) {
		return e.handOver(ctx, cfg.Dir, store.ErrInUse)
	}
	if err != nil {
		return err
	}
	who, err := e.enter(ctx, cmd, n)
	if err == nil {
		err = do(n, who)
	}
	return errors.Join(err, n.Close())
}

// enter opens the vault: with a password, or with the key file of a node that starts without a person.
func (e *env) enter(ctx context.Context, cmd *cli.Command, n *Node) (desk.Actor, error) {
	if cmd.String("password-file") == "" {
		if file := keyFileBeside(n.Dir); e.inside == nil && cmd.String("officer") == "" && exists(file) {
			return desk.System, n.openWithFile(ctx, file)
		}
		if e.inside != nil && cmd.String("officer") == "" && exists(keyFileBeside(n.Dir)) && n.Desk.Open() {
			return desk.System, nil // who reads running.json reads the key file beside it
		}
	}
	password, err := e.password(cmd)
	if err != nil {
		return desk.Actor{}, err
	}
	return n.Desk.Enter(ctx, cmd.String("officer"), password)
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}

// path is a file that the command line names, wherever the command runs.
func (e *env) path(name string) string {
	if name == "" || filepath.IsAbs(name) || e.dir == "" {
		return name
	}
	return filepath.Join(e.dir, name)
}
