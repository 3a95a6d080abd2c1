package node

import (
	"bytes"
	"context"
	"errors"
	"sync"

	"simpul/node/store"
	"simpul/sync/event"
	"simpul/sync/wire"
)

// reach speaks to the centre at whichever of its addresses answers. The one that
// answered last is tried first, also after a restart; one that was told or typed
// since is tried with the next request.
type reach struct {
	node   *Node
	client wire.Client // with the address of the turn
	line   *wire.Transport
	mu     sync.Mutex
	last   wire.Moved
	// learned is what is written down of the line.
	learned []byte
}

// newReach makes the connection of an enrolment, with every TLS key that the
// centre has accepted so far.
func (n *Node) newReach(ctx context.Context, e *store.Enrolled) (*reach, error) {
	keys := wire.NewKeys(e.Centre, func(r event.Ruling) { n.learnKeys(r) })
	held, err := n.Store.Decisions(ctx)
	if err != nil {
		return nil, err
	}
	for _, d := range held.All() {
		if _, ok := d.Body.(*event.TLSKeys); ok {
			if err := keys.Take(d.Ruling); err != nil {
				return nil, err
			}
		}
	}
	transport := wire.NewTransport(keys, nil)
	r := &reach{node: n, line: transport}
	if r.learned, err = n.Store.Local(ctx, lineLocal); err != nil {
		return nil, err
	}
	if len(r.learned) > 0 {
		var line wire.Endurance
		if err := line.UnmarshalBinary(r.learned); err != nil {
			n.Log.Warn("what was learned of the line is forgotten", "err", err)
		}
		transport.Recall(line)
	}
	r.client = wire.Client{Transport: transport, Key: e.Key, Centre: e.Centre, Node: e.Node, Moved: r.count}
	return r, nil
}

// lineLocal is where it is kept what the line to the centre carries before it drops
// a connection: on a bad line the first requests after a start would be cut again.
const lineLocal = "line"

// keepLine writes down what was learned of the line, when that is new.
func (r *reach) keepLine(ctx context.Context) {
	line := r.line.Endured()
	learned, err := line.MarshalBinary()
	if err == nil && line != (wire.Endurance{}) && !bytes.Equal(learned, r.learned) {
		r.learned = learned
		_, err = r.node.Store.Write(context.WithoutCancel(ctx), event.ID{}, func(tx *store.Tx) error { return tx.PutLocal(lineLocal, learned) })
	}
	if err != nil {
		r.node.Log.Warn("keep what was learned of the line", "err", err)
	}
}

// learnKeys keeps a list of TLS keys that was fetched because the centre has a new one.
func (n *Node) learnKeys(r event.Ruling) {
	_, err := n.Store.Write(context.Background(), event.ID{}, func(tx *store.Tx) error {
		_, _, err := tx.HoldRulings([]event.Ruling{r}, nil)
		return err
	})
	if err != nil {
		n.Log.Error("keep the centre's keys", "err", err)
	}
}

// count adds up what moved. The figures of a request begin at nought.
func (r *reach) count(m wire.Moved) {
	r.mu.Lock()
	defer r.mu.Unlock()
	up, down := m.Up-r.last.Up, m.Down-r.last.Down
	if up < 0 || down < 0 {
		up, down = m.Up, m.Down
	}
	r.last = m
	r.node.exchange.moved.Add(up + down)
}

// Exchange implements agent.Centre.
func (r *reach) Exchange(ctx context.Context, req *wire.Request) (*wire.Answer, error) {
	return at(ctx, r, func(c *wire.Client) (*wire.Answer, error) { return c.Exchange(ctx, req) })
}

// Push implements agent.Centre.
func (r *reach) Push(ctx context.Context, p *wire.PhotoPush) (*wire.PhotoTaken, error) {
	return at(ctx, r, func(c *wire.Client) (*wire.PhotoTaken, error) { return c.Push(ctx, p) })
}

// Pull implements agent.Centre.
func (r *reach) Pull(ctx context.Context, p *wire.PhotoPull) (*wire.PhotoSent, error) {
	return at(ctx, r, func(c *wire.Client) (*wire.PhotoSent, error) { return c.Pull(ctx, p) })
}

// at tries the addresses in turn, until one answers or refuses: a refusal is the
// centre's own, and what it says at another address is the same. That nobody has
// signed in proves nothing, since no key is at hand then: somebody else may say it.
func at[A any](ctx context.Context, r *reach, call func(*wire.Client) (*A, error)) (*A, error) {
	defer r.keepLine(ctx)
	own, err := r.node.Store.URLs(ctx)
	if err != nil {
		return nil, err
	}
	var failed []error
	for i, url := range r.node.Desk.CentreAddresses(own) {
		client := r.client
		client.Base = url
		answer, err := call(&client)
		var no *wire.Refusal
		if err == nil || errors.As(err, &no) && no.Reason != "" && no.Reason != wire.RefusedClosed {
			if i > 0 {
				r.prefer(ctx, own, url)
			}
			return answer, err
		}
		if ctx.Err() != nil {
			return nil, err
		}
		failed = append(failed, err)
	}
	if len(failed) == 0 {
		return nil, errNoAddress
	}
	return nil, errors.Join(failed...)
}

var errNoAddress = errors.New("node: no address of the centre is known")

// prefer puts an address first that has answered.
func (r *reach) prefer(ctx context.Context, own []string, url string) {
	if err := r.node.Desk.FoundCentre(ctx, own, url); err != nil {
		r.node.Log.Warn("keep the centre's address", "err", err)
	}
}
