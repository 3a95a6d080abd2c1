package node

import (
	"fmt"
	"io"
	"net"
	"sync"
)

// benchLine stands between nodes and a centre and counts what passes: every byte
// of the TCP connections, so headers, TLS and its handshakes too.
type benchLine struct {
	ln      net.Listener
	to      string
	running sync.WaitGroup

	mu    sync.Mutex
	now   passed
	up    bool // the last bytes went up
	conns map[net.Conn]bool
}

// passed is what went over a line. A trip is a change from up to down.
type passed struct{ Up, Down, Trips, Connections int64 }

func (p passed) bytes() float64 { return float64(p.Up + p.Down) }

func newBenchLine(to string) (*benchLine, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("node: %w", err)
	}
	l := &benchLine{ln: ln, to: to, conns: map[net.Conn]bool{}}
	l.running.Go(l.accept)
	return l, nil
}

func (l *benchLine) address() string { return l.ln.Addr().String() }

func (l *benchLine) close() error {
	err := l.ln.Close()
	l.cut()
	l.running.Wait()
	return err
}

// cut drops the connections that are open.
func (l *benchLine) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for c := range l.conns {
		c.Close()
	}
}

// take returns what passed since it was called last.
func (l *benchLine) take() passed {
	l.mu.Lock()
	defer l.mu.Unlock()
	p := l.now
	l.now = passed{}
	return p
}

func (l *benchLine) accept() {
	for {
		from, err := l.ln.Accept()
		if err != nil {
			return
		}
		to, err := net.Dial("tcp", l.to)
		if err != nil {
			from.Close()
			continue
		}
		l.mu.Lock()
		l.conns[from], l.conns[to] = true, true
		l.now.Connections++
		l.mu.Unlock()
		l.running.Go(func() { l.carry(to, from, true) })
		l.running.Go(func() { l.carry(from, to, false) })
	}
}

func (l *benchLine) carry(to, from net.Conn, up bool) {
	defer func() {
		to.Close()
		from.Close()
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.conns, to)
		delete(l.conns, from)
	}()
	_, _ = io.Copy(io.MultiWriter(counting{l, up}, to), from) // ends when either side does
}

// counting counts before the bytes go on, so that who has seen an answer finds it counted.
type counting struct {
	line *benchLine
	up   bool
}

func (c counting) Write(p []byte) (int, error) {
	l := c.line
	l.mu.Lock()
	defer l.mu.Unlock()
	if c.up {
		l.now.Up += int64(len(p))
	} else {
		l.now.Down += int64(len(p))
		if l.up {
			l.now.Trips++
		}
	}
	l.up = c.up
	return len(p), nil
}
