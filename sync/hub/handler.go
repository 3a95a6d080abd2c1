package hub

import (
	"context"
	"crypto/ed25519"
	"net/http"

	"simpul/sync/event"
	"simpul/sync/wire"
)

// Handler serves the paths of the exchange. Who is refused is refused before
// anything of the body is read; what is too much comes back later.
func (h *Hub) Handler() http.Handler {
	gate := wire.NewGate(wire.GateOptions{Signing: h.opt.Key, Now: h.opt.Now, Log: h.opt.Log, Most: h.opt.Most,
		Key: func(ctx context.Context, node event.ID) (ed25519.PublicKey, error) {
			key, _, err := h.opt.Store.Admits(ctx, node)
			return key, err
		}})
	mux := http.NewServeMux()
	mux.Handle(wire.ExchangePath, wire.Serve(gate, wire.ExchangePath, h.Exchange))
	mux.Handle(wire.PushPath, wire.Serve(gate, wire.PushPath, h.Photos))
	mux.Handle(wire.PullPath, wire.Serve(gate, wire.PullPath, h.Pull))
	if h.opt.Join != nil {
		mux.Handle(wire.JoinPath, wire.ServeJoin(gate, h.opt.Join.Join))
	}
	if h.opt.Keys != nil {
		mux.Handle(wire.KeysPath, wire.ServeKeys(h.opt.Keys))
	}
	return mux
}
