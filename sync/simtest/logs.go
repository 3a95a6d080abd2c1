package simtest

import (
	"context"
	"fmt"
	"log/slog"

	"simpul/sync/agent"
	"simpul/sync/wire"
)

// logs are those of the PCs, among the lines that are printed; they are no part
// of the trace.
type logs struct {
	w    *World
	name string
}

func (l logs) Enabled(_ context.Context, level slog.Level) bool {
	return l.w.opt.Print != nil && level >= slog.LevelInfo
}

func (l logs) Handle(_ context.Context, r slog.Record) error {
	line := "      " + l.name + " logs: " + r.Message
	r.Attrs(func(a slog.Attr) bool { line += " " + a.String(); return true })
	l.w.opt.Print(line)
	return nil
}

func (l logs) WithAttrs([]slog.Attr) slog.Handler { return l }
func (l logs) WithGroup(string) slog.Handler      { return l }

// overheard prints what a node and the centre say.
type overheard struct {
	agent.Centre
	s *site
}

func (o overheard) Exchange(ctx context.Context, r *wire.Request) (*wire.Answer, error) {
	a, err := o.Centre.Exchange(ctx, r)
	if err == nil {
		o.s.world.said(r, a)
	}
	print := o.s.world.opt.Print
	if print == nil {
		return a, err
	}
	line := "      " + o.s.name + " says:"
	for _, st := range r.Streams {
		line += fmt.Sprintf(" %s.%d/%x", short(st.ID), st.Head, st.Chain[:2])
	}
	for _, b := range r.Batches {
		line += fmt.Sprintf(" [%s %d..%d]", short(b.Stream), b.First, b.Last())
	}
	line += fmt.Sprintf(" feeds %v rulings %v marks %v tails %v sums %v buckets %v held %d back %d epoch %s ticket %x", r.Feeds, r.Rulings, r.Marks, r.Tails, r.Sums, r.Buckets,
		len(r.Held), len(r.Back), short(r.Epoch), r.Ticket[:2])
	print(line)
	if err != nil {
		print("      the centre answers: " + err.Error())
		return a, err
	}
	line = "      the centre answers:"
	for _, k := range a.Streams {
		line += fmt.Sprintf(" %d/%x", k.Received, k.Chain[:2])
		if k.Forked {
			line += " forked"
		}
	}
	for _, p := range a.Pages {
		line += fmt.Sprintf(" page %d to %d with %d of %v buckets %v more %v", p.Partition, p.To, len(p.Rows), p.Sum, p.Buckets, p.More)
	}
	print(line + fmt.Sprintf(" marks %v tails %d sums %v rulings %d say %v lacking %d epoch %s ticket %x stale %v foreign %v", a.Marks, len(a.Tails), a.Sums, len(a.Rulings),
		a.SayHeld, len(a.Lacking), short(a.Epoch), a.Ticket[:2], a.Stale, a.Foreign))
	if len(a.Others) > 0 {
		line = fmt.Sprintf("      the centre names others, mine %v:", r.Mine)
		for _, h := range a.Others {
			line += fmt.Sprintf(" %s.%d", short(h.ID), h.Received)
		}
		print(line)
	}
	return a, nil
}
