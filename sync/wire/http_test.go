package wire

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"simpul/sync/event"
)

// centre is a centre with one enrolled node and one revoked one.
type centre struct {
	signing, node ed25519.PrivateKey
	id, revoked   event.ID
	gate          *Gate
	answer        func(context.Context, event.ID, *Request) (*Answer, error)
	ruling        atomic.Pointer[event.Ruling]
	server        *httptest.Server
}

func key(t testing.TB, b byte) ed25519.PrivateKey {
	t.Helper()
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{b}, ed25519.SeedSize))
}

func newCentre(t *testing.T, opt GateOptions) *centre {
	t.Helper()
	c := &centre{signing: key(t, 1), node: key(t, 2), id: event.ID{0: 9, 15: 1}, revoked: event.ID{0: 9, 15: 2}}
	opt.Signing, opt.Now, opt.Log = c.signing, time.Now, slog.New(slog.NewTextHandler(io.Discard, nil))
	opt.Key = func(_ context.Context, id event.ID) (ed25519.PublicKey, error) {
		switch id {
		case c.id:
			return c.node.Public().(ed25519.PublicKey), nil
		case c.revoked:
			return nil, ErrRevokedNode
		}
		return nil, ErrUnknownNode
	}
	c.gate = NewGate(opt)
	c.answer = func(_ context.Context, _ event.ID, r *Request) (*Answer, error) {
		return &Answer{Protocol: r.Protocol, Time: 7, Ticket: r.Nonce}, nil
	}
	mux := http.NewServeMux()
	mux.Handle(ExchangePath, Serve(c.gate, ExchangePath, func(ctx context.Context, id event.ID, r *Request) (*Answer, error) { return c.answer(ctx, id, r) }))
	mux.Handle(JoinPath, ServeJoin(c.gate, func(_ context.Context, a *JoinAsk) (*JoinAnswer, error) {
		return &JoinAnswer{State: JoinWaiting, Check: a.Name}, nil
	}))
	mux.Handle(KeysPath, ServeKeys(func(context.Context) (CentreKeys, error) {
		return CentreKeys{Key: c.signing.Public().(ed25519.PublicKey), Ruling: *c.ruling.Load()}, nil
	}))
	c.server = httptest.NewUnstartedServer(mux)
	t.Cleanup(c.server.Close)
	return c
}

// start listens in the clear, on loopback.
func (c *centre) start() *Client {
	c.server.Start()
	return c.client(c.server.URL, http.DefaultTransport)
}

func (c *centre) client(base string, transport http.RoundTripper) *Client {
	return &Client{Base: base, Transport: transport, Key: c.node, Centre: c.signing.Public().(ed25519.PublicKey), Node: c.id}
}

func TestARequestIsAnswered(t *testing.T) {
	c := newCentre(t, GateOptions{})
	client := c.start()
	var last Moved
	client.Moved = func(m Moved) { last = m }
	a, err := client.Exchange(t.Context(), &Request{Protocol: 1, Nonce: Short{5}})
	if err != nil || a.Ticket != (Short{5}) {
		t.Fatalf("%+v %v", a, err)
	}
	if last.Up != last.UpTotal || last.Down != last.DownTotal || last.Up < 64 || last.Down < 64 {
		t.Errorf("progress ends at %+v", last)
	}
	client.Node, client.Key = event.ID{}, key(t, 3)
	joined, err := client.Join(t.Context(), &JoinAsk{Key: client.Key.Public().(ed25519.PublicKey), Name: "Keliling 1"})
	if err != nil || joined.Check != "Keliling 1" {
		t.Errorf("join: %+v %v", joined, err)
	}
	if _, err := client.Join(t.Context(), &JoinAsk{Key: c.node.Public().(ed25519.PublicKey)}); !refused(err, http.StatusUnauthorized, RefusedSignature) {
		t.Errorf("joining with another's key: %v", err)
	}
}

func refused(err error, status int, reason string) bool {
	var no *Refusal
	return errors.As(err, &no) && no.Status == status && no.Reason == reason
}

func TestTheGateRefuses(t *testing.T) {
	c := newCentre(t, GateOptions{Bytes: 1 << 20})
	client := c.start()
	client.Node = c.revoked
	if _, err := client.Exchange(t.Context(), &Request{}); !refused(err, http.StatusForbidden, RefusedRevoked) {
		t.Errorf("revoked: %v", err)
	}
	client.Node = event.ID{7}
	if _, err := client.Exchange(t.Context(), &Request{}); !refused(err, http.StatusForbidden, RefusedUnknown) {
		t.Errorf("unknown: %v", err)
	}
	client.Node, client.Key = c.id, key(t, 8)
	if _, err := client.Exchange(t.Context(), &Request{}); !refused(err, http.StatusUnauthorized, RefusedSignature) {
		t.Errorf("another key: %v", err)
	}
	client.Key = c.node
	c.answer = func(context.Context, event.ID, *Request) (*Answer, error) {
		return nil, &Refusal{Status: http.StatusTooManyRequests, Reason: RefusedBusy, Wait: 90 * time.Second}
	}
	_, err := client.Exchange(t.Context(), &Request{})
	var no *Refusal
	if !errors.As(err, &no) || no.Wait != 90*time.Second {
		t.Errorf("wait: %v", err)
	}
	c.answer = func(context.Context, event.ID, *Request) (*Answer, error) { return nil, io.ErrUnexpectedEOF }
	if _, err := client.Exchange(t.Context(), &Request{}); !refused(err, http.StatusInternalServerError, RefusedFailed) {
		t.Errorf("broken: %v", err)
	}
	// Nothing that is refused holds a place.
	if c.gate.count != 0 || c.gate.bytes != 0 || len(c.gate.nodes) != 0 {
		t.Errorf("still inside: %d, %d bytes, %v", c.gate.count, c.gate.bytes, c.gate.nodes)
	}
}

// unread is a body that must not be read.
type unread struct{ t *testing.T }

func (u unread) Read([]byte) (int, error) { u.t.Error("the body was read"); return 0, io.EOF }
func (u unread) Close() error             { return nil }

func TestARevokedNodeIsRefusedUnread(t *testing.T) {
	c := newCentre(t, GateOptions{})
	for _, length := range []int64{100, -1, MaxBody + 1} {
		r := httptest.NewRequest(http.MethodPost, ExchangePath, nil)
		r.Body, r.ContentLength = unread{t}, length
		r.Header.Set(NodeHeader, c.revoked.String())
		w := httptest.NewRecorder()
		c.server.Config.Handler.ServeHTTP(w, r)
		if w.Code != http.StatusForbidden || w.Header().Get(refusedHeader) != RefusedRevoked {
			t.Errorf("length %d: %d %v", length, w.Code, w.Header())
		}
		r.Header.Set(NodeHeader, c.id.String())
		if length > MaxBody {
			w := httptest.NewRecorder()
			if c.server.Config.Handler.ServeHTTP(w, r); w.Code != http.StatusRequestEntityTooLarge {
				t.Errorf("too large: %d", w.Code)
			}
		}
	}
	// A body that says nothing of its length is read up to the bound.
	r := httptest.NewRequest(http.MethodPost, ExchangePath, io.LimitReader(zeros{}, MaxBody+2))
	r.ContentLength = -1
	r.Header.Set(NodeHeader, c.id.String())
	w := httptest.NewRecorder()
	if c.server.Config.Handler.ServeHTTP(w, r); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("endless: %d", w.Code)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestTooManyAreSentAway(t *testing.T) {
	c := newCentre(t, GateOptions{Most: 2})
	inside, go_ := make(chan bool), make(chan bool)
	c.answer = func(context.Context, event.ID, *Request) (*Answer, error) {
		inside <- true
		<-go_
		return &Answer{}, nil
	}
	client := c.start()
	done := make(chan error, 2)
	for range 2 {
		go func() { _, err := client.Exchange(context.Background(), &Request{}); done <- err }()
		<-inside
	}
	_, err := client.Exchange(t.Context(), &Request{})
	var no *Refusal
	if !errors.As(err, &no) || no.Reason != RefusedTwice || no.Wait == 0 {
		t.Errorf("a third of one node: %v", err)
	}
	client.Node, client.Key = event.ID{}, key(t, 3)
	if _, err = client.Join(t.Context(), &JoinAsk{Key: client.Key.Public().(ed25519.PublicKey)}); !errors.As(err, &no) || no.Reason != RefusedBusy || no.Wait == 0 {
		t.Errorf("a third of all: %v", err)
	}
	close(go_)
	for range 2 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func TestOnlyTheCentreAnswers(t *testing.T) {
	c := newCentre(t, GateOptions{})
	client := c.start()
	client.Centre = key(t, 8).Public().(ed25519.PublicKey)
	if _, err := client.Exchange(t.Context(), &Request{}); !refused(err, http.StatusUnauthorized, RefusedSignature) {
		t.Errorf("a request for another centre: %v", err)
	}
	// An answer belongs to one request and to no other.
	frame, err := EncodeAnswer(&Answer{})
	if err != nil {
		t.Fatal(err)
	}
	public := c.signing.Public().(ed25519.PublicKey)
	body := SealAnswer(c.signing, []byte("one"), frame)
	if _, err := OpenAnswer(public, []byte("one"), body); err != nil {
		t.Error(err)
	}
	if _, err := OpenAnswer(public, []byte("two"), body); !errors.Is(err, ErrSignature) {
		t.Errorf("given to another request: %v", err)
	}
	// A request belongs to one path, one node, one centre.
	asked := SealRequest(c.node, public, c.id, ExchangePath, frame)
	node := c.node.Public().(ed25519.PublicKey)
	for what, try := range map[string]func() ([]byte, error){
		"path":   func() ([]byte, error) { return OpenRequest(node, public, c.id, PushPath, asked) },
		"node":   func() ([]byte, error) { return OpenRequest(node, public, c.revoked, ExchangePath, asked) },
		"centre": func() ([]byte, error) { return OpenRequest(node, node, c.id, ExchangePath, asked) },
		"kind":   func() ([]byte, error) { return OpenAnswer(node, asked, asked) },
		"short":  func() ([]byte, error) { return OpenRequest(node, public, c.id, ExchangePath, asked[:63]) },
	} {
		if _, err := try(); !errors.Is(err, ErrSignature) {
			t.Errorf("another %s: %v", what, err)
		}
	}
	if got, err := OpenRequest(node, public, c.id, ExchangePath, asked); err != nil || !bytes.Equal(got, frame) {
		t.Error(err)
	}
}

func TestPlainHTTPStaysOnThisMachine(t *testing.T) {
	for base, ok := range map[string]bool{"http://127.0.0.1:80": true, "http://[::1]:80": true, "http://localhost:80": true, "https://contoh.invalid": true,
		"http://contoh.invalid": false, "http://192.168.1.2": false, "http://127.0.0.1.contoh.invalid": false, "ftp://127.0.0.1": false, "contoh.invalid": false, "": false} {
		if err := allowed(base); (err == nil) != ok {
			t.Errorf("%q: %v", base, err)
		}
	}
	client := &Client{Base: "http://contoh.invalid", Key: key(t, 1)}
	if _, err := client.Exchange(t.Context(), &Request{}); !errors.Is(err, ErrPlain) {
		t.Errorf("sent in the clear: %v", err)
	}
}

func TestWhatDoesNotMoveIsAbandonedAndWhatIsSlowIsNot(t *testing.T) {
	c := newCentre(t, GateOptions{})
	c.server.Start()
	frame, err := EncodeAnswer(&Answer{Time: 3})
	if err != nil {
		t.Fatal(err)
	}
	for _, slow := range []bool{true, false} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			asked, _ := io.ReadAll(r.Body)
			body := SealAnswer(c.signing, asked, frame)
			for i := range body {
				if !slow && i == 10 {
					<-r.Context().Done()
					return
				}
				_, _ = w.Write(body[i : i+1])
				_ = http.NewResponseController(w).Flush()
				time.Sleep(12 * time.Millisecond)
			}
		}))
		client := c.client(server.URL, http.DefaultTransport)
		client.Stall = time.Second // the whole slow answer takes longer
		_, err := client.Exchange(t.Context(), &Request{})
		if slow && err != nil {
			t.Errorf("slow: %v", err)
		}
		if !slow && !errors.Is(err, ErrStalled) {
			t.Errorf("dead: %v", err)
		}
		server.CloseClientConnections()
		server.Close()
	}
}

// wiretap counts the bytes of a connection, headers and all.
type wiretap struct {
	net.Conn
	up, down *atomic.Int64
}

func (w wiretap) Read(p []byte) (int, error) {
	n, err := w.Conn.Read(p)
	w.down.Add(int64(n))
	return n, err
}

func (w wiretap) Write(p []byte) (int, error) {
	n, err := w.Conn.Write(p)
	w.up.Add(int64(n))
	return n, err
}

func TestWhatGoesOverTheLineIsSmall(t *testing.T) {
	c := newCentre(t, GateOptions{})
	people := newCounter(t, 77)
	c.answer = func(context.Context, event.ID, *Request) (*Answer, error) { return people.answer(), nil }
	client := c.start()
	var up, down atomic.Int64
	client.Transport = &http.Transport{DisableCompression: true, DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, network, c.server.Listener.Addr().String())
		return wiretap{conn, &up, &down}, err
	}}
	client.Base = strings.Replace(client.Base, "127.0.0.1", "localhost", 1)
	measure := func(r *Request) int64 {
		up.Store(0)
		down.Store(0)
		if _, err := client.Exchange(t.Context(), r); err != nil {
			t.Fatal(err)
		}
		return up.Load() + down.Load()
	}
	idle := people.request()
	idle.Batches = nil
	if n := measure(idle); n > 900 {
		t.Errorf("an idle exchange takes %d bytes", n)
	} else {
		t.Logf("an idle exchange takes %d bytes, %d up", n, up.Load())
	}
	people.registration()
	if n := measure(people.request()); n > 1500 {
		t.Errorf("a registration alone takes %d bytes", n)
	} else {
		t.Logf("a registration alone takes %d bytes", n)
	}
}

func TestARefusalSaysHowLong(t *testing.T) {
	at := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	for after, want := range map[string]time.Duration{"": 0, "20": 20 * time.Second, "-3": 0, "never": 0,
		at.Add(2 * time.Minute).Format(http.TimeFormat): 2 * time.Minute, at.Add(-time.Minute).Format(http.TimeFormat): 0} {
		res := &http.Response{StatusCode: 503, Header: http.Header{"Date": {at.Format(http.TimeFormat)}, "Retry-After": {after}}}
		if got := refusal(res); !reflect.DeepEqual(got, &Refusal{Status: 503, Wait: want}) {
			t.Errorf("%q: %+v", after, got)
		}
	}
}
