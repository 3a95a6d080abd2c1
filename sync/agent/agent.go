// Package agent is the node's side of the exchange: it says where the node's log
// stands, sends what the centre has not received, and takes in what the centre
// answers. It decides what is sent when, and how much at once; what an answer
// means for the data is the log's, in one transaction.
//
// A step is a function: one request and its answer. It starts no goroutine and
// reads no clock of its own, so a simulation can drive it. All that has to
// survive lies in the log; an agent made anew goes on where the last one stopped.
package agent

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"sync"
	"time"

	"simpul/sync/event"
	"simpul/sync/wire"
)

// Log is what an agent needs of the node's store.
type Log interface {
	// Standing is all that a request says but its events.
	Standing(ctx context.Context) (*wire.Request, error)
	// Outgoing are events that the centre has not received, about maxBytes of them.
	Outgoing(ctx context.Context, maxBytes int) ([]wire.Batch, error)
	// Absorb takes an answer in; more says that there is something to exchange at once.
	Absorb(ctx context.Context, req *wire.Request, ans *wire.Answer, skew int64) (more bool, err error)

	// PhotosAsked are the photos that the centre misses, as it said last.
	PhotosAsked(ctx context.Context) ([]wire.Short, error)
	SetPhotosAsked(ctx context.Context, names []wire.Short) error
	// PhotosMissing are photos of the centre's records that are not here.
	PhotosMissing(ctx context.Context, has func([32]byte) bool, limit int) ([]event.Hash, error)

	// Tried remembers how a run ended (failure is "" when it went well) and when
	// the next is due.
	Tried(ctx context.Context, failure string, next time.Time) error
	// Spend adds bytes to today's and returns their sum.
	Spend(ctx context.Context, bytes int64) (today int64, err error)
}

// Centre is what an agent needs of the centre. [wire.Client] is one.
type Centre interface {
	Exchange(ctx context.Context, r *wire.Request) (*wire.Answer, error)
	Push(ctx context.Context, p *wire.PhotoPush) (*wire.PhotoTaken, error)
	Pull(ctx context.Context, p *wire.PhotoPull) (*wire.PhotoSent, error)
}

// Photos keeps photos by their hash, and the pieces of those that are coming in.
type Photos interface {
	// Named finds a photo by the start of its hash.
	Named(name wire.Short) (event.Hash, bool)
	Has(hash event.Hash) bool
	Get(ctx context.Context, hash event.Hash) (data []byte, ok bool, err error)
	// Offset is how many bytes of a photo have come in.
	Offset(ctx context.Context, hash event.Hash) (uint32, error)
	// Put takes a piece that begins at the offset. A whole photo whose bytes are
	// not what its name says is thrown away.
	Put(ctx context.Context, part wire.PhotoPart) (wire.PhotoHas, error)
}

// Options is what an agent is made of. Log, Centre, Now, Mono and Rand are needed.
type Options struct {
	Log    Log
	Centre Centre
	Photos Photos // nil: photos are not exchanged
	Now    func() time.Time
	Mono   func() time.Duration
	Rand   io.Reader
	Logger *slog.Logger

	Every     time.Duration                        // between two runs; 0 is five minutes
	DayBudget func() int64                         // bytes a day may take; nil or 0 is no limit
	Traffic   func() int64                         // bytes sent and received so far; nil: nothing is counted
	Room      func() int                           // bytes that a request and its answer may have before the line drops them; nil or 0 when nobody knows
	Facts     func() (program string, free uint64) // what the centre's list shows of this PC; nil: nothing
	Progress  func(Progress)                       // told after every step; may be nil
}

// Errors of a run.
var (
	// ErrBudget: the day's bytes are used up; the rest goes tomorrow.
	ErrBudget = errors.New("agent: the bytes of the day are used up")
	// ErrStuck: the centre answers and nothing moves.
	ErrStuck = errors.New("agent: nothing moves")
)

// Agent speaks with the centre. Its methods may be called from many places; one
// works at a time.
type Agent struct {
	opt     Options
	mu      sync.Mutex
	pace    Pace
	backoff Backoff

	now     Progress
	began   time.Duration
	counted int64 // of Traffic, added to the day
	unsure  bool  // a request with events was not answered, and may have arrived
	pulling bool  // photos of the branch may be missing
	absent  map[event.Hash]bool
	sent    map[event.Hash]uint32 // how far the centre has photos that it has in part
	lost    bool                  // pieces of photos were not answered, and may have arrived
}

// New makes an agent.
func New(opt Options) *Agent {
	if opt.Every == 0 {
		opt.Every = 5 * time.Minute
	}
	if opt.Logger == nil {
		opt.Logger = slog.New(slog.DiscardHandler)
	}
	a := &Agent{opt: opt, lost: true, pulling: true, absent: map[event.Hash]bool{}, sent: map[event.Hash]uint32{}}
	a.counted = a.traffic()
	return a
}

// Step is one request and its answer. Nothing is lost when it fails, at whatever
// point: the next one says again what has to be said.
func (a *Agent) Step(ctx context.Context) (Progress, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.now, a.began = Progress{}, a.opt.Mono()
	_, err := a.step(ctx)
	return a.now, err
}

// step does it and returns the request, for who watches whether anything moves.
func (a *Agent) step(ctx context.Context) (*wire.Request, error) {
	req, err := a.request(ctx)
	if err != nil {
		return nil, err
	}
	began := a.opt.Mono()
	ans, err := a.opt.Centre.Exchange(ctx, req)
	took := a.opt.Mono() - began
	if err != nil {
		a.unsure = a.unsure || sizeOf(req.Batches) > 0
		a.failed(err)
		return req, fmt.Errorf("agent: exchange: %w", err)
	}
	a.unsure = false
	a.pace.Worked(took, max(sizeOf(req.Batches), rowsOf(ans.Pages)/rowsFor), int(ans.Budget))
	// The answer was made about half way.
	skew := ans.Time - (req.Wall + took.Milliseconds()/2)
	more, err := a.opt.Log.Absorb(ctx, req, ans, skew)
	if err != nil {
		return req, fmt.Errorf("agent: take the answer in: %w", err)
	}
	a.note(req, ans, more)
	return req, nil
}

// request is what there is to say now.
func (a *Agent) request(ctx context.Context) (*wire.Request, error) {
	req, err := a.opt.Log.Standing(ctx)
	if err != nil {
		return nil, fmt.Errorf("agent: %w", err)
	}
	if _, err := io.ReadFull(a.opt.Rand, req.Nonce[:]); err != nil {
		return nil, fmt.Errorf("agent: randomness: %w", err)
	}
	most, down := a.sizes()
	if req.Batches, err = a.opt.Log.Outgoing(ctx, most); err != nil {
		return nil, fmt.Errorf("agent: %w", err)
	}
	if len(req.Batches) > wire.MaxBatches {
		req.Batches = req.Batches[:wire.MaxBatches]
	}
	size := sizeOf(req.Batches)
	// What goes up goes before what comes down.
	req.Rest = size >= most
	if a.unsure && size > askFirst {
		req.Batches, req.Rest = nil, true
	}
	req.Budget = uint32(down)
	if req.Facts != nil && a.opt.Facts != nil {
		req.Facts.Program, req.Facts.Free = a.opt.Facts()
	}
	return req, nil
}

// askFirst is how many bytes are not sent again before the centre has said whether
// it has them: that takes fewer.
const askFirst = 2 << 10

// sizes is how many bytes of events or photos the next request may have, and its answer.
func (a *Agent) sizes() (up, down int) {
	up, down = a.pace.Up(), a.pace.Down()
	if a.opt.Room == nil {
		return up, down
	}
	if room := a.opt.Room(); room > 0 {
		up, down = max(min(up, room), leastUp), max(min(down, room), leastUp)
	}
	return up, down
}

// About what an event and a row have beside their bodies before they are
// compressed, and how many bytes of rows are asked for where one of events goes.
const (
	itemBytes = 24
	rowsFor   = 8
)

func sizeOf(batches []wire.Batch) (n int) {
	for _, b := range batches {
		for _, it := range b.Items {
			n += len(it.Body) + itemBytes
		}
	}
	return n
}

func rowsOf(pages []wire.Page) (n int) {
	for _, p := range pages {
		for i := range p.Rows {
			n += len(p.Rows[i].Body) + itemBytes
		}
	}
	return n
}

// failed slows down, unless the failure had nothing to do with how much was sent:
// the centre said no, or nobody was there.
func (a *Agent) failed(err error) {
	var no *wire.Refusal
	var call *net.OpError
	if errors.As(err, &no) || errors.As(err, &call) && call.Op == "dial" {
		return
	}
	a.pace.Failed()
}

// Run exchanges until nothing is left, the day's bytes are used up, or something
// fails, and remembers how it ended and when the next run is due: events and
// rows first, then photos, the small renditions before the large. A record that
// is written meanwhile does not wait for photos.
func (a *Agent) Run(ctx context.Context) (Progress, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.now, a.began = Progress{}, a.opt.Mono()
	wait, err := a.run(ctx)
	if serr := a.spend(ctx); err == nil {
		err = serr
	}
	if ctx.Err() != nil {
		return a.now, err // stopped by us: it says nothing of the link
	}
	failure, next := FailureOf(err), a.after(wait, err)
	if terr := a.opt.Log.Tried(ctx, failure, a.opt.Now().Add(next)); err == nil {
		err = terr
	}
	return a.now, err
}

// run returns how long the centre asked to wait.
func (a *Agent) run(ctx context.Context) (time.Duration, error) {
	if err := a.exchange(ctx); err != nil {
		return 0, err
	}
	if a.opt.Photos == nil || a.now.Wait > 0 {
		return a.now.Wait, nil
	}
	if err := a.push(ctx); err != nil {
		return 0, err
	}
	return a.now.Wait, a.pull(ctx)
}

// patience is how many requests may say the same before a run gives up.
const patience = 4

// exchange steps until nothing is left to be said.
func (a *Agent) exchange(ctx context.Context) error {
	var last []byte
	for same := 0; ; {
		if err := a.afford(ctx); err != nil {
			return err
		}
		req, err := a.step(ctx)
		if err != nil {
			return err
		}
		a.tell()
		if !a.now.More || a.now.Wait > 0 {
			return nil
		}
		now, err := fingerprint(req)
		if err != nil {
			return err
		}
		if same++; !bytes.Equal(now, last) {
			same, last = 0, now
		}
		if same >= patience {
			return ErrStuck
		}
	}
}

// fingerprint is what a request says, without what differs in every one.
func fingerprint(r *wire.Request) ([]byte, error) {
	said := struct {
		_       struct{} `cbor:",toarray"`
		Streams []wire.StreamSays
		Feeds   []wire.Cursor
		Rulings wire.Sum
		Marks   []wire.MarksAsked
		Tails   []wire.TailAsked
		Sums    []wire.Partition
		Buckets []wire.BucketAsked
		Held    int
		Back    int
		Firsts  []uint64
	}{Streams: r.Streams, Feeds: r.Feeds, Rulings: r.Rulings, Marks: r.Marks, Tails: r.Tails, Sums: r.Sums, Buckets: r.Buckets, Held: len(r.Held), Back: len(r.Back)}
	for _, b := range r.Batches {
		said.Firsts = append(said.Firsts, b.First, uint64(len(b.Items)))
	}
	return event.Encode(said)
}

// after is how long to wait for the next run.
func (a *Agent) after(asked time.Duration, err error) time.Duration {
	var dice [4]byte
	_, _ = io.ReadFull(a.opt.Rand, dice[:]) // without it there is no jitter, which harms nobody
	chance := binary.BigEndian.Uint32(dice[:])
	var no *wire.Refusal
	switch {
	case err == nil && asked > 0:
		return asked
	case err == nil || errors.Is(err, ErrBudget):
		a.backoff = Backoff{}
		return Jitter(a.opt.Every, chance)
	case errors.As(err, &no):
		return a.backoff.Failed(max(asked, no.Wait), chance)
	}
	return a.backoff.Failed(asked, chance)
}

func (a *Agent) traffic() int64 {
	if a.opt.Traffic == nil {
		return 0
	}
	return a.opt.Traffic()
}

// afford stops a run when the day's bytes are used up.
func (a *Agent) afford(ctx context.Context) error {
	if a.opt.DayBudget == nil {
		return nil
	}
	most := a.opt.DayBudget()
	if most <= 0 {
		return nil
	}
	today, err := a.opt.Log.Spend(ctx, 0)
	if err != nil {
		return fmt.Errorf("agent: %w", err)
	}
	if today+a.traffic()-a.counted >= most {
		return ErrBudget
	}
	return nil
}

// spend adds what the run moved to the day's.
func (a *Agent) spend(ctx context.Context) error {
	total := a.traffic()
	moved := total - a.counted
	if moved <= 0 || a.opt.DayBudget == nil {
		return nil
	}
	a.counted = total
	if _, err := a.opt.Log.Spend(ctx, moved); err != nil {
		return fmt.Errorf("agent: %w", err)
	}
	return nil
}
