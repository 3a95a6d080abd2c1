// Package hub is the centre's side of the exchange: it takes in what nodes send,
// says what it has, feeds back what they may know, and decides what can be
// decided by rule. It holds no state but a lock for each node; everything lies in
// the store, so each step can be repeated after a crash between any two commits.
//
// It starts no goroutine and reads no clock: a caller drives it, the handler of
// HTTP, the import of a bundle, or a simulation.
package hub

import (
	"context"
	"crypto/ed25519"
	"io"
	"log/slog"
	"time"

	"simpul/sync/event"
	"simpul/sync/wire"
)

// Delivery is what came from a node at one time.
type Delivery struct {
	Node    event.ID
	Request *wire.Request
	// File says that it came in a file: its readings are as old as the file is,
	// its ticket proves nothing, and it is no contact.
	File bool
	// Regained says that decisions which were lost here came back with it.
	Regained bool
}

// Receipt is what became of a delivery.
type Receipt struct {
	Events  int               // new ones that were kept
	Forked  map[event.ID]bool // streams of which nothing was kept: they differ from what is stored
	Epoch   event.ID          // of the centre's data
	Ticket  wire.Short
	Time    int64 // ms, the centre's clock
	Stale   bool  // the ticket was neither of the last two
	Foreign bool  // another machine spoke for the node
	Minted  bool  // the delivery proved the centre's data to be older than what it had told; it has a new epoch now
}

// Feed reads what one node is fed, as of one moment.
type Feed interface {
	// Page is the next run of a partition after a cursor, nil when there is nothing to say.
	Page(at wire.Cursor, budget int) (*wire.Page, error)
	// BucketSums are the sums by which a node finds what differs.
	BucketSums(part wire.Partition) (wire.BucketSums, error)
	// Repair is a page of whole buckets: as many as fit, at least one.
	Repair(asked wire.BucketAsked, budget int) (*wire.Page, error)
	// Asked is a page of full records of people of other branches.
	Asked(people []event.ID, budget int) (*wire.Page, error)
	Close()
}

// Store is what the hub needs of the centre's store.
type Store interface {
	// Admits returns a node's key and branch: wire.ErrUnknownNode, wire.ErrRevokedNode.
	Admits(ctx context.Context, node event.ID) (ed25519.PublicKey, event.ID, error)
	// Receive keeps what is new of a delivery and notes the contact, in one transaction.
	Receive(ctx context.Context, d Delivery) (Receipt, error)
	// Hold keeps the events of a delivery apart until a person releases them.
	Hold(ctx context.Context, d Delivery) (events int, err error)

	Known(ctx context.Context, says []wire.StreamSays, forked map[event.ID]bool) ([]wire.StreamKnown, error)
	ForeignMarks(ctx context.Context, q wire.MarksAsked) (wire.MarksFound, error)
	Tail(ctx context.Context, q wire.TailAsked, budget int) (wire.Batch, bool, error)
	// StreamsOf lists the streams that came from a node, in the order in which the centre met them.
	StreamsOf(ctx context.Context, node event.ID) ([]wire.StreamHeld, error)
	AsidesOf(ctx context.Context, streams []event.ID, limit int) ([]wire.Aside, error)
	ReadFeed(ctx context.Context, node, branch event.ID) (Feed, error)

	// Rulings says what a node lacks that holds the decisions of a sum; asked is
	// set when only a list of what it holds can tell.
	Rulings(ctx context.Context, sum wire.Sum, most int) (lacks []event.Ruling, asked bool, err error)
	// CompareRulings is that for a node that listed what it holds; unknown are
	// those that the centre wants back.
	CompareRulings(ctx context.Context, held []wire.Short, most int) (lacks []event.Ruling, unknown []wire.Short, err error)
	// Regain takes back decisions that the centre signed and lost.
	Regain(ctx context.Context, rulings []event.Ruling, centre ed25519.PublicKey) (fresh int, err error)
	// GrantStream gives a stream a digit I that neither the code nor the machine
	// has used, if there is one and the stream has none yet.
	GrantStream(ctx context.Context, key ed25519.PrivateKey, node, stream event.ID, used uint8) error
	// Settle makes the decisions that follow by rule from what was applied.
	Settle(ctx context.Context, key ed25519.PrivateKey) (more bool, err error)

	ApplyPending(ctx context.Context, most int) (applied int, more bool, err error)
	Pending(ctx context.Context) (int64, error)

	// PhotoWants are photos that a node may have and the centre has not, small
	// renditions first, from a point on that turn decides.
	PhotoWants(ctx context.Context, node event.ID, streams []event.ID, turn wire.Short, limit int) ([]event.Hash, error)
	PhotoExpected(ctx context.Context, hash event.Hash) (bool, error)
	PhotoOfBranch(ctx context.Context, hash event.Hash, branch event.ID) (bool, error)
	PhotosArrived(ctx context.Context, hashes []event.Hash, here bool) error
	CentreName(ctx context.Context) (string, error)
	// TagKey is the key of the duplicate tags that counts; without a key there is none yet.
	TagKey(ctx context.Context) (wire.TagKey, error)
}

// Photos keeps photos and the pieces of those that are still coming.
type Photos interface {
	Has(hash event.Hash) bool
	// Put takes a piece and says how far the photo has come; a piece that does not
	// begin there changes nothing. A whole photo whose bytes are not what its name
	// says is thrown away.
	Put(ctx context.Context, part wire.PhotoPart) (wire.PhotoHas, error)
	// Get reads a photo; false when it is not here.
	Get(ctx context.Context, hash event.Hash) ([]byte, bool, error)
}

// Joiner answers PCs that want to become nodes.
type Joiner interface {
	Join(ctx context.Context, ask *wire.JoinAsk) (*wire.JoinAnswer, error)
}

// Options is what a hub needs.
type Options struct {
	Store  Store
	Key    ed25519.PrivateKey // the centre's signing key
	Photos Photos             // nil: photos are not exchanged
	Join   Joiner             // nil: nobody joins
	// Keys are those under which this centre may be reached; nil: it does not say.
	Keys func(context.Context) (wire.CentreKeys, error)
	Now  func() time.Time
	Rand io.Reader
	Log  *slog.Logger
	// Most is how many requests are served at once; 0 means what the gate means.
	Most int
}

// Hub is the centre's side. Its methods may be called from many goroutines.
type Hub struct {
	opt    Options
	public ed25519.PublicKey
	turns  turns
}

// New makes a hub.
func New(opt Options) *Hub {
	return &Hub{opt: opt, public: opt.Key.Public().(ed25519.PublicKey)}
}
