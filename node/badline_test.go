package node_test

import (
	"math/rand/v2"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// badLine is a bad mobile line between a node and the centre: so many bytes a
// second each way, a delay, lost packets (TCP sends them again: they arrive late,
// and what follows waits for them), and connections that drop after so many bytes.
// It counts what was sent over it, also what never arrived. While good is set it
// hands on whatever comes.
type badLine struct {
	good     atomic.Bool
	up, down int           // bytes a second
	delay    time.Duration // one way
	lost     float64       // of packets
	cutAfter int64         // bytes of one connection, both ways

	sentUp    atomic.Int64
	sentDown  atomic.Int64
	cuts      atomic.Int64
	connected atomic.Int64

	ln      net.Listener
	running sync.WaitGroup
	mu      sync.Mutex
	to      string
	open    map[net.Conn]bool
	random  *rand.Rand
}

const packet = 1400

// newBadLine is a line of 280 kbit/s up and 256 down, 400 ms to the centre and back.
func newBadLine(t testing.TB, seed uint64) *badLine {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := &badLine{up: 280_000 / 8, down: 256_000 / 8, delay: 200 * time.Millisecond, lost: 0.1, cutAfter: 64 << 10,
		ln: ln, open: map[net.Conn]bool{}, random: rand.New(rand.NewPCG(seed, 2))}
	l.good.Store(true)
	l.running.Go(l.accept)
	t.Cleanup(func() {
		ln.Close()
		l.cut()
		l.running.Wait()
	})
	return l
}

func (l *badLine) url() string { return "https://" + l.ln.Addr().String() }

// leadTo says where the centre listens now.
func (l *badLine) leadTo(address string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.to = address
}

// cut drops every connection that is open.
func (l *badLine) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for conn := range l.open {
		conn.Close()
	}
}

func (l *badLine) accept() {
	for {
		from, err := l.ln.Accept()
		if err != nil {
			return
		}
		l.mu.Lock()
		to, err := net.Dial("tcp", l.to)
		if err == nil {
			l.open[from], l.open[to] = true, true
		}
		l.mu.Unlock()
		if err != nil { // the centre is down
			from.Close()
			continue
		}
		l.connected.Add(1)
		used := new(atomic.Int64)
		l.running.Go(func() { l.carry(to, from, l.up, &l.sentUp, used) })
		l.running.Go(func() { l.carry(from, to, l.down, &l.sentDown, used) })
	}
}

// late is when a packet that is sent now arrives.
func (l *badLine) late() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := time.Now().Add(l.delay)
	if l.random.Float64() < l.lost {
		at = at.Add(2*l.delay + 200*time.Millisecond) // missed after a round trip or so, and sent again
	}
	return at
}

type flying struct {
	bytes []byte
	due   time.Time
}

func (l *badLine) carry(to, from net.Conn, rate int, sent, used *atomic.Int64) {
	onTheWay, ended := make(chan flying, 64), make(chan struct{})
	l.running.Go(func() {
		defer close(onTheWay)
		for {
			buf := make([]byte, packet)
			n, err := from.Read(buf)
			if n > 0 {
				sent.Add(int64(n))
				f := flying{bytes: buf[:n]}
				if !l.good.Load() {
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
		time.Sleep(time.Until(f.due))
		if _, err := to.Write(f.bytes); err != nil {
			return
		}
		if used.Add(int64(len(f.bytes))) >= l.cutAfter && !l.good.Load() {
			l.cuts.Add(1)
			return
		}
	}
}
