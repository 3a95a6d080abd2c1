package store_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"simpul/sync/event"
	"simpul/sync/wire"
)

// attempts is how often something is tried against the handler:
//
//	SIMPUL_ATTEMPTS=100000 go test ./node/store -run Handler -v -timeout 1h
func attempts(short int) int {
	if n, err := strconv.Atoi(os.Getenv("SIMPUL_ATTEMPTS")); err == nil {
		return n
	}
	return short
}

// line is a centre behind its real handler, and a node that signs.
type line struct {
	*centreStore
	a       *sender
	handler http.Handler
	key     ed25519.PrivateKey
}

func signing(t *testing.T) *line {
	t.Helper()
	l := &line{a: newSender(1), key: ed25519.NewKeyFromSeed(bytes.Repeat([]byte{5}, ed25519.SeedSize))}
	l.centreStore = memoryCentre(t, time.UnixMilli(1_900_000_000_000))
	if _, err := l.Decide(context.Background(), l.centreStore.key, event.ID{}, event.NodeEnrolled, &event.Enrolment{Node: l.a.node, Branch: event.ID{'b', 0},
		Name: "Genteng", Role: "branch", Code: 14, Key: l.key.Public().(ed25519.PublicKey)}); err != nil {
		t.Fatal(err)
	}
	l.handler = l.hub().Handler()
	for range 6 {
		l.a.register()
		l.a.visit()
		l.a.amend()
	}
	return l
}

// signed is a request with some of the node's events, as it goes over the line.
func (l *line) signed(t *testing.T, first, last uint64) []byte {
	t.Helper()
	req := l.a.taking(l.now.UnixMilli(), l.a.batch(first, last)).Request
	req.Protocol, req.Budget = wire.Protocol, 1<<16
	req.Streams = []wire.StreamSays{{ID: l.a.stream, Head: l.a.head(), Chain: wire.ShortOf(l.a.chains[l.a.head()])}}
	req.Feeds = []wire.Cursor{{Partition: wire.Settings}, {Partition: wire.Own}, {Partition: wire.Directory}}
	frame, err := wire.EncodeRequest(req)
	if err != nil {
		t.Fatal(err)
	}
	return wire.SealRequest(l.key, l.centreStore.key.Public().(ed25519.PublicKey), l.a.node, wire.ExchangePath, frame)
}

func (l *line) post(path, node string, body []byte) int {
	r := httptest.NewRequest(http.MethodPost, path, bytes.NewReader(body))
	r.Header.Set(wire.NodeHeader, node)
	w := httptest.NewRecorder()
	l.handler.ServeHTTP(w, r)
	return w.Code
}

func TestHandlerTakesNoReplayTwice(t *testing.T) {
	l := signing(t)
	var bodies [][]byte
	for from := uint64(1); from <= l.a.head(); from += 7 {
		to := min(l.a.head(), from+9)
		bodies = append(bodies, l.signed(t, from, to))
		if code := l.post(wire.ExchangePath, l.a.node.String(), bodies[len(bodies)-1]); code != http.StatusOK {
			t.Fatalf("answered %d", code)
		}
	}
	l.applyAll(t, 5000)
	before, heads, feed := pictured(t, l.centreStore, []*sender{l.a}), streams(t, l.Store), position(t, l.centreStore, l.a)
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 1))
	for i := range attempts(1000) {
		if code := l.post(wire.ExchangePath, l.a.node.String(), bodies[random.IntN(len(bodies))]); code != http.StatusOK {
			t.Fatalf("seed %d, replay %d: answered %d", seed, i, code)
		}
	}
	l.applyAll(t, 5000)
	samePicture(t, "after replays", pictured(t, l.centreStore, []*sender{l.a}), before)
	if again := streams(t, l.Store); !slices.Equal(again, heads) {
		t.Fatalf("seed %d: the centre logged something: %+v, was %+v", seed, again, heads)
	}
	if now := position(t, l.centreStore, l.a); now != feed {
		t.Fatalf("seed %d: the feed moved from %d to %d", seed, feed, now)
	}
}

// TestHandlerAcceptsNothingThatWasChanged changes, cuts, joins and redirects signed
// requests. None may be accepted, and not a byte of the database may change.
func TestHandlerAcceptsNothingThatWasChanged(t *testing.T) {
	l := signing(t)
	half := l.a.head() / 2
	good := [][]byte{l.signed(t, 1, half), l.signed(t, half+1, l.a.head()), l.signed(t, 1, l.a.head())}
	if code := l.post(wire.ExchangePath, l.a.node.String(), good[0]); code != http.StatusOK {
		t.Fatalf("answered %d", code)
	}
	before, err := l.memory.Image()
	if err != nil {
		t.Fatal(err)
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 2))
	for i := range attempts(3000) {
		path, node, body := wire.ExchangePath, l.a.node.String(), slices.Clone(good[random.IntN(len(good))])
		at := random.IntN(len(body))
		switch random.IntN(8) {
		case 0, 1:
			body[at] ^= 1 << random.IntN(8)
		case 2:
			body = body[:at]
		case 3:
			body = append(body, byte(random.Uint32()))
		case 4: // the head of one, the rest of another
			other := good[random.IntN(len(good))]
			cut := random.IntN(min(len(body), len(other)))
			if joined := append(slices.Clone(body[:cut]), other[cut:]...); !slices.ContainsFunc(good, func(g []byte) bool { return bytes.Equal(g, joined) }) {
				body = joined
			} else {
				body[at]++
			}
		case 5: // another path of the protocol
			path = []string{wire.PushPath, wire.PullPath, wire.JoinPath}[random.IntN(3)]
		case 6: // another node
			other := l.a.node
			other[random.IntN(len(other))] ^= 1 << random.IntN(8)
			node = other.String()
		default:
			body = slices.Insert(body, at, byte(random.Uint32()))
		}
		if slices.ContainsFunc(good, func(g []byte) bool { return bytes.Equal(g, body) }) && path == wire.ExchangePath && node == l.a.node.String() {
			continue // a byte put beside its like
		}
		if code := l.post(path, node, body); code < 400 || code >= 500 {
			t.Fatalf("seed %d, attempt %d: answered %d", seed, i, code)
		}
	}
	after, err := l.memory.Image()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(before, after) {
		t.Fatalf("seed %d: the database is not what it was", seed)
	}
}
