package wire

import (
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"simpul/sync/event"
)

// TestASessionGoesOnInFewBytes shakes hands with a centre again and again: the
// first time over curves that no quantum computer breaks, then in fewer bytes and
// with the secret of the first, and in full again with a centre that was started anew.
func TestASessionGoesOnInFewBytes(t *testing.T) {
	c := newCentre(t, GateOptions{})
	pair := certificate(t)
	c.server.TLS = &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{pair}}
	c.server.TLS.SetSessionTicketKeys([][32]byte{{1}})
	var state atomic.Pointer[tls.ConnectionState]
	inner := c.server.Config.Handler
	c.server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		state.Store(r.TLS)
		inner.ServeHTTP(w, r)
	})
	c.server.Config.ErrorLog = log.New(io.Discard, "", 0)
	c.server.StartTLS()
	keys := NewKeys(c.signing.Public().(ed25519.PublicKey), nil)
	if err := keys.Take(c.accept(t, 1, pair)); err != nil {
		t.Fatal(err)
	}
	var moved atomic.Int64
	transport := NewTransport(keys, func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dialTCP(ctx, network, address)
		return countingConn{conn, &moved}, err
	})
	shake := func() int64 {
		t.Helper()
		transport.CloseIdleConnections()
		moved.Store(0)
		if _, err := c.client(c.server.URL, transport).Exchange(t.Context(), &Request{}); err != nil {
			t.Fatal(err)
		}
		return moved.Load()
	}
	first := shake()
	if s := state.Load(); s.DidResume || s.CurveID != tls.X25519MLKEM768 {
		t.Errorf("the first time: resumed %v, curve %v", s.DidResume, s.CurveID)
	}
	for range 3 {
		n := shake()
		if s := state.Load(); !s.DidResume || s.CurveID != tls.X25519 || n > first/2 {
			t.Errorf("again: resumed %v, curve %v, %d bytes after %d", s.DidResume, s.CurveID, n, first)
		}
	}
	c.server.TLS.SetSessionTicketKeys([][32]byte{{2}})
	shake()
	if s := state.Load(); s.DidResume || s.CurveID != tls.X25519MLKEM768 {
		t.Errorf("after a start: resumed %v, curve %v", s.DidResume, s.CurveID)
	}
	// A key that the centre has taken back is refused in a session that goes on, too.
	keys.mu.Lock()
	keys.keys = []event.Hash{{9}}
	keys.mu.Unlock()
	transport.CloseIdleConnections()
	if _, err := c.client(c.server.URL, transport).Exchange(t.Context(), &Request{}); !errors.Is(err, ErrKeys) {
		t.Errorf("a key that is not accepted: %v", err)
	}
}

type countingConn struct {
	net.Conn
	moved *atomic.Int64
}

func (c countingConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.moved.Add(int64(n))
	return n, err
}

func (c countingConn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	c.moved.Add(int64(n))
	return n, err
}

func TestEndurance(t *testing.T) {
	var e Endurance
	say := func(want int64, why string) {
		t.Helper()
		if got := e.Limit(); got != want {
			t.Errorf("%s: %d, want %d", why, got, want)
		}
	}
	say(0, "nothing is known")
	e.Dropped(3000)
	say(0, "anything may have happened")
	e.Dropped(60_000)
	say(60_000, "a drop")
	e.Dropped(30_000)
	say(60_000, "one accident")
	e.Dropped(31_000)
	say(31_000, "two drops")
	for range heldEnough - 1 {
		e.Held()
	}
	say(31_000, "not yet")
	e.Held()
	say(38_750, "more is tried")
	e.Dropped(30_000)
	say(31_000, "it was too much")
}

// TestEnduranceIsWrittenDown: the next start goes on with what was learned, and nonsense teaches nothing.
func TestEnduranceIsWrittenDown(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var e, again Endurance
		for range rapid.IntRange(0, 100).Draw(t, "connections") {
			if through := rapid.Int64Range(0, 200<<10).Draw(t, "through"); rapid.IntRange(0, 3).Draw(t, "drops") == 0 {
				e.Dropped(through)
			} else {
				e.Held()
			}
		}
		raw, err := e.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		if err := again.UnmarshalBinary(raw); err != nil || again.Limit() != e.Limit() {
			t.Fatalf("%d became %d, %v", e.Limit(), again.Limit(), err)
		}
		junk := rapid.SliceOfN(rapid.Byte(), 0, 24).Draw(t, "junk")
		if err := again.UnmarshalBinary(junk); err != nil && again.Limit() != 0 || again.Limit() < 0 || again.Limit() > mostEndured {
			t.Fatalf("%x teaches %d, %v", junk, again.Limit(), err)
		}
	})
}

// TestEnduranceOnALineThatDrops carries over connections that drop after about so
// many bytes, and says how many are cut off.
func TestEnduranceOnALineThatDrops(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		after := rapid.Int64Range(40<<10, 1<<20).Draw(t, "after")
		unit := rapid.Int64Range(1<<10, after/8).Draw(t, "unit")
		var e Endurance
		drops, connections := 0, 200
		for range connections {
			for used := int64(0); ; used += unit {
				if limit := e.Limit(); limit > 0 && used+unit > limit {
					e.Held()
					break
				}
				if used+unit > after {
					e.Dropped(used)
					drops++
					break
				}
			}
		}
		if drops > 1+connections/heldEnough {
			t.Fatalf("%d of %d connections dropped", drops, connections)
		}
	})
}
