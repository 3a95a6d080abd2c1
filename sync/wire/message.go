// Package wire is how a node and the centre speak: the messages, their bytes,
// and the signed envelopes that carry them over HTTP or in a bundle. It knows no
// database and decides nothing: what a node says is sync/agent's, what the
// centre answers is sync/hub's.
package wire

import "simpul/sync/event"

// Protocol is the version that this program speaks; it understands Oldest too.
// The centre is upgraded first and answers in the version that it was asked in.
const (
	Protocol = 1
	Oldest   = 1
)

// Short is the first eight bytes of a chain value or a sum: enough to notice an
// accident. What must withstand intent is signed.
type Short [8]byte

// ShortOf cuts a hash.
func ShortOf(h event.Hash) (s Short) {
	copy(s[:], h[:])
	return s
}

// Request is one exchange as a node begins it. Everything in it may be said
// again without harm.
type Request struct {
	Protocol uint8          `cbor:"1,keyasint"`
	Nonce    Short          `cbor:"2,keyasint"` // no two requests have the same bytes
	Ticket   Short          `cbor:"3,keyasint"` // as the last answer gave it; zero for the first time
	Epoch    event.ID       `cbor:"4,keyasint"` // of the centre, as the node knows it
	Machine  Short          `cbor:"5,keyasint"` // a mark of the PC
	Wall     int64          `cbor:"6,keyasint"` // the node's readings as it sends this
	Boot     uint32         `cbor:"7,keyasint"`
	Mono     int64          `cbor:"8,keyasint"`
	Facts    *Facts         `cbor:"9,keyasint,omitempty"` // about once an hour, and when they change
	Streams  []StreamSays   `cbor:"10,keyasint"`
	Feeds    []Cursor       `cbor:"11,keyasint"`
	Rulings  Sum            `cbor:"12,keyasint"` // of the decisions that the node holds
	Batches  []Batch        `cbor:"13,keyasint,omitempty"`
	Grant    bool           `cbor:"14,keyasint,omitempty"` // the open stream has no digit I from the centre
	Used     uint8          `cbor:"15,keyasint,omitempty"` // bit n: this machine has printed with I = n
	Marks    []MarksAsked   `cbor:"16,keyasint,omitempty"`
	Tails    []TailAsked    `cbor:"17,keyasint,omitempty"`
	Sums     []Partition    `cbor:"18,keyasint,omitempty"` // whose bucket sums are wanted
	Buckets  []BucketAsked  `cbor:"19,keyasint,omitempty"`
	People   []event.ID     `cbor:"20,keyasint,omitempty"` // full records wanted of members of other branches
	Held     Shorts         `cbor:"21,keyasint,omitzero"`  // hashes of all decisions held, when the sums differ
	Back     []event.Ruling `cbor:"22,keyasint,omitempty"` // decisions that the centre lacks
	Budget   uint32         `cbor:"23,keyasint"`           // bytes that the answer may have
	Rest     bool           `cbor:"24,keyasint,omitempty"` // no feed pages now: the link is for what goes up
	Mine     *Sum           `cbor:"25,keyasint,omitempty"` // nil for none: of the streams that the centre has from this node, by the start of their ids
	Tags     uint64         `cbor:"26,keyasint,omitempty"` // version of the key of the duplicate tags that the node holds
}

// Facts are what the centre's list of nodes shows.
type Facts struct {
	Program       string `cbor:"1,keyasint"`
	Free          uint64 `cbor:"2,keyasint"` // bytes on the data disk
	Waiting       uint64 `cbor:"3,keyasint"` // events the centre has not received yet
	PhotosWaiting uint64 `cbor:"4,keyasint"`
	Offset        int64  `cbor:"5,keyasint"` // ms: centre's clock less the node's, as the node measured it
}

// StreamSays is one of the node's streams. The first in a request is the open one.
type StreamSays struct {
	_     struct{} `cbor:",toarray"`
	ID    event.ID
	Head  uint64
	Chain Short
}

// StreamKnown is what the centre has of a stream that the request named, in the
// same order. Forked says that the chains differ at or below both heads: then
// Chain is that of Received, and marks find where they part.
type StreamKnown struct {
	_        struct{} `cbor:",toarray"`
	Received uint64
	Chain    Short // at min(Received, the node's head)
	Applied  uint64
	Durable  uint64
	Forked   bool
}

// StreamHeld is a stream that the centre has from a node. A node that was put
// back from a copy may have lost it whole, and then does not know to ask.
type StreamHeld struct {
	_        struct{} `cbor:",toarray"`
	ID       event.ID
	Received uint64
}

// Batch is a run of events of one stream. Head is the chain after the last: it
// covers every event before it too.
type Batch struct {
	Stream event.ID
	First  uint64
	Items  []Item
	Head   event.Hash
}

// Item is an event on its way. The salt goes in place of the subject's id, which
// derives from it. An erased event has neither salt nor body; then Hash is its
// content hash.
type Item struct {
	event.Event
	Salt event.Salt
	Hash event.Hash
}

// MarksAsked asks for chain values between two sequences, evenly spread, to find
// where two copies of a stream part.
type MarksAsked struct {
	_      struct{} `cbor:",toarray"`
	Stream event.ID
	From   uint64 // exclusive
	To     uint64 // inclusive
}

// MaxMarks is how many marks an answer has for one question.
const MaxMarks = 64

// Mark is the chain at one place of a stream.
type Mark struct {
	_     struct{} `cbor:",toarray"`
	Seq   uint64
	Chain Short
}

// MarksFound answers a MarksAsked.
type MarksFound struct {
	_      struct{} `cbor:",toarray"`
	Stream event.ID
	Marks  []Mark
}

// TailAsked asks for events of a stream that the node has lost.
type TailAsked struct {
	_      struct{} `cbor:",toarray"`
	Stream event.ID
	First  uint64
}

// Partition is one part of what the centre feeds to a node.
type Partition uint8

// The partitions, in the order in which they are sent.
const (
	Settings  Partition = 1 // what applies in the whole district
	Own       Partition = 2 // full records of the node's branch, but for those that only the node itself wrote
	Directory Partition = 3 // every member of the district, as little as is needed to know one
	Asked     Partition = 4 // full records of members of other branches, as the request asked: no position, no checksum, no cursor
)

// Sum is a checksum of a set that can be added to and taken from: the count and
// the sum, modulo 2^64, of the members' hashes.
type Sum struct {
	_     struct{} `cbor:",toarray"`
	Count uint64
	Total uint64
}

// Cursor says how far a node has a partition, and the checksum of what it holds.
type Cursor struct {
	_         struct{} `cbor:",toarray"`
	Partition Partition
	Pos       uint64
	Sum       Sum
}

// RowKind says what a row holds.
type RowKind uint8

// The kinds of row.
const (
	GoneRow    RowKind = 0 // the key is no longer in the partition
	EntryRow   RowKind = 1 // Entry
	PersonRow  RowKind = 2 // Record with a merge.Person
	VisitRow   RowKind = 3 // Record with a merge.Visit
	ClassRow   RowKind = 4 // Record with a merge.Class
	SettingRow RowKind = 5 // Body is the setting's value, JSON
)

// Row is the latest state of one key. Its checksum is over kind, key and body.
type Row struct {
	_    struct{} `cbor:",toarray"`
	Kind RowKind
	Key  []byte // an id, or a setting's name
	Pos  uint64
	Body []byte // deterministic CBOR
}

// Entry is a member as the whole district knows one.
type Entry struct {
	_     struct{} `cbor:",toarray"`
	Name  string
	Home  uint16 // code NNN of the PC that registered the member
	Kind  string
	Until int64  // days since 1970
	Tag   uint16 // TagKey.Tag of the NIK, for finding duplicates, coarse on purpose; 0xffff without a NIK
	Cards []EntryCard
}

// EntryCard is one card of an entry, newest first.
type EntryCard struct {
	_      struct{} `cbor:",toarray"`
	ID     event.ID
	Number string
	State  uint8 // 0 in use, 1 blocked, 2 replaced
}

// Record is a full record: the state as the centre merged it, and the salt with
// which the node may write further events about the subject.
type Record struct {
	_     struct{} `cbor:",toarray"`
	Salt  event.Salt
	Home  uint16
	State []byte // encoded merge state
}

// Page is a run of a partition's rows. Rows rise by position; after the last
// page (More is false) the node has everything up to To, and Sum is the checksum
// of all that it then holds.
type Page struct {
	Partition Partition
	To        uint64
	More      bool
	Sum       Sum
	Rows      []Row
	// Buckets, when not empty, says that this page repairs: the node drops what
	// it holds in these buckets and is not among the rows. Such a page is whole.
	Buckets []byte
}

// BucketSum is the sum of the rows whose key falls in one of 256 buckets: the
// first byte of the key's SHA-256.
type BucketSum struct {
	_      struct{} `cbor:",toarray"`
	Bucket uint8
	Sum    Sum
}

// BucketAsked asks for the rows of some buckets.
type BucketAsked struct {
	_         struct{} `cbor:",toarray"`
	Partition Partition
	Buckets   []byte
}

// BucketSums answers a request for the sums of a partition; empty buckets are
// left out. Pos is where the partition stood.
type BucketSums struct {
	_         struct{} `cbor:",toarray"`
	Partition Partition
	Pos       uint64
	Sums      []BucketSum
}

// MaxAsides is how many events an answer names as set aside.
const MaxAsides = 256

// Aside is an event that the centre keeps but could not apply.
type Aside struct {
	_      struct{} `cbor:",toarray"`
	Stream event.ID
	Seq    uint64
	Reason string // unreadable, unknown, subject
}

// Answer is what the centre says to a request.
type Answer struct {
	Protocol uint8          `cbor:"1,keyasint"`
	Time     int64          `cbor:"2,keyasint"` // ms, the centre's clock as it answered
	Epoch    event.ID       `cbor:"3,keyasint"`
	Ticket   Short          `cbor:"4,keyasint"`
	Stale    bool           `cbor:"5,keyasint,omitempty"` // the ticket was not one of the last two: this may be a copy
	Foreign  bool           `cbor:"6,keyasint,omitempty"` // the machine is another: its events are kept, it must join again
	Streams  []StreamKnown  `cbor:"7,keyasint"`
	Marks    []MarksFound   `cbor:"8,keyasint,omitempty"`
	Tails    []Batch        `cbor:"9,keyasint,omitempty"`
	Pages    []Page         `cbor:"10,keyasint,omitempty"`
	Sums     []BucketSums   `cbor:"11,keyasint,omitempty"`
	Rulings  []event.Ruling `cbor:"12,keyasint,omitempty"`
	SayHeld  bool           `cbor:"13,keyasint,omitempty"` // the sums of decisions differ: say what you hold
	Lacking  Shorts         `cbor:"14,keyasint,omitzero"`  // decisions that the centre wants back
	Asides   []Aside        `cbor:"15,keyasint,omitempty"` // all of the node's that stand aside now, at most MaxAsides
	Photos   Shorts         `cbor:"16,keyasint,omitzero"`  // names of photos that the centre misses from this node, card renditions first
	Budget   uint32         `cbor:"17,keyasint"`           // bytes that the next request may have
	Wait     uint32         `cbor:"18,keyasint,omitempty"` // seconds before the next, under load
	Name     string         `cbor:"19,keyasint,omitempty"` // of the centre, when the request brought facts
	Others   []StreamHeld   `cbor:"20,keyasint,omitempty"` // all streams that the centre has from this node, when Mine is another sum
	Tags     *TagKey        `cbor:"21,keyasint,omitempty"` // key of the duplicate tags, when the node holds an older one
}

// PhotoPart is a piece of a photo at an offset. Total is the size of the whole.
type PhotoPart struct {
	_      struct{} `cbor:",toarray"`
	Hash   event.Hash
	Offset uint32
	Total  uint32
	Bytes  []byte
}

// PhotoPush brings pieces of photos to the centre, card renditions first.
type PhotoPush struct {
	Nonce Short       `cbor:"1,keyasint"`
	Parts []PhotoPart `cbor:"2,keyasint"`
}

// PhotoHas says how many bytes of a photo the centre holds; Total = offset when
// it has all and the hash is right.
type PhotoHas struct {
	_      struct{} `cbor:",toarray"`
	Hash   event.Hash
	Offset uint32
	Whole  bool
}

// PhotoTaken answers a PhotoPush, photo by photo.
type PhotoTaken struct {
	Has     []PhotoHas `cbor:"1,keyasint"`
	Missing Shorts     `cbor:"2,keyasint,omitzero"`
}

// PhotoWant asks for a photo from an offset on.
type PhotoWant struct {
	_      struct{} `cbor:",toarray"`
	Hash   event.Hash
	Offset uint32
}

// PhotoPull asks the centre for photos of the node's branch.
type PhotoPull struct {
	Nonce  Short       `cbor:"1,keyasint"`
	Wants  []PhotoWant `cbor:"2,keyasint"`
	Budget uint32      `cbor:"3,keyasint"`
}

// PhotoSent answers a PhotoPull; what the centre does not have is left out.
type PhotoSent struct {
	Parts []PhotoPart `cbor:"1,keyasint"`
	More  bool        `cbor:"2,keyasint,omitempty"`
}

// JoinAsk is a node that wants in. It is signed with the key it names, and Proof
// is HMAC-SHA-256 of that key under the one-time token.
type JoinAsk struct {
	Nonce   Short    `cbor:"1,keyasint"`
	Token   Short    `cbor:"2,keyasint"` // names the token: the start of its SHA-256
	Proof   []byte   `cbor:"3,keyasint"`
	Key     []byte   `cbor:"4,keyasint"` // Ed25519
	Seal    string   `cbor:"5,keyasint"` // age recipient for bundles to this node
	Node    event.ID `cbor:"6,keyasint"` // the node's own subject
	Role    string   `cbor:"7,keyasint"`
	Name    string   `cbor:"8,keyasint"`
	Code    uint16   `cbor:"9,keyasint"` // NNN so far
	Members uint64   `cbor:"10,keyasint"`
	Machine Short    `cbor:"11,keyasint"`
	Program string   `cbor:"12,keyasint"`
	Issuer  []byte   `cbor:"13,keyasint,omitempty"` // Ed25519; signs the cards that the node prints
}

// JoinState is where an enrolment stands.
type JoinState uint8

// The states.
const (
	JoinWaiting  JoinState = 1 // a person at the centre has to approve it
	JoinApproved JoinState = 2
	JoinRefused  JoinState = 3
)

// JoinAnswer says where an enrolment stands; once approved it brings everything
// that the node needs for its first exchange. Check is what both sides read out.
type JoinAnswer struct {
	State    JoinState      `cbor:"1,keyasint"`
	Check    string         `cbor:"2,keyasint"`
	Node     event.ID       `cbor:"3,keyasint,omitzero"` // the name the centre gave the node
	Epoch    event.ID       `cbor:"4,keyasint,omitzero"`
	Name     string         `cbor:"5,keyasint,omitempty"` // of the centre
	Recovery []byte         `cbor:"6,keyasint,omitempty"` // X25519, for the vault's centre slot
	Seal     string         `cbor:"7,keyasint,omitempty"` // age recipient for bundles to the centre
	TagKey   []byte         `cbor:"8,keyasint,omitempty"` // of the 12-bit tags
	Rulings  []event.Ruling `cbor:"9,keyasint,omitempty"`
	Tags     uint64         `cbor:"10,keyasint,omitempty"` // version of TagKey
}
