package event

// Bodies use small integer keys and omit what is empty, so that a fact takes
// few bytes and a later version can add keys without breaking an earlier one.
// A key is never reused.

// Field names one value about a person. Numbers are for ever.
type Field uint8

// The fields of the form (SOP step 3). Dates are ISO text, codes are those of
// node/library; everything is text as the officer saved it.
const (
	FieldIdentity Field = iota + 1
	FieldNIK
	FieldIdentityNumber
	FieldName
	FieldBirthPlace
	FieldBirth
	FieldSex
	FieldAddress
	FieldRT
	FieldRW
	FieldVillage
	FieldDistrict
	FieldRegency
	FieldPhone
	FieldEmail
	FieldEducation
	FieldOccupation
	FieldInstitution
	FieldMemberKind
	FieldGuardianName
	FieldGuardianRelation
	FieldGuardianPhone
	FieldGuardianDocument
	FieldStop
)

// Fields maps a field to its value. An empty value clears the field.
type Fields map[Field]string

// StreamOpening is the first event of every stream. Generation counts the
// streams of one node; Previous is where the node's last stream ended as far as
// it knows. Incarnation is the digit I of the member numbers of this stream:
// 8 and 9 for streams that the centre has not granted.
type StreamOpening struct {
	Generation   uint64 `cbor:"1,keyasint"`
	Previous     ID     `cbor:"2,keyasint"`
	PreviousSeq  uint64 `cbor:"3,keyasint,omitempty"`
	PreviousHead Hash   `cbor:"4,keyasint"`
	Reason       string `cbor:"5,keyasint"` // setup, restored, behind, machine, unmarked, diverged, copied, forked, renamed
	Incarnation  uint8  `cbor:"6,keyasint"`
}

// NodeConfig is who this node is: role (branch, van, village, centre), the
// library's name, and the code NNN of the PC.
type NodeConfig struct {
	Role string `cbor:"1,keyasint"`
	Name string `cbor:"2,keyasint"`
	Code uint16 `cbor:"3,keyasint"`
}

// Setting is one value of the settings; keys are listed in node/desk.
type Setting struct {
	Key   string `cbor:"1,keyasint"`
	Value string `cbor:"2,keyasint"`
}

// OfficerFacts holds what is known of an officer; empty strings change nothing.
type OfficerFacts struct {
	Login    string `cbor:"1,keyasint,omitempty"`
	Name     string `cbor:"2,keyasint,omitempty"`
	Role     string `cbor:"3,keyasint,omitempty"`
	Inactive bool   `cbor:"4,keyasint,omitempty"`
	Active   bool   `cbor:"5,keyasint,omitempty"`
}

// OfficerSecret records that a password changed, and how: own, reset, recovery,
// centre; or, as sheet, that the officer has made another recovery sheet count.
type OfficerSecret struct {
	How string `cbor:"1,keyasint"`
}

// Visit is one line of the visit register (SOP step 1). Kind is member,
// unknown (a number this node does not know), nameless (a member without the
// card, not resolved), guest or group. A member's visit has the member as
// subject; every other visit is the origin of a subject of its own and carries
// that subject's salt.
type Visit struct {
	Kind    string `cbor:"1,keyasint"`
	At      int64  `cbor:"2,keyasint,omitempty"` // wall ms when it is not the header's: late entry, sealed while the vault was closed
	Purpose string `cbor:"3,keyasint,omitempty"`
	Stop    string `cbor:"4,keyasint,omitempty"`
	Number  string `cbor:"5,keyasint,omitempty"` // as scanned, for unknown numbers
	Name    string `cbor:"6,keyasint,omitempty"` // guest, leader of a group, or as given without a card
	Birth   string `cbor:"7,keyasint,omitempty"` // MM-DD of a member without the card

	Sex        string `cbor:"8,keyasint,omitempty"`
	AgeGroup   string `cbor:"9,keyasint,omitempty"`
	Education  string `cbor:"10,keyasint,omitempty"`
	Occupation string `cbor:"11,keyasint,omitempty"`
	Origin     string `cbor:"12,keyasint,omitempty"` // district code or free text

	Institution string            `cbor:"13,keyasint,omitempty"`
	Phone       string            `cbor:"14,keyasint,omitempty"`
	Men         int               `cbor:"15,keyasint,omitempty"`
	Women       int               `cbor:"16,keyasint,omitempty"`
	Levels      map[string]int    `cbor:"17,keyasint,omitempty"` // education level → people
	Late        bool              `cbor:"18,keyasint,omitempty"`
	Kiosk       bool              `cbor:"19,keyasint,omitempty"`
	Extra       map[string]string `cbor:"20,keyasint,omitempty"`

	// Person is the member whose visit it is when this node knows him from the
	// directory only: without his salt the visit is a subject of its own.
	Person ID `cbor:"21,keyasint,omitzero"`
}

// VisitCorrection changes or voids a visit, or says whose it was.
type VisitCorrection struct {
	Visit  ID     `cbor:"1,keyasint"`
	Reason string `cbor:"2,keyasint,omitempty"`
	Void   bool   `cbor:"3,keyasint,omitempty"`
	Person ID     `cbor:"4,keyasint,omitzero"`  // resolves an unknown or nameless visit
	Body   *Visit `cbor:"5,keyasint,omitempty"` // the register line as it should be
}

// Opening starts a registration (SOP step 2). Source is desk, visit, phone,
// class, late or public. Arrived is the wall reading of the visit, Day the true
// date (days since 1970) of a late entry.
type Opening struct {
	Source  string `cbor:"1,keyasint"`
	Visit   ID     `cbor:"2,keyasint,omitzero"`
	Class   ID     `cbor:"3,keyasint,omitzero"`
	Arrived int64  `cbor:"4,keyasint,omitempty"`
	Day     int64  `cbor:"5,keyasint,omitempty"`
	Untimed bool   `cbor:"6,keyasint,omitempty"` // the SOP's clocks do not run
	Sibling ID     `cbor:"7,keyasint,omitzero"`
	Fields  Fields `cbor:"8,keyasint,omitempty"` // what is already known: a guest's name, a sibling's address
}

// Identification says which identity document was shown (SOP step 2).
type Identification struct {
	Kind      string `cbor:"1,keyasint"`
	Explained bool   `cbor:"2,keyasint"`
}

// Consent is the proof of a consent: purpose (membership, photo), the version
// and hash of the text that was shown, who gave it and how. UU 27/2022 art. 22–25.
type Consent struct {
	Purpose  string `cbor:"1,keyasint"`
	Version  string `cbor:"2,keyasint"`
	TextHash Hash   `cbor:"3,keyasint"`
	By       string `cbor:"4,keyasint"` // self, guardian
	How      string `cbor:"5,keyasint"` // screen, paper, online
	Refused  bool   `cbor:"6,keyasint,omitempty"`
}

// Filling is the form (SOP step 3). By is officer, visitor or companion. Seen
// says that values corrected beside the document were already there when this
// was typed, so these values stand above them.
type Filling struct {
	Fields    Fields            `cbor:"1,keyasint"`
	By        string            `cbor:"2,keyasint"`
	Confirmed map[string]string `cbor:"3,keyasint,omitempty"` // warning key → the officer's reason
	Seen      bool              `cbor:"4,keyasint,omitempty"`
}

// Verification is the result of step 4: the fields compared with the document,
// those it does not bear, and what was corrected on the way.
type Verification struct {
	Document  string            `cbor:"1,keyasint"`
	Checked   []Field           `cbor:"2,keyasint,omitempty"`
	NotBorne  []Field           `cbor:"3,keyasint,omitempty"`
	Corrected Fields            `cbor:"4,keyasint,omitempty"`
	Confirmed map[string]string `cbor:"5,keyasint,omitempty"`
}

// Reason is a body that needs only a key and, if the person wrote one, a note.
type Reason struct {
	Key  string `cbor:"1,keyasint,omitempty"`
	Note string `cbor:"2,keyasint,omitempty"`
}

// Refusal is "Tidak dikabulkan": the requirement not met and the step at which.
type Refusal struct {
	Requirement string `cbor:"1,keyasint"`
	Note        string `cbor:"2,keyasint,omitempty"`
	Step        uint8  `cbor:"3,keyasint"`
}

// Comparison is a person's decision about a possible duplicate.
type Comparison struct {
	Other ID     `cbor:"1,keyasint"`
	Same  bool   `cbor:"2,keyasint,omitempty"`
	Note  string `cbor:"3,keyasint,omitempty"`
}

// Routing says at which branch somebody will collect the card who registered at
// home, on the centre's public pages. The centre feeds the registration to that
// branch. A later one sends it on.
type Routing struct {
	Branch ID `cbor:"1,keyasint"`
}

// Photo names the two renditions by the SHA-256 of their bytes.
type Photo struct {
	Card   Hash   `cbor:"1,keyasint"`
	Record Hash   `cbor:"2,keyasint"`
	Source string `cbor:"3,keyasint,omitempty"` // webcam, file, phone
	Reason string `cbor:"4,keyasint,omitempty"`
}

// Card is an issued or replacing card (SOP step 5). Dates are days since 1970.
// The card's id is derived from this event. Old is the card it replaces.
type Card struct {
	Number string `cbor:"1,keyasint"`
	Kind   string `cbor:"2,keyasint"`
	From   int64  `cbor:"3,keyasint"`
	Until  int64  `cbor:"4,keyasint"`
	Old    ID     `cbor:"5,keyasint,omitzero"`
	Reason string `cbor:"6,keyasint,omitempty"`
}

// CardMark is something done to one card. Printer is the name, as it was then, of what it was printed on.
type CardMark struct {
	Card    ID     `cbor:"1,keyasint"`
	Reason  string `cbor:"2,keyasint,omitempty"`
	Note    string `cbor:"3,keyasint,omitempty"`
	Printer string `cbor:"4,keyasint,omitempty"`
}

// CardRelease lifts the blocks it names, and no other: a block that this
// officer had not seen stays in force.
type CardRelease struct {
	Card   ID     `cbor:"1,keyasint"`
	Blocks []Hash `cbor:"2,keyasint"`
	Reason string `cbor:"3,keyasint,omitempty"`
}

// HandOver is SOP step 6: to whom and how (print, phone, guardian, class …).
type HandOver struct {
	Card ID     `cbor:"1,keyasint"`
	To   string `cbor:"2,keyasint"`
	How  string `cbor:"3,keyasint"`
	Name string `cbor:"4,keyasint,omitempty"` // when it was not the member
	Day  int64  `cbor:"5,keyasint,omitempty"` // true date when entered late
}

// Correction changes fields of a member, with a reason.
type Correction struct {
	Fields    Fields            `cbor:"1,keyasint"`
	Reason    string            `cbor:"2,keyasint"`
	Confirmed map[string]string `cbor:"3,keyasint,omitempty"`
}

// Renewal extends the membership; days since 1970.
type Renewal struct {
	From  int64  `cbor:"1,keyasint"`
	Until int64  `cbor:"2,keyasint"`
	Kind  string `cbor:"3,keyasint,omitempty"`
}

// Alias adds a number of another system. Such a number may be a NIK and is
// sealed wherever it is kept.
type Alias struct {
	System string `cbor:"1,keyasint"`
	Number string `cbor:"2,keyasint"`
}

// ErasureWish asks the centre to erase the person (UU 27/2022 art. 8): nothing is
// erased before the centre decides. By is who asked (self, guardian, family), and
// Identity what that person showed (an identity document, or the member card).
type ErasureWish struct {
	Reason   string `cbor:"1,keyasint"` // one of an Erasure: request, unlawful, mistake
	By       string `cbor:"2,keyasint"`
	Identity string `cbor:"3,keyasint"`
	Note     string `cbor:"4,keyasint,omitempty"`
}

// ErasureReply ends the wishes that it names, and no other, without an erasure:
// the centre declined, or the branch took them back (Reason withdrawn).
type ErasureReply struct {
	Wishes []Hash `cbor:"1,keyasint"`
	Reason string `cbor:"2,keyasint"`
	Note   string `cbor:"3,keyasint,omitempty"`
}

// Admission is what the centre said of a run of events of one node's stream when
// it took them in: the only times that order events of different streams. Rank
// is the order in which the centre first met the stream. Received is the
// centre's time; Boot and Mono are the node's readings at that instant; Offset
// is what has to be added to the node's wall reading, in ms. Floor is the
// effective time below which nothing of this run may lie: the end of the node's
// stream before. Ceiling, unless zero, is the one above which nothing of it may
// lie: the start of a later stream of the node that the centre had already.
type Admission struct {
	Stream   ID     `cbor:"1,keyasint"`
	First    uint64 `cbor:"2,keyasint"`
	Last     uint64 `cbor:"3,keyasint"`
	Node     ID     `cbor:"4,keyasint"`
	Rank     uint64 `cbor:"5,keyasint"`
	Received int64  `cbor:"6,keyasint"`
	Offset   int64  `cbor:"7,keyasint,omitempty"`
	Boot     uint32 `cbor:"8,keyasint,omitempty"`
	Mono     int64  `cbor:"9,keyasint,omitempty"`
	Floor    int64  `cbor:"10,keyasint,omitempty"`
	Ceiling  int64  `cbor:"11,keyasint,omitempty"`
}

// Class is a session of class mode: the school, the stop and the class once.
type Class struct {
	School string `cbor:"1,keyasint"`
	Stop   string `cbor:"2,keyasint,omitempty"`
	Name   string `cbor:"3,keyasint"`
	Day    int64  `cbor:"4,keyasint"`
	Fields Fields `cbor:"5,keyasint,omitempty"` // what every child has in common: address, institution
}
