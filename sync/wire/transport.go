package wire

import (
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"sync"
	"time"
)

// sendBuffer keeps what the system takes before it is sent so small that even a
// link of 1 kB/s shows movement within the stall rule.
const sendBuffer = 8 << 10

// Dial makes a connection, as net.Dialer does.
type Dial func(ctx context.Context, network, address string) (net.Conn, error)

// Transport keeps the connection to the centre. It accepts the centre under the
// given keys only; when it meets another, it asks for the list of keys once and
// tries again. Where the line drops connections after about so many bytes, it
// begins another one before that.
type Transport struct {
	keys     *Keys
	inner    *http.Transport
	sessions tls.ClientSessionCache

	mu        sync.Mutex
	endurance Endurance
	conn      *watched // the youngest
	under     int      // requests under way
}

// NewTransport makes one for keys; dial may be nil.
func NewTransport(keys *Keys, dial Dial) *Transport {
	if dial == nil {
		dial = dialTCP
	}
	t := &Transport{keys: keys, sessions: tls.NewLRUClientSessionCache(4)}
	t.inner = newInner(t.watch(dial), t.config(nil))
	t.inner.DialTLSContext = t.shake
	return t
}

// errAnew says that the centre does not go on with a session.
var errAnew = errors.New("wire: the session is over")

// config is how hands are shaken over the given curves; with nil over those of the
// library, which begin with one that no quantum computer breaks.
func (t *Transport) config(again []tls.CurveID) *tls.Config {
	c := &tls.Config{InsecureSkipVerify: true, VerifyConnection: t.keys.verify, MinVersion: tls.VersionTLS12, ClientSessionCache: t.sessions,
		DynamicRecordSizingDisabled: true, CurvePreferences: again}
	if again != nil {
		c.VerifyConnection = func(s tls.ConnectionState) error {
			if !s.DidResume || s.Version < tls.VersionTLS13 {
				return errAnew
			}
			return t.keys.verify(s)
		}
	}
	return c
}

// shake dials and shakes hands. Where there is a session to go on with, the keys
// come from its secret too (RFC 8446, 7.1), which was agreed on over the library's
// own curves: then X25519 is enough beside it, and takes 2.3 kB less.
func (t *Transport) shake(ctx context.Context, network, address string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("wire: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, 2*stall)
	defer cancel()
	over := func(again []tls.CurveID) (net.Conn, error) {
		conn, err := t.inner.DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		config := t.config(again)
		config.ServerName = host
		secure := tls.Client(conn, config)
		if err := secure.HandshakeContext(ctx); err != nil {
			conn.Close()
			return nil, err
		}
		return secure, nil
	}
	if _, known := t.sessions.Get(host); known {
		conn, err := over([]tls.CurveID{tls.X25519})
		if !errors.Is(err, errAnew) {
			return conn, err
		}
	}
	return over(nil)
}

func dialTCP(ctx context.Context, network, address string) (net.Conn, error) {
	dialer := &net.Dialer{Timeout: stall, KeepAlive: 30 * time.Second}
	conn, err := dialer.DialContext(ctx, network, address)
	if tcp, is := conn.(*net.TCPConn); is {
		_ = tcp.SetWriteBuffer(sendBuffer) // a hint
	}
	return conn, err
}

func newInner(dial Dial, config *tls.Config) *http.Transport {
	return &http.Transport{
		Proxy: http.ProxyFromEnvironment, DialContext: dial,
		TLSClientConfig: config, TLSHandshakeTimeout: 2 * stall, MaxIdleConns: 2, MaxIdleConnsPerHost: 2, IdleConnTimeout: 10 * time.Minute,
		DisableCompression: true, ForceAttemptHTTP2: false, WriteBufferSize: 8 << 10,
	}
}

// About what a handshake takes, and a request and its answer beside their bodies.
const (
	handshakeBytes = 2 << 10
	aroundBytes    = 512
)

// Endured is what was learned of the line so far.
func (t *Transport) Endured() Endurance {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.endurance
}

// Recall goes on from what was learned of the line before.
func (t *Transport) Recall(e Endurance) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.endurance = e
}

// Room is how many bytes the next request should have at most, and its answer, 0 for
// any number: what fits the connection, and no more than a quarter of what one
// carries, because whatever ends a connection, the request goes again.
func (t *Transport) Room() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	limit := t.endurance.Limit()
	if limit == 0 {
		return 0
	}
	left := limit - handshakeBytes
	if t.conn != nil && limit-t.conn.used > limit/8 {
		left = limit - t.conn.used
	}
	return int(min(left, limit/2) - aroundBytes)
}

// renew lets go of a connection on which a body of so many bytes may not come through.
func (t *Transport) renew(body int64) {
	t.mu.Lock()
	limit, worn := t.endurance.Limit(), false
	if limit > 0 && t.conn != nil {
		left := limit - t.conn.used
		if worn = left <= limit/8 || left < body+aroundBytes && t.conn.used > 2*handshakeBytes; worn {
			t.endurance.Held()
			t.conn = nil
		}
	}
	t.mu.Unlock()
	if worn {
		t.inner.CloseIdleConnections()
	}
}

// RoundTrip implements http.RoundTripper.
func (t *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	t.renew(req.ContentLength)
	t.begin()
	res, err := t.try(req)
	if err != nil {
		t.end(false)
		return nil, err
	}
	res.Body = &answerBody{ReadCloser: res.Body, transport: t}
	return res, nil
}

func (t *Transport) try(req *http.Request) (*http.Response, error) {
	res, err := t.inner.RoundTrip(req)
	if !errors.Is(err, ErrKeys) {
		return res, err
	}
	told, ferr := FetchKeys(req.Context(), req.URL.Scheme+"://"+req.URL.Host, func(key ed25519.PublicKey) bool { return key.Equal(t.keys.centre) })
	if ferr != nil {
		return nil, fmt.Errorf("%w: %w", err, ferr)
	}
	if ferr := t.keys.Take(told.Ruling); ferr != nil {
		return nil, fmt.Errorf("%w: %w", err, ferr)
	}
	if t.keys.learned != nil {
		t.keys.learned(told.Ruling)
	}
	if req.GetBody != nil {
		body, berr := req.GetBody()
		if berr != nil {
			return nil, berr
		}
		req = req.Clone(req.Context())
		req.Body = body
	}
	return t.inner.RoundTrip(req)
}

// CloseIdleConnections lets go of kept connections.
func (t *Transport) CloseIdleConnections() { t.inner.CloseIdleConnections() }

func (t *Transport) begin() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.under++
}

// end notes that a request is over; whole says that its answer came to its end, so
// everything before has come through.
func (t *Transport) end(whole bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.under--
	if whole && t.conn != nil {
		t.conn.through = t.conn.used
	}
}

// answerBody tells the transport when an answer is over.
type answerBody struct {
	io.ReadCloser
	transport *Transport
	whole     bool
	once      sync.Once
}

func (b *answerBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.whole = b.whole || errors.Is(err, io.EOF)
	return n, err
}

func (b *answerBody) Close() error {
	b.once.Do(func() { b.transport.end(b.whole) })
	return b.ReadCloser.Close()
}

// watched is a connection of which is known how much it has carried. Its counts
// are the transport's to lock.
type watched struct {
	net.Conn
	transport     *Transport
	used, through int64
	dropped       bool
}

func (t *Transport) watch(dial Dial) Dial {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		w := &watched{Conn: conn, transport: t}
		t.mu.Lock()
		defer t.mu.Unlock()
		t.conn = w
		return w, nil
	}
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.Conn.Read(p)
	w.note(n, err)
	return n, err
}

func (w *watched) Write(p []byte) (int, error) {
	n, err := w.Conn.Write(p)
	w.note(n, err)
	return n, err
}

// note counts, and learns from a connection that the other side or the line ended
// while somebody waited for an answer.
func (w *watched) note(n int, err error) {
	t := w.transport
	t.mu.Lock()
	defer t.mu.Unlock()
	w.used += int64(n)
	if err == nil || w.dropped || errors.Is(err, net.ErrClosed) || errors.Is(err, os.ErrDeadlineExceeded) {
		return
	}
	if w.dropped = true; t.conn == w {
		t.conn = nil
		if t.under > 0 {
			t.endurance.Dropped(w.through)
		}
	}
}
