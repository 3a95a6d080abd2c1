package wire

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// Where the centre listens.
const (
	ExchangePath = "/sync/v1/exchange" // POST Request → Answer
	PushPath     = "/sync/v1/photos"   // POST PhotoPush → PhotoTaken
	PullPath     = "/sync/v1/pull"     // POST PhotoPull → PhotoSent
	JoinPath     = "/sync/v1/join"     // POST JoinAsk → JoinAnswer
	KeysPath     = "/sync/v1/keys"     // GET → CentreKeys, not signed as a whole
)

// NodeHeader names the node, so that the centre can refuse one before it reads
// what it sends.
const NodeHeader = "Simpul-Node"

// refusedHeader says why the centre refused.
const refusedHeader = "Simpul-Refused"

// Why the centre refuses. A refusal is not signed: a node shows it and tries
// again later, and deletes nothing because of it.
const (
	RefusedRevoked   = "revoked"   // 403, before the body is read
	RefusedUnknown   = "unknown"   // 403: no such node here
	RefusedSignature = "signature" // 401
	RefusedMalformed = "malformed" // 400
	RefusedLarge     = "large"     // 413
	RefusedBusy      = "busy"      // 503, with Retry-After
	RefusedTwice     = "twice"     // 429: the node is being served already
	RefusedClosed    = "closed"    // 503: nobody has signed in at the centre since it started
	RefusedFull      = "full"      // 507: the centre's disk has no room
	RefusedFailed    = "failed"    // 500: the fault is the centre's
)

// ErrFull is in the errors of whoever has no room left to keep something: at the centre a node is told so.
var ErrFull = errors.New("the disk is full")

// fullWait is when a node shall come again to a centre that has no room: somebody has to make some.
const fullWait = 2 * time.Minute

// Refusal is the centre's no. Handlers return one to say no themselves.
type Refusal struct {
	Status int
	Reason string        // one of the above, or of a later version; "" from something that is no centre
	Wait   time.Duration // before trying again; 0 if it did not say
}

func (r *Refusal) Error() string {
	return fmt.Sprintf("wire: refused with %d %s", r.Status, r.Reason)
}

// Write answers with the refusal.
func (r *Refusal) Write(w http.ResponseWriter) {
	bare(w)
	w.Header().Set(refusedHeader, r.Reason)
	if r.Wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int((r.Wait+time.Second-1)/time.Second)))
	}
	w.WriteHeader(r.Status)
}

// bare leaves out headers that say nothing here: on a slow link they are half of
// an idle exchange.
func bare(w http.ResponseWriter) {
	for _, name := range []string{"Date", "Content-Type"} {
		w.Header()[name] = nil
	}
}

// refusal reads a refusal; a wait that is a date counts from the answer's own.
func refusal(res *http.Response) *Refusal {
	r := &Refusal{Status: res.StatusCode, Reason: res.Header.Get(refusedHeader)}
	after := res.Header.Get("Retry-After")
	if n, err := strconv.ParseUint(after, 10, 24); err == nil {
		r.Wait = time.Duration(n) * time.Second
	} else if until, err := http.ParseTime(after); err == nil {
		if from, err := http.ParseTime(res.Header.Get("Date")); err == nil {
			r.Wait = max(0, until.Sub(from))
		}
	}
	return r
}

// asRefusal is the refusal that an error of a handler stands for.
func asRefusal(err error) *Refusal {
	var r *Refusal
	switch {
	case errors.As(err, &r):
		return r
	case errors.Is(err, ErrSignature):
		return &Refusal{Status: http.StatusUnauthorized, Reason: RefusedSignature}
	case errors.Is(err, ErrMessage):
		return &Refusal{Status: http.StatusBadRequest, Reason: RefusedMalformed}
	case errors.Is(err, ErrFull):
		return &Refusal{Status: http.StatusInsufficientStorage, Reason: RefusedFull, Wait: fullWait}
	}
	return &Refusal{Status: http.StatusInternalServerError, Reason: RefusedFailed}
}
