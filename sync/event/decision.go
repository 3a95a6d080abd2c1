package event

import (
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"reflect"
)

// DecisionKind is what the centre decided. Numbers are for ever.
type DecisionKind uint8

// The kinds of decision.
const (
	NodeEnrolled  DecisionKind = 1
	NodeRevoked   DecisionKind = 2
	StreamGranted DecisionKind = 3
	PeopleMerged  DecisionKind = 4
	PeopleSplit   DecisionKind = 5
	PersonErased  DecisionKind = 6
	CardBarred    DecisionKind = 7
	CardCleared   DecisionKind = 8
	KeysAccepted  DecisionKind = 9
	CentreIssues  DecisionKind = 10
	PeopleParted  DecisionKind = 11
	PartingLifted DecisionKind = 12
	TagsKeyed     DecisionKind = 13
	RegisterAged  DecisionKind = 14
	BranchNamed   DecisionKind = 15
)

// Decision is what the centre decided for everybody: signed, held by every node
// for ever, and given back by any node to a centre that lost it. Decisions are a
// set: what they mean together does not depend on their order, so a restored
// centre and its nodes need only exchange what the other lacks.
type Decision struct {
	_       struct{} `cbor:",toarray"`
	Kind    DecisionKind
	At      int64 // ms, the centre's clock
	Officer ID    // zero when the centre decided by rule
	Body    Raw
}

// Ruling is a decision as it is kept and sent: its bytes and the signature of
// the centre's signing key over them.
type Ruling struct {
	Bytes     []byte `cbor:"1,keyasint"`
	Signature []byte `cbor:"2,keyasint"`
}

// Hash names a decision; lifting, splitting and comparing sets go by it.
func (r Ruling) Hash() Hash { return sha256.Sum256(r.Bytes) }

const rulingContext = "simpul/decision\x00"

// Rule encodes and signs a decision. body is one of the decision bodies below.
func Rule(key ed25519.PrivateKey, kind DecisionKind, at int64, officer ID, body any) (Ruling, error) {
	want, known := decisionBodies[kind]
	if got := reflect.TypeOf(body); !known || got != reflect.TypeOf(want()) {
		return Ruling{}, fmt.Errorf("event: decision %d has no body of %v", kind, got)
	}
	raw, err := Encode(body)
	if err != nil {
		return Ruling{}, fmt.Errorf("event: encode decision: %w", err)
	}
	bytes, err := Encode(Decision{Kind: kind, At: at, Officer: officer, Body: raw})
	if err != nil {
		return Ruling{}, fmt.Errorf("event: encode decision: %w", err)
	}
	return Ruling{Bytes: bytes, Signature: ed25519.Sign(key, append([]byte(rulingContext), bytes...))}, nil
}

// ErrNotSigned is returned for a decision that the centre did not sign.
var ErrNotSigned = errors.New("event: the decision is not signed by the centre")

// Open verifies a decision and decodes it with its body; body is nil for a kind
// of a later program, which is kept all the same.
func (r Ruling) Open(centre ed25519.PublicKey) (d Decision, body any, err error) {
	if len(centre) != ed25519.PublicKeySize || !ed25519.Verify(centre, append([]byte(rulingContext), r.Bytes...), r.Signature) {
		return d, nil, ErrNotSigned
	}
	return r.Read()
}

// Read decodes a decision as Open does but proves nothing: for one that was
// verified when it came.
func (r Ruling) Read() (d Decision, body any, err error) {
	if err := Decode(r.Bytes, &d); err != nil {
		return d, nil, fmt.Errorf("event: decision: %w", err)
	}
	make, known := decisionBodies[d.Kind]
	if !known {
		return d, nil, nil
	}
	body = make()
	if err := Decode(d.Body, body); err != nil {
		return d, nil, fmt.Errorf("event: decision %d: %w", d.Kind, err)
	}
	return d, body, nil
}

var decisionBodies = map[DecisionKind]func() any{
	NodeEnrolled:  body[Enrolment],
	NodeRevoked:   body[Revocation],
	StreamGranted: body[Grant],
	PeopleMerged:  body[Merging],
	PeopleSplit:   body[Splitting],
	PersonErased:  body[Erasure],
	CardBarred:    body[Bar],
	CardCleared:   body[Clearing],
	KeysAccepted:  body[TLSKeys],
	CentreIssues:  body[Issuing],
	PeopleParted:  body[Parting],
	PartingLifted: body[Lifting],
	TagsKeyed:     body[Keying],
	RegisterAged:  body[Ageing],
	BranchNamed:   body[Naming],
}

// Enrolment admits a node: its key, the branch it works for and the code NNN of
// its member numbers, which nobody else is ever given. A replaced PC gets a new
// node and a new code for the same branch.
type Enrolment struct {
	Node   ID     `cbor:"1,keyasint"`
	Branch ID     `cbor:"2,keyasint"`
	Name   string `cbor:"3,keyasint"` // of the branch
	Role   string `cbor:"4,keyasint"`
	Code   uint16 `cbor:"5,keyasint"`
	Key    []byte `cbor:"6,keyasint"`           // Ed25519
	Seal   string `cbor:"7,keyasint"`           // age recipient for bundles to this node
	Issuer []byte `cbor:"8,keyasint,omitempty"` // Ed25519; signs the cards that it prints
}

// Revocation ends an enrolment: nothing is accepted from the node and nothing is
// sent to it. Only a new enrolment brings the PC back.
type Revocation struct {
	Node   ID     `cbor:"1,keyasint"`
	Reason string `cbor:"2,keyasint"` // lost, replaced, closed, copied
	Note   string `cbor:"3,keyasint,omitempty"`
}

// Grant gives a stream the digit I (0 to 7) of its member numbers. The pair of
// code and digit is given once, so that no two streams print one number.
type Grant struct {
	Stream      ID     `cbor:"1,keyasint"`
	Code        uint16 `cbor:"2,keyasint"`
	Incarnation uint8  `cbor:"3,keyasint"`
}

// Merging says that two records are one person. The absorbed id becomes another
// name of the survivor; both cards go on working.
type Merging struct {
	Survivor ID     `cbor:"1,keyasint"`
	Absorbed ID     `cbor:"2,keyasint"`
	Rule     string `cbor:"3,keyasint"` // equal, person
	Note     string `cbor:"4,keyasint,omitempty"`
}

// Splitting undoes the merging that it names.
type Splitting struct {
	Merging Hash   `cbor:"1,keyasint"`
	Note    string `cbor:"2,keyasint,omitempty"`
}

// Erasure removes a person for ever; what remains are codes for statistics.
// UU 27/2022 art. 8, 43.
type Erasure struct {
	Person     ID     `cbor:"1,keyasint"`
	Reason     string `cbor:"2,keyasint"`
	Member     bool   `cbor:"3,keyasint,omitempty"`
	Sex        string `cbor:"4,keyasint,omitempty"`
	BirthYear  int64  `cbor:"5,keyasint,omitempty"`
	District   string `cbor:"6,keyasint,omitempty"`
	Education  string `cbor:"7,keyasint,omitempty"`
	Occupation string `cbor:"8,keyasint,omitempty"`
	Kind       string `cbor:"9,keyasint,omitempty"`
	Issued     int64  `cbor:"10,keyasint,omitempty"` // days since 1970
	Until      int64  `cbor:"11,keyasint,omitempty"`
}

// Bar blocks a card everywhere. It holds until a clearing names it.
type Bar struct {
	Card   ID     `cbor:"1,keyasint"`
	Person ID     `cbor:"2,keyasint"`
	Block  Hash   `cbor:"3,keyasint"` // the event that blocked it
	Reason string `cbor:"4,keyasint,omitempty"`
}

// Clearing lifts the bars it names, and no other.
type Clearing struct {
	Bars []Hash `cbor:"1,keyasint"`
}

// TLSKeys lists the SHA-256 sums of the public keys (SPKI) under which the
// centre may be reached; the list with the highest version counts.
type TLSKeys struct {
	Version uint64 `cbor:"1,keyasint"`
	Keys    []Hash `cbor:"2,keyasint"`
}

// Issuing names the key with which the centre signs the cards that it prints
// itself; of a node, the enrolment says it. The newest name and code count, and
// the key stays trusted for every code under which it was named.
type Issuing struct {
	Key  []byte `cbor:"1,keyasint"` // Ed25519
	Name string `cbor:"2,keyasint"` // of the centre
	Code uint16 `cbor:"3,keyasint"` // NNN of its member numbers
}

// Parting says that two records are two people, whatever they have in common. It
// holds until a lifting names it: until then no rule merges the two, and a
// merging by rule of them (Merging.Rule "equal") does not count. A person who
// merges them lifts it.
type Parting struct {
	One   ID     `cbor:"1,keyasint"`
	Other ID     `cbor:"2,keyasint"`
	Note  string `cbor:"3,keyasint,omitempty"`
}

// Lifting takes back the parting that it names: the case is open again.
type Lifting struct {
	Parting Hash   `cbor:"1,keyasint"`
	Note    string `cbor:"2,keyasint,omitempty"`
}

// Keying says that from now on the duplicate tags are made with the key of this
// version; the highest counts. Before the first it is version 0. The key is not in
// it: the centre derives it, and gives it to each node that is enrolled.
type Keying struct {
	Version uint64 `cbor:"1,keyasint"`
	Node    ID     `cbor:"2,keyasint,omitzero"` // whose loss was the reason
}

// Ageing takes the names from old lines of the visit register, as the district's
// schedule has it (UU 27/2022 art. 43): in each stream, up to and with a sequence,
// the lines of everybody who is no member lose body and salt. What reports count
// stays. It names places in the log and not lines, so a district's month takes a
// few hundred bytes.
type Ageing struct {
	Ends []StreamEnd `cbor:"1,keyasint"`
}

// StreamEnd is a place in a stream.
type StreamEnd struct {
	_      struct{} `cbor:",toarray"`
	Stream ID
	Seq    uint64
}

// Naming gives a branch another name than its PCs were enrolled with. The highest
// version counts; of two that are equal, as after a restored centre, the one with
// the higher hash.
type Naming struct {
	Branch  ID     `cbor:"1,keyasint"`
	Name    string `cbor:"2,keyasint"`
	Version uint64 `cbor:"3,keyasint"`
}
