package agent

import (
	"context"
	"errors"
	"time"

	"simpul/sync/wire"
)

// Doing is what an agent is at.
type Doing string

// What an agent can be at.
const (
	Idle          Doing = ""
	SendingEvents Doing = "events"
	TakingRows    Doing = "rows"
	Settling      Doing = "settling" // a fork, a lost tail, sets that differ
	SendingPhotos Doing = "photos-up"
	TakingPhotos  Doing = "photos-down"
)

// Progress is how far a run has come, for screens: what, how many, of how many,
// how many bytes in how much time.
type Progress struct {
	Doing Doing
	More  bool          // there is more to be said at once
	Wait  time.Duration // the centre asked to come again later; 0 = it did not

	Events, EventsLeft    int64 // received by the centre in this run, and still to be sent
	Rows, RowsLeft        int64 // taken in, and still to come as far as it is known
	Photos, PhotosLeft    int64 // whole at the centre, and missing there
	Fetched, FetchLeft    int64 // photos taken in, and still missing here
	Bytes                 int64 // moved in this run, both ways; 0 when nobody counts
	Elapsed               time.Duration
	Stale, Foreign, Other bool // the centre took this for a copy; knows another PC; has other data than before
}

// Rate is the bytes a second so far, 0 when it cannot be said.
func (p Progress) Rate() float64 {
	if p.Elapsed <= 0 {
		return 0
	}
	return float64(p.Bytes) / p.Elapsed.Seconds()
}

// note reads from a request and its answer how far things have come.
func (a *Agent) note(req *wire.Request, ans *wire.Answer, more bool) {
	p := &a.now
	p.More, p.Wait = more, time.Duration(ans.Wait)*time.Second
	p.Stale, p.Foreign, p.Other = ans.Stale, ans.Foreign, ans.Epoch != req.Epoch
	received := map[string]uint64{}
	p.EventsLeft = 0
	for i, said := range req.Streams {
		got := min(ans.Streams[i].Received, said.Head)
		received[string(said.ID[:])] = got
		p.EventsLeft += int64(said.Head - got)
	}
	for _, b := range req.Batches {
		if got := received[string(b.Stream[:])]; got >= b.First {
			p.Events += int64(min(got, b.Last()) - b.First + 1)
		}
	}
	rows := 0
	for _, page := range ans.Pages {
		rows += len(page.Rows)
		for _, held := range req.Feeds {
			if held.Partition == page.Partition {
				p.RowsLeft = max(int64(page.Sum.Count)-int64(held.Sum.Count)-int64(len(page.Rows)), 0)
			}
		}
	}
	p.Rows += int64(rows)
	a.pulling = a.pulling || rows > 0
	p.PhotosLeft = int64(len(ans.Photos))
	switch {
	case !more:
		p.Doing = Idle
	case len(ans.Marks)+len(ans.Tails)+len(ans.Sums) > 0 || ans.SayHeld || len(ans.Lacking) > 0:
		p.Doing = Settling
	case p.EventsLeft > 0:
		p.Doing = SendingEvents
	default:
		p.Doing = TakingRows
	}
}

// tell passes progress on.
func (a *Agent) tell() {
	a.now.Elapsed = a.opt.Mono() - a.began
	a.now.Bytes = a.traffic() - a.counted
	if a.opt.Progress != nil {
		a.opt.Progress(a.now)
	}
}

// FailureOf is the code of why a run failed, for screens; "" when it did not. It
// is the centre's reason where the centre refused.
func FailureOf(err error) string {
	var no *wire.Refusal
	switch {
	case err == nil:
		return ""
	case errors.As(err, &no) && no.Reason != "":
		return no.Reason
	case errors.Is(err, wire.ErrFull):
		return "disk" // of this PC
	case errors.Is(err, ErrBudget):
		return "budget"
	case errors.Is(err, ErrStuck):
		return "stuck"
	case errors.Is(err, wire.ErrSignature):
		return "other-centre"
	case errors.Is(err, wire.ErrKeys):
		return "keys"
	case errors.Is(err, wire.ErrStalled), errors.Is(err, context.DeadlineExceeded):
		return "stalled"
	case errors.Is(err, wire.ErrMessage), errors.Is(err, wire.ErrTooLarge):
		return "message"
	}
	return "offline"
}
