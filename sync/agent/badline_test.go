package agent

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"simpul/sync/badline"
	"simpul/sync/event"
	"simpul/sync/wire"
)

// pipes listens inside a bubble of testing/synctest: what dials is led over a bad line.
type pipes struct {
	line *badline.Line
	come chan net.Conn
	gone chan struct{}
}

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	near, here := net.Pipe()
	there, far := net.Pipe()
	select {
	case p.come <- far:
		p.line.Carry(here, there)
		return near, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.come:
		return c, nil
	case <-p.gone:
		return nil, net.ErrClosed
	}
}
func (p *pipes) Close() error   { close(p.gone); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }

// district is a centre behind a bad line and a node that has photos for it, real
// but for their stores.
type district struct {
	*pipes
	log    *fakeLog
	far    *fakeCentre
	node   ed25519.PrivateKey
	centre ed25519.PrivateKey
	keys   *wire.Keys
	server *http.Server
	began  time.Time
}

func newDistrict(t *testing.T, seed uint64, line *badline.Line) *district {
	t.Helper()
	d := &district{pipes: &pipes{line: line, come: make(chan net.Conn), gone: make(chan struct{})}, log: &fakeLog{}, began: time.Now(),
		node: ed25519.NewKeyFromSeed(bytes.Repeat([]byte{1}, 32)), centre: ed25519.NewKeyFromSeed(bytes.Repeat([]byte{2}, 32))}
	d.far = &fakeCentre{log: d.log, photos: map[event.Hash][]byte{}, names: 32}
	certificate, key, err := wire.SelfSigned(rand.NewChaCha8([32]byte{byte(seed)}), []string{"127.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	pair, err := tls.X509KeyPair(certificate, key)
	if err != nil {
		t.Fatal(err)
	}
	ruling, err := event.Rule(d.centre, event.KeysAccepted, 1, event.ID{}, &event.TLSKeys{Version: 1, Keys: []event.Hash{wire.SPKI(pair.Leaf)}})
	if err != nil {
		t.Fatal(err)
	}
	d.keys = wire.NewKeys(d.centre.Public().(ed25519.PublicKey), nil)
	if err := d.keys.Take(ruling); err != nil {
		t.Fatal(err)
	}
	gate := wire.NewGate(wire.GateOptions{Signing: d.centre, Now: time.Now, Key: func(context.Context, event.ID) (ed25519.PublicKey, error) {
		return d.node.Public().(ed25519.PublicKey), nil
	}})
	mux := http.NewServeMux()
	mux.Handle(wire.ExchangePath, wire.Serve(gate, wire.ExchangePath, func(ctx context.Context, _ event.ID, r *wire.Request) (*wire.Answer, error) {
		return d.far.Exchange(ctx, r)
	}))
	mux.Handle(wire.PushPath, wire.Serve(gate, wire.PushPath, func(ctx context.Context, _ event.ID, p *wire.PhotoPush) (*wire.PhotoTaken, error) {
		return d.far.Push(ctx, p)
	}))
	d.server = &http.Server{Handler: mux, TLSConfig: &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, 0)}
	go func() { _ = d.server.ServeTLS(d.pipes, "", "") }() // ends with Close
	return d
}

// start is the node's process as it is after a start.
func (d *district) start(photos Photos) (*Agent, *wire.Transport) {
	transport := wire.NewTransport(d.keys, d.dial)
	far := &wire.Client{Base: "https://centre", Transport: transport, Key: d.node, Centre: d.centre.Public().(ed25519.PublicKey), Node: event.ID{1}}
	return New(Options{Log: d.log, Centre: far, Photos: photos, Now: time.Now, Mono: func() time.Duration { return time.Since(d.began) },
		Rand: rand.NewChaCha8([32]byte{7}), Room: transport.Room}), transport
}

// TestLittleIsSentTwiceOnABadLine sends photos over a line that is slow, loses
// packets and drops every 64 kB, also from a node whose plug is pulled again and again.
func TestLittleIsSentTwiceOnABadLine(t *testing.T) {
	for _, size := range []int{100, 10 << 10} { // the compressors, which all share, are made outside the bubble
		frame, err := wire.Encode(&wire.PhotoPush{Parts: []wire.PhotoPart{{Bytes: make([]byte, size)}}})
		if err == nil {
			_, err = wire.Decode[wire.PhotoPush](frame)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for seed := range uint64(6) {
		synctest.Test(t, func(t *testing.T) {
			// A plug that is pulled every half minute takes what is under way, and what was
			// learned of the line.
			plugged, most := time.Hour, 1.12
			if seed%2 == 1 {
				plugged, most = 30*time.Second, 1.3
			}
			line := badline.New(seed, time.Now)
			d := newDistrict(t, seed, line)
			random := rand.New(rand.NewPCG(seed, 5))
			photos, dice, size := newShelf(), rand.NewChaCha8([32]byte{byte(seed)}), 0
			for range 60 {
				hash, data := photo(dice, 8<<10+random.IntN(50<<10))
				photos.whole[hash], size = data, size+len(data)
				d.far.wants = append(d.far.wants, hash)
			}
			a, transport := d.start(photos)
			runs := 0
			for ; len(d.far.wants) > 0; runs++ {
				if runs > 2000 {
					t.Fatalf("%d photos did not arrive", len(d.far.wants))
				}
				ctx, cancel := context.WithTimeout(t.Context(), plugged/2+time.Duration(random.Int64N(int64(plugged))))
				_, err := a.Run(ctx)
				if ctx.Err() != nil {
					transport.CloseIdleConnections()
					line.Cut()
					a, transport = d.start(photos)
				} else if err != nil {
					time.Sleep(3 * time.Second)
				}
				cancel()
			}
			sent, carried := line.SentUp.Load()+line.SentDown.Load(), 0
			for hash := range photos.whole {
				carried += len(d.far.photos[hash])
			}
			transport.CloseIdleConnections()
			d.server.Close()
			line.Close()
			ratio := float64(sent) / float64(size)
			t.Logf("seed %d: %d bytes of photos in %v: %.3f sent, %d runs, %d drops, %d connections, %d requests", seed, size, time.Since(d.began), ratio, runs, line.Cuts.Load(), line.Connected.Load(), d.far.pushes)
			if carried != size {
				t.Errorf("%d bytes arrived of %d", carried, size)
			}
			if ratio > most {
				t.Errorf("%.3f bytes on the wire for each byte of photos", ratio)
			}
		})
	}
}
