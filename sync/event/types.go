package event

// Type is the kind of a fact. Numbers are for ever: a type is never renumbered
// or reused; a new meaning is a new type.
type Type uint16

// The facts. The SOP step of each is in ../../node/library.
const (
	StreamOpened   Type = 1
	NodeConfigured Type = 2
	SettingChanged Type = 3

	OfficerAdded         Type = 10
	OfficerChanged       Type = 11
	OfficerSecretChanged Type = 12

	VisitRecorded  Type = 20
	VisitCorrected Type = 21

	RegistrationOpened     Type = 30
	RegistrationIdentified Type = 31
	ConsentGiven           Type = 32
	RegistrationFilled     Type = 33
	RegistrationVerified   Type = 34
	RegistrationSentBack   Type = 35
	RegistrationRefused    Type = 36
	RegistrationReopened   Type = 37
	RegistrationWithdrawn  Type = 38
	RegistrationLapsed     Type = 39
	RegistrationPaused     Type = 40
	RegistrationResumed    Type = 41
	RegistrationCompared   Type = 42
	RegistrationRouted     Type = 44

	PhotoAttached Type = 50
	PhotoDeclined Type = 51
	PhotoDeferred Type = 52
	PhotoErased   Type = 53

	CardIssued     Type = 60
	CardHandedOver Type = 61
	CardReplaced   Type = 62
	CardBlocked    Type = 63
	CardUnblocked  Type = 64
	CardPrinted    Type = 65

	MemberCorrected Type = 70
	MemberRenewed   Type = 71
	MemberAliased   Type = 72
	RecordViewed    Type = 73
	ErasureAsked    Type = 74
	ErasureDeclined Type = 75

	ClassOpened Type = 80
	ClassClosed Type = 81

	// Of the centre's log only.
	StreamAdmitted Type = 90
	DecisionMade   Type = 91
)

// Aggregate says which state an event changes.
type Aggregate uint8

// The states that merge keeps, one per subject or derived id.
const (
	NoState Aggregate = iota // audit only, or a type of a later version
	NodeState
	OfficerState
	VisitState
	PersonState
	ClassState
)

type typeInfo struct {
	name      string
	version   uint8
	aggregate Aggregate
	origin    bool // brings its subject into being and so carries the salt
	body      func() any
}

func body[T any]() any { return new(T) }

var types = map[Type]typeInfo{
	StreamOpened:   {"stream.opened", 1, NodeState, false, body[StreamOpening]},
	NodeConfigured: {"node.configured", 1, NodeState, true, body[NodeConfig]},
	SettingChanged: {"setting.changed", 1, NodeState, false, body[Setting]},

	OfficerAdded:         {"officer.added", 1, OfficerState, true, body[OfficerFacts]},
	OfficerChanged:       {"officer.changed", 1, OfficerState, false, body[OfficerFacts]},
	OfficerSecretChanged: {"officer.secret-changed", 1, OfficerState, false, body[OfficerSecret]},

	VisitRecorded:  {"visit.recorded", 1, VisitState, false, body[Visit]},
	VisitCorrected: {"visit.corrected", 1, VisitState, false, body[VisitCorrection]},

	RegistrationOpened:     {"registration.opened", 1, PersonState, true, body[Opening]},
	RegistrationIdentified: {"registration.identified", 1, PersonState, false, body[Identification]},
	ConsentGiven:           {"consent.given", 1, PersonState, false, body[Consent]},
	RegistrationFilled:     {"registration.filled", 1, PersonState, false, body[Filling]},
	RegistrationVerified:   {"registration.verified", 1, PersonState, false, body[Verification]},
	RegistrationSentBack:   {"registration.sent-back", 1, PersonState, false, body[Reason]},
	RegistrationRefused:    {"registration.refused", 1, PersonState, false, body[Refusal]},
	RegistrationReopened:   {"registration.reopened", 1, PersonState, false, body[Reason]},
	RegistrationWithdrawn:  {"registration.withdrawn", 1, PersonState, false, body[Reason]},
	RegistrationLapsed:     {"registration.lapsed", 1, PersonState, false, body[Reason]},
	RegistrationPaused:     {"registration.paused", 1, PersonState, false, body[Reason]},
	RegistrationResumed:    {"registration.resumed", 1, PersonState, false, body[Reason]},
	RegistrationCompared:   {"registration.compared", 1, PersonState, false, body[Comparison]},
	RegistrationRouted:     {"registration.routed", 1, PersonState, false, body[Routing]},

	PhotoAttached: {"photo.attached", 1, PersonState, false, body[Photo]},
	PhotoDeclined: {"photo.declined", 1, PersonState, false, body[Reason]},
	PhotoDeferred: {"photo.deferred", 1, PersonState, false, body[Reason]},
	PhotoErased:   {"photo.erased", 1, PersonState, false, body[Photo]},

	CardIssued:     {"card.issued", 1, PersonState, false, body[Card]},
	CardHandedOver: {"card.handed-over", 1, PersonState, false, body[HandOver]},
	CardReplaced:   {"card.replaced", 1, PersonState, false, body[Card]},
	CardBlocked:    {"card.blocked", 1, PersonState, false, body[CardMark]},
	CardUnblocked:  {"card.unblocked", 1, PersonState, false, body[CardRelease]},
	CardPrinted:    {"card.printed", 1, PersonState, false, body[CardMark]},

	MemberCorrected: {"member.corrected", 1, PersonState, false, body[Correction]},
	MemberRenewed:   {"member.renewed", 1, PersonState, false, body[Renewal]},
	MemberAliased:   {"member.aliased", 1, PersonState, false, body[Alias]},
	RecordViewed:    {"record.viewed", 1, NoState, false, body[Reason]},
	ErasureAsked:    {"erasure.asked", 1, PersonState, false, body[ErasureWish]},
	ErasureDeclined: {"erasure.declined", 1, PersonState, false, body[ErasureReply]},

	ClassOpened: {"class.opened", 1, ClassState, true, body[Class]},
	ClassClosed: {"class.closed", 1, ClassState, false, body[Reason]},

	StreamAdmitted: {"stream.admitted", 1, NoState, false, body[Admission]},
	DecisionMade:   {"decision.made", 1, NoState, false, body[Ruling]},
}

// Known reports whether this program knows the type.
func (t Type) Known() bool { _, ok := types[t]; return ok }

func (t Type) String() string {
	if info, ok := types[t]; ok {
		return info.name
	}
	return "unknown"
}

// Version is the version of the body that this program writes; 0 if unknown.
func (t Type) Version() uint8 { return types[t].version }

// Aggregate is the state that events of this type change.
func (t Type) Aggregate() Aggregate { return types[t].aggregate }

// Origin reports whether events of this type bring their subject into being.
// A visit of somebody without a record is an origin too, see [Visit].
func (t Type) Origin() bool { return types[t].origin }

// Types lists every known type in order of its number.
func Types() []Type {
	out := make([]Type, 0, len(types))
	for t := Type(0); t < 1024; t++ {
		if t.Known() {
			out = append(out, t)
		}
	}
	return out
}

// Decoded decodes the event's body into a fresh struct of its type.
// ok is false for types or versions of a later program; the event is kept all the same.
func (e Event) Decoded() (v any, ok bool, err error) {
	info, known := types[e.Type]
	if !known || e.Version > info.version {
		return nil, false, nil
	}
	v = info.body()
	return v, true, e.Open(v)
}
