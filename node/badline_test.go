package node_test

import (
	"net"
	"sync"
	"testing"
	"time"

	"simpul/sync/badline"
)

// badLine is a bad mobile line between the processes of a node and the centre.
type badLine struct {
	*badline.Line
	ln net.Listener
	mu sync.Mutex
	to string
}

// newBadLine is good until somebody says otherwise.
func newBadLine(t testing.TB, seed uint64) *badLine {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := &badLine{Line: badline.New(seed, time.Now), ln: ln}
	l.Good.Store(true)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		l.accept()
	}()
	t.Cleanup(func() {
		ln.Close()
		<-ended
		l.Close()
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

func (l *badLine) accept() {
	for {
		from, err := l.ln.Accept()
		if err != nil {
			return
		}
		l.mu.Lock()
		to, err := net.Dial("tcp", l.to)
		l.mu.Unlock()
		if err != nil { // the centre is down
			from.Close()
			continue
		}
		l.Carry(from, to)
	}
}
