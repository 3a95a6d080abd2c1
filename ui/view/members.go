package view

// Members is the page that finds people. The list is a fragment of its own, asked for while the officer types.
type Members struct {
	Page
	Query Field
	Who   Choice // everyone, members, registrations
	Found SearchResult
}

// SearchResult is what a search for people found. Template block "found".
type SearchResult struct {
	Table   Table
	More    int  // how many rows the next answer may have; 0 when these are all
	Many    bool // more than a list can hold: type more letters
	Ask     bool // what was typed may be a reference from the public form: the centre can be asked
	Filling bool // the list of names is still being read: finding nothing proves nothing
}

// Member is the page of one member, or of a registration that has a record.
type Member struct {
	Page
	ID       string
	Name     string
	Number   string // grouped
	Status   []Cell
	Card     string // path of the card's picture; empty when there is none
	CardPNG  string
	Phone    string // path of "Ke telepon"; empty without a card in force
	Photo    string
	Facts    []Fact // membership
	Person   []Fact
	Contact  []Fact
	Guardian []Fact
	Consents []Fact
	Cards    Table
	Visits   Table
	History  Table
	Full     bool // NIK and contact are shown whole
	Reveal   Confirm
	Correct  string // paths; empty when the officer may not
	Renew    string
	NewPhoto string
	Sibling  string
	Access   string
	Erase    string
	AskErase string      // path of asking the centre for it
	Wish     *WishState  // nil: nobody asked
	Lost     *LostPhoto  // nil unless the photo is lost
	Where    *Kept       // nil on a PC that sends to no centre
	Same     *SameMember // nil for a record that was never merged
	Replace  *Choose
	Block    Confirm
	Unblock  Confirm
	Alias    *AliasForm
}

// Choose is an action that needs one choice before it is done. Template block "choose".
type Choose struct {
	Action, CSRF  string
	Text, Explain string
	Choice        Choice
	Button        string
}

// AliasForm notes a number of another system.
type AliasForm struct {
	Action         string
	CSRF           string
	System, Number Field
	Open           bool
}

// Renewal is the page that extends a membership: the kinds with the days from which and until which each would hold.
type Renewal struct {
	Page
	Name   string
	Action string
	Back   string
	Facts  []Fact
	Kind   Choice
}

// Correction is the dense form of a member.
type Correction struct {
	Page
	ID       string
	Name     string
	Action   string
	Back     string
	Version  string
	Sections []Section
	Why      Field
	Conflict Conflict
}

// Kept says where a record is safe, in one word and one sentence.
type Kept struct {
	State Cell
	Text  string
}

// SameMember are the other records of one person.
type SameMember struct {
	Title, Text string
	Link        Link   // to the record that stands; empty on that one
	Others      []Fact // number and name
}

// Wishing asks the centre to erase a member.
type Wishing struct {
	Page
	Name     string
	Action   string
	Back     string
	Version  string
	Reason   Choice
	By       Choice
	Identity Choice
	Checked  Check
	Note     Field
}

// WishState is what became of such a wish.
type WishState struct {
	State    Cell
	Text     string
	Facts    []Fact
	Withdraw string // path; empty: it cannot be taken back here
}

// LostPhoto says that a member's photo is in no place any more, and what can be done.
type LostPhoto struct {
	NewPhoto string // where a new one is taken; empty for whoever may not
	Accept   Confirm
}
