package wire

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"simpul/sync/event"
)

var (
	// ErrPlain is returned for an address without TLS that is not this machine.
	ErrPlain = errors.New("wire: plain http is for loopback only")
	// ErrStalled is returned when nothing moved for 30 seconds.
	ErrStalled = errors.New("wire: nothing moves")
)

// Moved is how far a request has come, in bytes of bodies. DownTotal is -1 until
// the answer begins, and if it does not say.
type Moved struct{ Up, UpTotal, Down, DownTotal int64 }

// Client speaks to the centre for one node. Fields are set once; it may be used
// from many places.
type Client struct {
	Base      string            // https://pusat.example.go.id, or http:// on this machine
	Transport http.RoundTripper // see [NewTransport]; keeps the connection
	Key       ed25519.PrivateKey
	Centre    ed25519.PublicKey // pinned at joining
	Node      event.ID          // zero while joining
	Moved     func(Moved)       // may be nil
	Stall     time.Duration     // 0 for 30 seconds
}

// Exchange sends a request.
func (c *Client) Exchange(ctx context.Context, r *Request) (*Answer, error) {
	return send[Request, Answer](ctx, c, ExchangePath, r)
}

// Push sends pieces of photos.
func (c *Client) Push(ctx context.Context, p *PhotoPush) (*PhotoTaken, error) {
	return send[PhotoPush, PhotoTaken](ctx, c, PushPath, p)
}

// Pull asks for photos.
func (c *Client) Pull(ctx context.Context, p *PhotoPull) (*PhotoSent, error) {
	return send[PhotoPull, PhotoSent](ctx, c, PullPath, p)
}

// Join asks to be let in, or how that stands. The client's Node is zero.
func (c *Client) Join(ctx context.Context, a *JoinAsk) (*JoinAnswer, error) {
	return send[JoinAsk, JoinAnswer](ctx, c, JoinPath, a)
}

// send makes one round trip. Errors: *Refusal, ErrPlain, ErrStalled, ErrKeys,
// ErrSignature, ErrMessage, ErrTooLarge, or the transport's.
func send[M, A Message](ctx context.Context, c *Client, path string, m *M) (*A, error) {
	frame, err := Encode(m)
	if err != nil {
		return nil, err
	}
	body := SealRequest(c.Key, c.Centre, c.Node, path, frame)
	if len(body) > MaxBody {
		return nil, fmt.Errorf("%w: %d bytes", ErrTooLarge, len(body))
	}
	raw, err := c.do(ctx, http.MethodPost, path, body)
	if err != nil {
		return nil, err
	}
	answer, err := OpenAnswer(c.Centre, body, raw)
	if err != nil {
		return nil, err
	}
	return Decode[A](answer)
}

// do sends a body and reads the answer's. There is no limit to how long it may
// take, as long as something moves.
func (c *Client) do(ctx context.Context, method, path string, body []byte) ([]byte, error) {
	if err := allowed(c.Base); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	wait := c.Stall
	if wait == 0 {
		wait = stall
	}
	watch := time.AfterFunc(wait, func() { cancel(ErrStalled) })
	defer watch.Stop()

	var up, down atomic.Int64
	total := int64(-1)
	moved := func(count *atomic.Int64) func(int) {
		return func(n int) {
			count.Add(int64(n))
			watch.Reset(wait)
			if c.Moved != nil {
				c.Moved(Moved{Up: up.Load(), UpTotal: int64(len(body)), Down: down.Load(), DownTotal: atomic.LoadInt64(&total)})
			}
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, c.Base+path, &counted{bytes.NewReader(body), moved(&up)})
	if err != nil {
		return nil, fmt.Errorf("wire: %w", err)
	}
	req.ContentLength = int64(len(body))
	req.GetBody = func() (io.ReadCloser, error) { // a kept connection may have been closed by the other side
		up.Store(0)
		return io.NopCloser(&counted{bytes.NewReader(body), moved(&up)}), nil
	}
	if len(body) == 0 {
		req.Body, req.GetBody = nil, nil
	}
	req.Header.Set("User-Agent", "simpul")
	if !c.Node.IsZero() {
		req.Header.Set(NodeHeader, c.Node.String())
	}
	res, err := c.Transport.RoundTrip(req)
	if err != nil {
		return nil, said(ctx, err)
	}
	defer res.Body.Close()
	atomic.StoreInt64(&total, res.ContentLength)
	moved(&down)(0)
	if res.StatusCode != http.StatusOK {
		return nil, refusal(res)
	}
	raw, err := io.ReadAll(io.LimitReader(&counted{res.Body, moved(&down)}, MaxBody+1))
	if err != nil {
		return nil, said(ctx, err)
	}
	if len(raw) > MaxBody {
		return nil, fmt.Errorf("%w: answer", ErrTooLarge)
	}
	return raw, nil
}

// said prefers the reason for which a request was given up.
func said(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); errors.Is(cause, ErrStalled) {
		return cause
	}
	return fmt.Errorf("wire: %w", err)
}

// allowed refuses to send in the clear over a network.
func allowed(base string) error {
	u, err := url.Parse(base)
	if err != nil {
		return fmt.Errorf("wire: address of the centre: %w", err)
	}
	if u.Scheme == "https" && u.Host != "" {
		return nil
	}
	ip := net.ParseIP(u.Hostname())
	if u.Scheme == "http" && (u.Hostname() == "localhost" || (ip != nil && ip.IsLoopback())) {
		return nil
	}
	return ErrPlain
}
