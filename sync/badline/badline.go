// Package badline is a bad mobile line, for tests: so many bytes a second each way,
// a delay, lost packets (TCP sends them again: they arrive late, and what follows
// waits for them), and connections that drop after so many bytes. It carries
// between any two connections, over sockets or inside testing/synctest.
package badline

import (
	"math/rand/v2"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// Line is a line from a node to the centre. It counts what was sent over it, also
// what never arrived. While Good is set it hands on whatever comes, and nothing drops.
type Line struct {
	Good     atomic.Bool
	Up, Down int           // bytes a second
	Delay    time.Duration // one way
	Lost     float64       // of packets
	CutAfter int64         // bytes of one connection that arrive, both ways
	Now      func() time.Time

	SentUp, SentDown atomic.Int64 // bytes
	Cuts, Connected  atomic.Int64

	running sync.WaitGroup
	mu      sync.Mutex
	open    map[net.Conn]bool
	random  *rand.Rand
}

const packet = 1400

// New is a line of 280 kbit/s up and 256 down, 400 ms to the centre and back, which
// loses a tenth of the packets and drops every 64 kB.
func New(seed uint64, now func() time.Time) *Line {
	return &Line{Up: 280_000 / 8, Down: 256_000 / 8, Delay: 200 * time.Millisecond, Lost: 0.1, CutAfter: 64 << 10, Now: now,
		open: map[net.Conn]bool{}, random: rand.New(rand.NewPCG(seed, 2))}
}

// Carry carries between a node's end and the centre's until either closes, or the line drops.
func (l *Line) Carry(node, centre net.Conn) {
	l.mu.Lock()
	l.open[node], l.open[centre] = true, true
	l.mu.Unlock()
	l.Connected.Add(1)
	used := new(atomic.Int64)
	l.running.Go(func() { l.carry(centre, node, l.Up, &l.SentUp, used) })
	l.running.Go(func() { l.carry(node, centre, l.Down, &l.SentDown, used) })
}

// Cut drops every connection that is open.
func (l *Line) Cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for conn := range l.open {
		conn.Close()
	}
}

// Close drops every connection and waits until nothing runs.
func (l *Line) Close() {
	l.Cut()
	l.running.Wait()
}

// late is when a packet that is sent now arrives.
func (l *Line) late() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := l.Now().Add(l.Delay)
	if l.random.Float64() < l.Lost {
		at = at.Add(2*l.Delay + 200*time.Millisecond) // missed after a round trip or so, and sent again
	}
	return at
}

type flying struct {
	bytes []byte
	due   time.Time
}

func (l *Line) carry(to, from net.Conn, rate int, sent, used *atomic.Int64) {
	onTheWay, ended := make(chan flying, 64), make(chan struct{})
	l.running.Go(func() {
		defer close(onTheWay)
		for {
			buf := make([]byte, packet)
			n, err := from.Read(buf)
			if n > 0 {
				sent.Add(int64(n))
				f := flying{bytes: buf[:n]}
				if !l.Good.Load() {
					time.Sleep(time.Duration(n) * time.Second / time.Duration(rate))
					f.due = l.late()
				}
				select {
				case onTheWay <- f:
				case <-ended:
					return
				}
			}
			if err != nil {
				return
			}
		}
	})
	defer func() {
		close(ended)
		to.Close()
		from.Close()
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.open, to)
		delete(l.open, from)
	}()
	for f := range onTheWay {
		time.Sleep(f.due.Sub(l.Now()))
		if _, err := to.Write(f.bytes); err != nil {
			return
		}
		if used.Add(int64(len(f.bytes))) >= l.CutAfter && !l.Good.Load() {
			l.Cuts.Add(1)
			return
		}
	}
}
