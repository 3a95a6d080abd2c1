package store

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"strings"

	"simpul/sync/event"
	"simpul/sync/wire"
)

// Enrolled is what joining a centre gave this node.
type Enrolled struct {
	Node       event.ID           // the name that the centre gave
	Key        ed25519.PrivateKey // made here
	Seal       string             // age identity, made here: opens bundles to this node
	Tags       wire.TagKey        // of the coarse tags that warn of duplicates
	Centre     ed25519.PublicKey  // signs what the centre says
	CentreSeal string             // age recipient: bundles to the centre
	CentreName string
	URLs       []string // where the centre is, the best first
	Epoch      event.ID // of the centre's data
}

// Names of the secrets of a node.
const (
	nodeKeySecret  = "node key"
	nodeSealSecret = "node seal"
	tagKeySecret   = "tag key"
)

// ErrOtherCentre is returned when a node of one centre is to become another's: what
// it holds of the one's decisions and records would be taken for the other's.
var ErrOtherCentre = errors.New("store: this node belongs to another centre")

// SaveEnrolment makes this a node of a centre, or gives a node of that centre a new
// name and new keys. What the centre has received stays as it is.
func (tx *Tx) SaveEnrolment(e Enrolled) error {
	was, err := tx.centreKey()
	if err != nil && !errors.Is(err, ErrNoCentre) {
		return err
	}
	if err == nil && !was.Equal(e.Centre) {
		return ErrOtherCentre
	}
	if err == nil {
		if err := tx.renamed(e.Node); err != nil {
			return err
		}
	}
	for name, value := range map[string][]byte{nodeKeySecret: e.Key.Seed(), nodeSealSecret: []byte(e.Seal)} {
		if err := tx.PutSecret(name, value); err != nil {
			return err
		}
	}
	if errors.Is(err, ErrNoCentre) {
		if err := tx.PutSecret(tagKeySecret, e.Tags.Key); err != nil {
			return err
		}
	}
	if err := tx.exec(`INSERT INTO exchange (id, node, centre, centre_seal, centre_name, urls, epoch, ticket, lacking, photos) VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET node = excluded.node, centre_seal = excluded.centre_seal, centre_name = excluded.centre_name, urls = excluded.urls,
			ticket = excluded.ticket, alien = 0, told = 0, next = 0, failure = ''`,
		e.Node[:], []byte(e.Centre), e.CentreSeal, e.CentreName, strings.Join(e.URLs, "\n"), e.Epoch[:], make([]byte, len(wire.Short{})), []byte{}, []byte{}); err != nil {
		return err
	}
	return tx.takeTagKey(&e.Tags)
}

// Enrolled returns what joining gave, with the keys; ErrNotFound before.
func (s *Store) Enrolled(ctx context.Context) (*Enrolled, error) {
	var e Enrolled
	var node, centre, epoch []byte
	var urls string
	err := s.queryRow(ctx, "SELECT node, centre, centre_seal, centre_name, urls, epoch, tag_version FROM exchange WHERE id = 1").
		Scan(&node, &centre, &e.CentreSeal, &e.CentreName, &urls, &epoch, &e.Tags.Version)
	if err != nil {
		return nil, notFound(err)
	}
	e.Node, e.Centre, e.Epoch = toID(node), centre, toID(epoch)
	e.URLs = strings.Fields(urls)
	seed, err := s.Secret(ctx, nodeKeySecret)
	if err == nil && len(seed) != ed25519.SeedSize {
		err = fmt.Errorf("store: the node's key is %d bytes", len(seed))
	}
	if err != nil {
		return nil, err
	}
	e.Key = ed25519.NewKeyFromSeed(seed)
	seal, err := s.Secret(ctx, nodeSealSecret)
	if err != nil {
		return nil, err
	}
	e.Seal = string(seal)
	e.Tags.Key, err = s.Secret(ctx, tagKeySecret)
	return &e, err
}

// URLs is where the centre is reached, the best first; ErrNotFound before the PC has joined.
func (s *Store) URLs(ctx context.Context) ([]string, error) {
	var urls string
	if err := s.queryRow(ctx, "SELECT urls FROM exchange WHERE id = 1").Scan(&urls); err != nil {
		return nil, notFound(err)
	}
	return strings.Fields(urls), nil
}

// SetURLs notes where the centre is reached, the best first.
func (tx *Tx) SetURLs(urls []string) error {
	return tx.exec("UPDATE exchange SET urls = ? WHERE id = 1", strings.Join(urls, "\n"))
}

// MachineMark is the mark of this PC as an exchange says it; zero when the PC has none.
func (s *Store) MachineMark() (m wire.Short) {
	if s.opt.Machine != "" {
		mark := machineMark(s.opt.Machine)
		copy(m[:], mark[:])
	}
	return m
}
