package wire

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"simpul/sync/event"
)

// What [GateOptions.Key] says of a node that may not come in.
var (
	ErrUnknownNode = errors.New("wire: unknown node")
	ErrRevokedNode = errors.New("wire: revoked node")
)

// GateOptions is what a gate needs.
type GateOptions struct {
	Signing ed25519.PrivateKey
	// Key returns the key of a node, ErrUnknownNode or ErrRevokedNode.
	Key func(context.Context, event.ID) (ed25519.PublicKey, error)
	Now func() time.Time
	Log *slog.Logger
	// Most is how many requests are served at once, Bytes how many bytes their
	// bodies may have together; 0 means 32 and 64 MB.
	Most  int
	Bytes int64
	// Working is how many of them are unpacked at once, 0 for 3; the others wait
	// as they came. A body grows many times when it is unpacked, and what it
	// brings goes through one writer: more would take memory and no less time.
	Working int
}

// Gate is the centre's side of HTTP: it lets in whom the centre knows, and only
// what that node signed.
type Gate struct {
	opt    GateOptions
	public ed25519.PublicKey
	work   chan struct{} // holds one for each that is unpacked

	mu    sync.Mutex
	count int
	bytes int64
	nodes map[event.ID]int
}

// NewGate makes a gate.
func NewGate(opt GateOptions) *Gate {
	if opt.Most == 0 {
		opt.Most = 32
	}
	if opt.Bytes == 0 {
		opt.Bytes = 64 << 20
	}
	if opt.Working == 0 {
		opt.Working = 3
	}
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	return &Gate{opt: opt, public: opt.Signing.Public().(ed25519.PublicKey), work: make(chan struct{}, opt.Working), nodes: map[event.ID]int{}}
}

const (
	perNode     = 2 // requests of one node at once: one may hang in a dead connection
	stall       = 30 * time.Second
	maxJoin     = 16 << 10
	guessLength = 256 << 10 // what a body of unknown length counts for
)

// Serve answers signed requests of known nodes at a path. The order matters: who
// is it, is there room, the body up to its bound, the signature, and only then
// is anything decompressed.
func Serve[M, A Message](g *Gate, path string, answer func(context.Context, event.ID, *M) (*A, error)) http.Handler {
	return g.handler(func(w http.ResponseWriter, r *http.Request) error {
		node, key, err := g.who(r)
		if err != nil {
			return err
		}
		leave, err := g.enter(node, r.ContentLength)
		if err != nil {
			return err
		}
		defer leave()
		body, err := g.read(w, r, MaxBody)
		if err != nil {
			return err
		}
		frame, err := OpenRequest(key, g.public, node, path, body)
		if err != nil {
			return err
		}
		packed, err := unpacked(r.Context(), g, frame, func(ctx context.Context, m *M) (*A, error) { return answer(ctx, node, m) })
		if err != nil {
			return err
		}
		g.reply(w, body, packed)
		return nil
	})
}

// unpacked lets a compressed message be answered when its turn has come, and
// compresses the answer: what lies about while a slow link takes it is small.
func unpacked[M, A Message](ctx context.Context, g *Gate, frame []byte, answer func(context.Context, *M) (*A, error)) ([]byte, error) {
	select {
	case g.work <- struct{}{}:
		defer func() { <-g.work }()
	case <-ctx.Done():
		return nil, fmt.Errorf("wire: waiting for a turn: %w", ctx.Err())
	}
	m, err := Decode[M](frame)
	if err != nil {
		return nil, err
	}
	a, err := answer(ctx, m)
	if err != nil {
		return nil, err
	}
	return Encode(a)
}

// ServeJoin answers nodes that want in: the request names its own key, so it is
// small and is read before it is verified.
func ServeJoin(g *Gate, answer func(context.Context, *JoinAsk) (*JoinAnswer, error)) http.Handler {
	return g.handler(func(w http.ResponseWriter, r *http.Request) error {
		leave, err := g.enter(event.ID{}, maxJoin)
		if err != nil {
			return err
		}
		defer leave()
		body, err := g.read(w, r, maxJoin)
		if err != nil {
			return err
		}
		ask, err := OpenJoin(g.public, body)
		if err != nil {
			return err
		}
		a, err := answer(r.Context(), ask)
		if err != nil {
			return err
		}
		packed, err := Encode(a)
		if err != nil {
			return err
		}
		g.reply(w, body, packed)
		return nil
	})
}

// OpenJoin reads a JoinAsk and verifies that it is signed with the key it names.
func OpenJoin(centre ed25519.PublicKey, body []byte) (*JoinAsk, error) {
	if len(body) < ed25519.SignatureSize {
		return nil, ErrSignature
	}
	ask, err := decodeAtMost[JoinAsk](body[ed25519.SignatureSize:], maxJoin)
	if err != nil {
		return nil, err
	}
	if _, err := OpenRequest(ask.Key, centre, event.ID{}, JoinPath, body); err != nil {
		return nil, err
	}
	return ask, nil
}

func (g *Gate) reply(w http.ResponseWriter, request, packed []byte) {
	bare(w)
	if _, err := w.Write(SealAnswer(g.opt.Signing, request, packed)); err != nil {
		g.opt.Log.Debug("answer not delivered", "err", err)
	}
}

// handler turns errors into refusals.
func (g *Gate) handler(serve func(http.ResponseWriter, *http.Request) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			(&Refusal{Status: http.StatusMethodNotAllowed, Reason: RefusedMalformed}).Write(w)
			return
		}
		if err := serve(w, r); err != nil {
			no := asRefusal(err)
			level := slog.LevelInfo
			if no.Reason == RefusedFailed {
				level = slog.LevelError
			}
			g.opt.Log.Log(r.Context(), level, "exchange refused", "path", r.URL.Path, "reason", no.Reason, "err", err)
			w.Header().Set("Connection", "close") // the body may not have been read
			no.Write(w)
		}
	})
}

// who finds the node that the header names.
func (g *Gate) who(r *http.Request) (event.ID, ed25519.PublicKey, error) {
	unknown := &Refusal{Status: http.StatusForbidden, Reason: RefusedUnknown}
	node, err := event.ParseID(r.Header.Get(NodeHeader))
	if err != nil {
		return node, nil, unknown
	}
	key, err := g.opt.Key(r.Context(), node)
	switch {
	case errors.Is(err, ErrRevokedNode):
		return node, nil, &Refusal{Status: http.StatusForbidden, Reason: RefusedRevoked}
	case errors.Is(err, ErrUnknownNode):
		return node, nil, unknown
	}
	return node, key, err
}

// enter takes a place, or says when to come again: later for each node by
// another second, so that those who were refused together do not return together.
func (g *Gate) enter(node event.ID, length int64) (leave func(), err error) {
	if length > MaxBody {
		return nil, &Refusal{Status: http.StatusRequestEntityTooLarge, Reason: RefusedLarge}
	}
	if length < 0 {
		length = guessLength
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case !node.IsZero() && g.nodes[node] >= perNode:
		return nil, &Refusal{Status: http.StatusTooManyRequests, Reason: RefusedTwice, Wait: 5 * time.Second}
	case g.count >= g.opt.Most || g.bytes+length > g.opt.Bytes:
		return nil, &Refusal{Status: http.StatusServiceUnavailable, Reason: RefusedBusy, Wait: time.Duration(3+node[0]%16) * time.Second}
	}
	g.count, g.bytes = g.count+1, g.bytes+length
	g.nodes[node]++
	return func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.count, g.bytes = g.count-1, g.bytes-length
		if g.nodes[node]--; g.nodes[node] == 0 {
			delete(g.nodes, node)
		}
	}, nil
}

// read reads a body of at most limit bytes, as slowly as it comes: it gives up
// when nothing moves, not when it takes long.
func (g *Gate) read(w http.ResponseWriter, r *http.Request, limit int64) ([]byte, error) {
	control := http.NewResponseController(w)
	moving := func() {
		if g.opt.Now != nil {
			_ = control.SetReadDeadline(g.opt.Now().Add(stall)) // not every server can: then its own timeouts hold
		}
	}
	moving()
	body, err := io.ReadAll(io.LimitReader(&counted{Reader: r.Body, moved: func(int) { moving() }}, limit+1))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", &Refusal{Status: http.StatusBadRequest, Reason: RefusedMalformed}, err)
	}
	if int64(len(body)) > limit {
		return nil, &Refusal{Status: http.StatusRequestEntityTooLarge, Reason: RefusedLarge}
	}
	return body, nil
}

// counted tells of every read that moved something.
type counted struct {
	io.Reader
	moved func(n int)
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	if n > 0 {
		c.moved(n)
	}
	return n, err
}
