package simtest

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strconv"

	"simpul/sync/wire"
)

// weather is how bad a link is; chances are out of 1000.
type weather struct {
	lostRequest, lostAnswer, cutRequest, cutAnswer, repeated, kept, busy, down int
}

var (
	calm   = weather{}
	lossy  = weather{lostRequest: 60, lostAnswer: 60, cutRequest: 15, cutAnswer: 15, repeated: 30, kept: 60, busy: 15, down: 10}
	stormy = weather{lostRequest: 200, lostAnswer: 250, cutRequest: 50, cutAnswer: 50, repeated: 80, kept: 120, busy: 50, down: 50}
)

var errLink = errors.New("simtest: the link broke")

// link carries requests of one PC to the centre, as an http.RoundTripper: the
// bytes are those that would go over a wire.
type link struct {
	site *site
	r    *rand.Rand
}

// letter is a request that the network kept for later.
type letter struct {
	path   string
	header http.Header
	body   []byte
	from   string
}

// RoundTrip loses, cuts, repeats and keeps what it carries, as the weather is.
func (l *link) RoundTrip(req *http.Request) (*http.Response, error) {
	w := l.site.world
	var body []byte
	if req.Body != nil {
		var err error
		if body, err = io.ReadAll(req.Body); err != nil {
			return nil, err
		}
		req.Body.Close()
	}
	w.meter.up += len(body)
	w.now += 200 + l.r.Int64N(3000) + int64(len(body))/4
	l.priority(req.URL.Path)
	l.meanwhile()
	to := w.weather
	if w.calm {
		to = calm
	}
	chance := func(n int) bool { return l.r.IntN(1000) < n }
	letter := letter{path: req.URL.RequestURI(), header: req.Header.Clone(), body: body, from: l.site.name}
	switch {
	case chance(to.down), chance(to.lostRequest):
		w.count("a request lost")
		w.say("%s: a request is lost", l.site.name)
		return nil, errLink
	case chance(to.busy):
		w.count("the centre too busy")
		w.say("%s: the centre is busy", l.site.name)
		return busy(req), nil
	case chance(to.cutRequest) && len(body) > 0:
		letter.body = body[:l.r.IntN(len(body))]
		w.count("a request cut")
		w.say("%s: a request is cut", l.site.name)
		w.deliver(letter, req.Method)
		return nil, errLink
	}
	if chance(to.kept) && !w.calm {
		w.letters = append(w.letters, letter)
	}
	full := w.centre.full // the same again may cut its power, and it starts anew with room
	answer := w.deliver(letter, req.Method)
	if chance(to.repeated) {
		w.count("a request twice")
		w.say("%s: a request arrives twice", l.site.name)
		w.deliver(letter, req.Method)
	}
	if answer == nil {
		return nil, errLink
	}
	said := answer.Body.Bytes()
	l.site.heard = l.site.heard || answer.Code == http.StatusOK
	l.site.crowded = full && answer.Code >= http.StatusInternalServerError
	w.meter.down += len(said)
	switch {
	case chance(to.lostAnswer):
		w.count("an answer lost")
		w.say("%s: an answer is lost", l.site.name)
		return nil, errLink
	case chance(to.cutAnswer) && len(said) > 0:
		w.count("an answer cut")
		w.say("%s: an answer is cut", l.site.name)
		said = said[:l.r.IntN(len(said))]
	}
	res := answer.Result()
	res.Body = io.NopCloser(bytes.NewReader(said))
	res.ContentLength = -1
	res.Request = req
	return res, nil
}

// atDesk is how often, out of 1000, somebody records something while a request is
// on its way.
const atDesk = 60

// meanwhile lets the desk go on: what it writes stands between what the request
// says and what its answer finds.
func (l *link) meanwhile() {
	s := l.site
	if s.node == nil || s.retired || s.world.ending || l.r.IntN(1000) >= atDesk || !s.work(l.r) {
		return
	}
	s.pressing = true
	s.world.count("work while a request is on its way")
}

// priority: what was recorded while a photo was on its way goes before the next
// photo (18).
func (l *link) priority(path string) {
	if s := l.site; path == wire.PushPath || path == wire.PullPath {
		if s.pressing {
			s.world.fail("18 priority", "%s: photos go while events wait", s.name)
		}
	} else {
		s.pressing = false
	}
}

// deliver brings a request to the centre, and nil when the centre died of it.
func (w *World) deliver(l letter, method string) *httptest.ResponseRecorder {
	c := w.centre
	if c.st == nil {
		return nil
	}
	req := httptest.NewRequest(method, "http://centre.test"+l.path, bytes.NewReader(l.body))
	req.Header = l.header.Clone()
	rec := httptest.NewRecorder()
	c.handler.ServeHTTP(rec, req)
	if c.mem.Dead() {
		w.say("the centre loses power")
		w.revive(c)
		return nil
	}
	return rec
}

func busy(req *http.Request) *http.Response {
	rec := httptest.NewRecorder()
	rec.Header().Set("Retry-After", strconv.Itoa(30))
	rec.WriteHeader(http.StatusServiceUnavailable)
	res := rec.Result()
	res.Request = req
	return res
}

// lateDelivery brings one kept request to the centre; nobody reads the answer.
func (w *World) lateDelivery(r *rand.Rand) {
	if len(w.letters) == 0 {
		return
	}
	i := r.IntN(len(w.letters))
	l := w.letters[i]
	if r.IntN(3) > 0 {
		w.letters = append(w.letters[:i], w.letters[i+1:]...)
	}
	w.say("an old request of %s arrives", l.from)
	w.count("a request late, after others")
	w.deliver(l, http.MethodPost)
}
