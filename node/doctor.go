package node

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"github.com/urfave/cli/v3"

	"simpul/node/store"
)

func (e *env) doctorCommand() *cli.Command {
	return &cli.Command{Name: "doctor", Usage: "say how this PC and its data are",
		Description: "Good to copy into a message: it holds no name, number or address of a person. Exit code 7 when something needs attention.",
		Action:      e.doctor}
}

// health is what doctor prints. Attention names what a person should look at.
type health struct {
	Version    string    `json:"version"`
	Go         string    `json:"go"`
	System     string    `json:"system"`
	Now        time.Time `json:"now"`
	Zone       string    `json:"zone"`
	Data       string    `json:"data"`
	SetUp      bool      `json:"set_up"`
	Running    string    `json:"running,omitempty"` // address of the node that holds the directory
	FreeMB     int64     `json:"free_mb"`
	DatabaseMB float64   `json:"database_mb"`
	Integrity  string    `json:"integrity,omitempty"` // ok, or what SQLite says; empty while a node runs
	Events     uint64    `json:"events"`
	Streams    int       `json:"streams"`
	Boxes      int       `json:"sealed_visits"` // waiting for a sign-in; at most 200 are counted
	Copies     int       `json:"copies"`
	LastCopy   time.Time `json:"last_copy,omitzero"`
	Port       string    `json:"port"`

	Certificate time.Time `json:"certificate_until,omitzero"` // of the library's own TLS certificate, chosen in the settings

	LAN       []string `json:"lan"`
	Attention []string `json:"attention"`
}

func (h *health) attend(format string, args ...any) {
	h.Attention = append(h.Attention, fmt.Sprintf(format, args...))
}

func (e *env) doctor(ctx context.Context, cmd *cli.Command) error {
	dir := cmd.String("data")
	h := health{Version: Version, Go: runtime.Version(), System: runtime.GOOS + "/" + runtime.GOARCH, Now: time.Now(), Data: dir,
		LAN: lanAddresses(), Attention: []string{}}
	h.Zone, _ = h.Now.Zone()
	if h.Now.Before(built) || h.Now.After(built.AddDate(10, 0, 0)) {
		h.attend("the clock of this PC stands at %s", h.Now.Format(time.RFC3339))
	}
	h.disk(dir)
	if err := h.database(ctx, e, cmd); err != nil {
		return err
	}
	h.copies(filepath.Join(dir, "backups"))
	h.certificate(dir)
	h.port()
	if err := e.tell(cmd, h, h.write); err != nil {
		return err
	}
	if len(h.Attention) > 0 {
		return errAttention
	}
	return nil
}

func (h *health) disk(dir string) {
	near := dir
	for _, err := os.Stat(near); err != nil && near != filepath.Dir(near); _, err = os.Stat(near) {
		near = filepath.Dir(near)
	}
	free, err := freeBytes(near)
	if err != nil {
		h.attend("free space is unknown: %v", err)
		return
	}
	if h.FreeMB = free >> 20; free < lowRoom {
		h.attend("only %d MB are free", h.FreeMB)
	}
}

// database looks into the node when none runs on the directory.
func (h *health) database(ctx context.Context, e *env, cmd *cli.Command) (err error) {
	if st, serr := os.Stat(filepath.Join(h.Data, store.FileName)); serr == nil {
		h.DatabaseMB = float64(st.Size()) / 1e6
	}
	n, err := e.openNode(ctx, e.config(cmd))
	switch {
	case errors.Is(err, errNotSetUp):
		h.attend("this data directory has not been set up")
		return nil
	case errors.Is(err, store.ErrInUse):
		h.SetUp, h.Running = true, runningPage(h.Data)
		return nil
	case err != nil:
		h.attend("the data cannot be opened: %v", err)
		return nil
	}
	defer func() { err = errors.Join(err, n.Close()) }()
	h.SetUp, h.Integrity = true, "ok"
	if err := n.Store.Integrity(ctx); err != nil {
		h.Integrity = err.Error()
		h.attend("the database is damaged; restore a copy")
	}
	streams, err := n.Store.Streams(ctx)
	if err != nil {
		return err
	}
	for _, s := range streams {
		h.Events += s.Head
	}
	h.Streams = len(streams)
	boxes, err := n.Store.Boxes(ctx, 200)
	h.Boxes = len(boxes)
	return err
}

func (h *health) copies(folder string) {
	files, err := store.Copies(folder)
	if err != nil || len(files) == 0 {
		if h.SetUp {
			h.attend("there is no backup copy yet")
		}
		return
	}
	h.Copies = len(files)
	if st, err := os.Stat(files[len(files)-1]); err == nil {
		h.LastCopy = st.ModTime()
		if age := h.Now.Sub(h.LastCopy); age > 7*24*time.Hour {
			h.attend("the last backup copy is %d days old", int(age.Hours()/24))
		}
	}
}

// certificate looks at the TLS certificate that was chosen in the settings; one of flags is not known here.
func (h *health) certificate(dir string) {
	name := filepath.Join(dir, ownCertificateFile)
	if _, err := os.Stat(name); err != nil {
		return
	}
	pair, err := readPair(name, name)
	if err != nil {
		h.attend("the TLS certificate cannot be used; choose it again in the settings")
		return
	}
	h.Certificate = pair.Leaf.NotAfter
	switch left := h.Certificate.Sub(h.Now); {
	case left < 0:
		h.attend("the TLS certificate ended on %s", h.Certificate.Format(time.DateOnly))
	case left < certificateEnding:
		h.attend("the TLS certificate ends on %s", h.Certificate.Format(time.DateOnly))
	}
}

func (h *health) port() {
	h.Port = "free"
	ln, err := net.Listen("tcp", defaultListen)
	if err != nil {
		h.Port = "taken"
		if h.Running == "" {
			h.attend("%s is taken by another program; the next free port will be used", defaultListen)
		}
		return
	}
	if err := ln.Close(); err != nil {
		h.Port = "unknown"
	}
}

// lanAddresses are those under which phones in the branch could reach this PC.
func lanAddresses() []string {
	out := []string{}
	all, err := net.InterfaceAddrs()
	if err != nil {
		return out
	}
	for _, a := range all {
		if ip, ok := a.(*net.IPNet); ok && ip.IP.IsPrivate() {
			out = append(out, ip.IP.String())
		}
	}
	slices.Sort(out)
	return out
}

func (h *health) write(w io.Writer) {
	line := func(name, format string, args ...any) {
		fmt.Fprintf(w, "%-14s %s\n", name, fmt.Sprintf(format, args...))
	}
	line("version", "%s, %s, %s", h.Version, h.Go, h.System)
	line("clock", "%s (%s)", h.Now.Format("2006-01-02 15:04:05"), h.Zone)
	line("data", "%s", h.Data)
	switch {
	case h.Running != "":
		line("node", "runs at %s; stop it to look into the data", h.Running)
	case h.SetUp:
		line("database", "%.1f MB, %d events in %d streams, integrity %s", h.DatabaseMB, h.Events, h.Streams, h.Integrity)
		line("sealed visits", "%d", h.Boxes)
	}
	line("free space", "%d MB", h.FreeMB)
	if h.Copies > 0 {
		line("copies", "%d, the last of %s", h.Copies, h.LastCopy.Format("2006-01-02 15:04"))
	} else {
		line("copies", "none")
	}
	line("port", "%s %s", defaultListen, h.Port)
	line("LAN", "%v", h.LAN)
	if !h.Certificate.IsZero() {
		line("certificate", "until %s", h.Certificate.Format(time.DateOnly))
	}
	for _, a := range h.Attention {
		line("look at", "%s", a)
	}
}
