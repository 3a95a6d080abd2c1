package node

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"simpul/node/demo"
	"simpul/node/desk"
	"simpul/node/library"
	"simpul/sync/agent"
	"simpul/sync/wire"
)

const (
	aloneTimes = 5 // how often something small is measured; the median counts
	dayMembers = 100
	dayVisits  = 300
	withPhotos = 12 // whose photos are measured
)

// onTheWire measures bytes: what people leave who were put through the real use
// cases of a node, on a warm connection to a real centre.
func (b *syncBench) onTheWire(ctx context.Context) (err error) {
	sizes := b.sizes()
	work := demo.Filling{Visits: dayVisits, Workers: 2}
	for _, n := range sizes {
		work.Members, work.Visits = work.Members+n*aloneTimes, work.Visits+n*aloneTimes
	}
	clock := demo.NewClock(time.Now(), library.WIB(), work.Work()*2)
	j, err := b.join(ctx, "wire", clock)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, j.close()) }()
	s := &sender{syncBench: b, joined: j, clock: clock}
	if err := s.connect(ctx); err != nil {
		return err
	}
	for _, step := range []func(context.Context) error{s.idle, s.photos, s.day, s.registrations, s.visits} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// sizes are the batches that are measured.
func (b *syncBench) sizes() (out []int) {
	for n := 1; n < b.batch; n *= 100 {
		out = append(out, n)
		if n == 100 {
			break
		}
	}
	return append(out, b.batch)
}

// sender is the node whose bytes are counted.
type sender struct {
	*syncBench
	*joined
	clock  *demo.Clock
	far    *reach // the centre, over the connection that is kept
	seed   uint64
	pushed int64 // bytes of photos
}

// connect makes a fresh connection, and counts the photos that go over it.
func (s *sender) connect(ctx context.Context) error {
	e, err := s.node.Store.Enrolled(ctx)
	if err == nil {
		s.far, err = s.node.newReach(ctx, e)
	}
	return err
}

// Exchange, Push and Pull implement agent.Centre.
func (s *sender) Exchange(ctx context.Context, r *wire.Request) (*wire.Answer, error) {
	return s.far.Exchange(ctx, r)
}

func (s *sender) Push(ctx context.Context, p *wire.PhotoPush) (*wire.PhotoTaken, error) {
	for _, part := range p.Parts {
		s.pushed += int64(len(part.Bytes))
	}
	return s.far.Push(ctx, p)
}

func (s *sender) Pull(ctx context.Context, p *wire.PhotoPull) (*wire.PhotoSent, error) {
	return s.far.Pull(ctx, p)
}

// run exchanges as a node does.
func (s *sender) run(ctx context.Context, photos agent.Photos) (passed, error) {
	s.line.take()
	a := agent.New(agent.Options{Log: s.node.Store, Centre: s, Photos: photos, Now: s.node.Now, Mono: s.node.mono, Rand: rand.Reader, Logger: s.node.Log})
	_, err := a.Run(ctx)
	return s.line.take(), err
}

// once sends all that waits in one request.
func (s *sender) once(ctx context.Context) (p passed, bare int, err error) {
	req, err := s.node.Store.Standing(ctx)
	if err != nil {
		return p, 0, err
	}
	if _, err := io.ReadFull(rand.Reader, req.Nonce[:]); err != nil {
		return p, 0, err
	}
	if req.Batches, err = s.node.Store.Outgoing(ctx, wire.MaxBody); err != nil {
		return p, 0, err
	}
	req.Budget = wire.MaxBody
	s.line.take()
	ans, err := s.far.Exchange(ctx, req)
	if err != nil {
		return p, 0, err
	}
	p = s.line.take()
	if bare, err = bareBytes(req.Batches); err != nil {
		return p, 0, err
	}
	_, err = s.node.Store.Absorb(ctx, req, ans, 0)
	return p, bare, err
}

// bareBytes is what the same events take as JSON through gzip.
func bareBytes(batches []wire.Batch) (int, error) {
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return 0, err
	}
	lines := json.NewEncoder(z)
	for _, batch := range batches {
		for _, it := range batch.Items {
			body, _, err := it.Decoded()
			if err != nil {
				return 0, err
			}
			line := map[string]any{"type": it.Type, "subject": it.Subject.String(), "officer": it.Officer.String(), "at": it.Wall, "body": body}
			if err := lines.Encode(line); err != nil {
				return 0, err
			}
		}
	}
	err = z.Close()
	return out.Len(), err
}

// fill puts people through the counter of the node.
func (s *sender) fill(ctx context.Context, f demo.Filling) error {
	s.seed++
	f.Seed, f.Workers, f.Clock = s.seed, 2, s.clock
	return demo.Fill(ctx, s.node.Desk, s.node.who, f)
}

// idle measures the exchange that has nothing to say, warm and with a handshake.
func (s *sender) idle(ctx context.Context) error {
	first, err := s.run(ctx, nil) // joined a moment ago: what the node did meanwhile
	if err != nil {
		return err
	}
	s.add(measure{Name: "first exchange after joining", Value: first.bytes(), Unit: "bytes"})
	bare, err := bareTrip(ctx, s.centre.certificate)
	if err != nil {
		return err
	}
	var warm, trips []float64
	for range aloneTimes {
		p, err := s.run(ctx, nil)
		if err != nil {
			return err
		}
		warm, trips = append(warm, p.bytes()), append(trips, float64(p.Trips))
	}
	s.against("idle exchange", median(warm), bare, "bytes", 900)
	s.against("idle exchange", median(trips), 0, "trips", 1)
	s.line.cut()
	if err := s.connect(ctx); err != nil {
		return err
	}
	cold, err := s.run(ctx, nil)
	if err != nil {
		return err
	}
	s.against("handshake of TLS", cold.bytes()-median(warm), 0, "bytes", 0)
	s.against("handshake of TLS", float64(cold.Trips)-median(trips), 0, "trips", 0)
	return nil
}

func (s *sender) photos(ctx context.Context) error {
	if err := s.fill(ctx, demo.Filling{Members: withPhotos, Photos: withPhotos}); err != nil {
		return err
	}
	if _, err := s.run(ctx, nil); err != nil {
		return err
	}
	s.pushed = 0
	p, err := s.run(ctx, s.node.Desk.PhotoLane())
	if err != nil {
		return err
	}
	if s.pushed == 0 {
		return errors.New("node: no photo was sent")
	}
	s.against(fmt.Sprintf("photos of %d members, × their size", withPhotos), p.bytes()/float64(s.pushed), 0, "×", 1.01)
	s.against("photo", float64(s.pushed)/(2*withPhotos), 0, "bytes", 0)
	return nil
}

// day measures a day of a van, in requests as a node makes them.
func (s *sender) day(ctx context.Context) error {
	if err := s.fill(ctx, demo.Filling{Members: dayMembers, Visits: dayVisits}); err != nil {
		return err
	}
	waiting, err := s.node.Store.Outgoing(ctx, wire.MaxBody)
	if err != nil {
		return err
	}
	bare, err := bareBytes(waiting)
	if err != nil {
		return err
	}
	p, err := s.run(ctx, nil)
	if err != nil {
		return err
	}
	name := fmt.Sprintf("van-day, %d registrations and %d visits", dayMembers, dayVisits)
	s.against(name, p.bytes(), float64(bare), "bytes", 30_000)
	s.against(name, float64(p.Trips), 0, "trips", 0)
	return nil
}

func (s *sender) registrations(ctx context.Context) error {
	aims := map[int]float64{1: 1500, 1000: 200}
	for _, n := range s.sizes() {
		err := s.each(ctx, "registration", n, aims[n], func() error {
			return s.fill(ctx, demo.Filling{Members: n, Photos: n})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *sender) visits(ctx context.Context) error {
	found, _, err := s.node.Desk.Find(ctx, s.node.who, "", 200, desk.Members)
	if err != nil {
		return err
	}
	members := make([]library.ID, len(found))
	for i, f := range found {
		members[i] = library.ID(f.ID)
	}
	for _, n := range s.sizes() {
		err := s.each(ctx, "visit", n, 0, func() error {
			s.seed++
			return demo.Visit(ctx, s.node.Desk, s.node.who, demo.Filling{Visits: n, Seed: s.seed, Workers: 2, Clock: s.clock}, members)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// each measures what one of n leaves that are sent together.
func (s *sender) each(ctx context.Context, what string, n int, aim float64, make func() error) error {
	times := 1
	if n == 1 {
		times = aloneTimes
	}
	var all, up, bare []float64
	for range times {
		if err := make(); err != nil {
			return err
		}
		p, raw, err := s.once(ctx)
		if err != nil {
			return err
		}
		all, up, bare = append(all, p.bytes()/float64(n)), append(up, float64(p.Up)/float64(n)), append(bare, float64(raw)/float64(n))
	}
	s.against(fmt.Sprintf("%s in batches of %d", what, n), median(all), median(bare), "bytes", aim)
	s.against("  of it up", median(up), 0, "bytes", 0)
	_, err := s.run(ctx, s.node.Desk.PhotoLane()) // nothing of it is left for what is measured next
	return err
}

// bareTrip is what the least round trip over TLS takes: eight bytes up and eight
// down between the standard library's client and server as they are.
func bareTrip(ctx context.Context, key func(*tls.ClientHelloInfo) (*tls.Certificate, error)) (float64, error) {
	server := &http.Server{TLSConfig: &tls.Config{GetCertificate: key}, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write(make([]byte, 8)) // whoever asked is gone
	})}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("node: %w", err)
	}
	defer server.Close()
	go server.ServeTLS(ln, "", "") // ends with Close
	line, err := newBenchLine(ln.Addr().String())
	if err != nil {
		return 0, err
	}
	defer line.close()
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig, transport.ForceAttemptHTTP2 = &tls.Config{InsecureSkipVerify: true}, false // bytes are all that is measured
	client := &http.Client{Transport: transport}
	defer client.CloseIdleConnections()
	for range 2 { // the first one shakes hands
		line.take()
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://"+line.address(), bytes.NewReader(make([]byte, 8)))
		if err != nil {
			return 0, fmt.Errorf("node: %w", err)
		}
		res, err := client.Do(req)
		if err != nil {
			return 0, fmt.Errorf("node: %w", err)
		}
		_, err = io.Copy(io.Discard, res.Body)
		if err := errors.Join(err, res.Body.Close()); err != nil {
			return 0, fmt.Errorf("node: %w", err)
		}
	}
	return line.take().bytes(), nil
}
