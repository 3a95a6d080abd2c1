package view

// Registration is what stands around each step of one registration: the six steps, the clock, and what can end it.
// Embed it in the view of a step. Template parts "registration-head" and "registration-side".
type Registration struct {
	Page
	ID        string
	Name      string // the h1; what the page is for while nobody's name is known
	Steps     Steps
	Document  string // "KTP"; empty before step 2
	Version   string // the state the page was made from
	Action    string // path of this step's form
	Note      Note   // sent back, reopened: what is to be mended
	Attendant string // "Bagus R. membuka pendaftaran ini pukul 14.02."
	Conflict  Conflict
	Duplicate Note
	Saved     Note
	Resume    string // path that lets a paused clock go on; empty while it runs
	Pause     Confirm
	Refuse    Confirm
	Withdraw  Confirm
}

// Conflict says what somebody else did to the registration while this form was open. The form keeps what was typed.
type Conflict struct {
	Title, Text string
	Facts       []Fact // field by field: what is stored now
	Link        Link   // where the registration stands now
}

// Start is the page that opens a registration.
type Start struct {
	Page
	Visit, Sibling string // ids
	From           string // whom the address and guardian come from, or the visitor's name
}

// Identity is step 2: document, explanation, consents.
type Identity struct {
	Registration
	Kinds     Choice
	Explain   []string
	Explained Check
	Consents  []ConsentBox
	By        Choice
	How       Choice
}

// ConsentBox is one consent text with its box.
type ConsentBox struct {
	Title      string
	Paragraphs []string
	Version    string
	Check      Check
}

// Entry is one input of a form, whatever its kind; one of the pointers is set. Template part "entry".
type Entry struct {
	Span   int // columns of twelve
	Text   *Field
	Date   *DateField
	Select *Choice
	Radios *Choice
}

// Section is a part of a dense form with its heading.
type Section struct {
	ID, Title, Hint string
	Folded          bool // opened by a press; for what only some need
	Entries         []Entry
	Button          *Press // under the entries
	Ask             string // path that draws the section anew when one of its selects changes
}

// Press is a button of a form that does something else than send it.
type Press struct{ Name, Value, Text string }

// FormPage is step 3 for the officer: the whole form on one page.
type FormPage struct {
	Registration
	Identity  Choice // drawn as words; bears the problems of the document
	Offer     Press  // birth date and sex out of the NIK
	Sections  []Section
	By        Choice // who fills it in
	DraftAt   string // "Naskah dari pukul 14.02 dipakai lagi."
	DraftPath string // where the form is kept while it is being typed
	TurnPath  string // hands the screen to the visitor
}

// Look is a step as it was done, to look at again.
type Look struct {
	Registration
	Step     string // name of the step
	Facts    []Fact
	Go       Link
	SlipPath string  // print what to bring
	Reopen   Confirm // takes an ended registration up again
	Ended    bool
	Sibling  string // path of "Tambah saudara"
}

// Alike is the page of possible duplicates: this visitor beside who is already here.
type Alike struct {
	Registration
	Mine     []Fact
	People   []AlikePerson
	Branches string // how old the knowledge of other branches is
}

// AlikePerson is somebody who may be the same.
type AlikePerson struct {
	ID    string
	Name  string
	Why   string // "NIK sama"
	Photo Photo
	Facts []Fact
}

// EndedList are the registrations that ended without a card.
type EndedList struct {
	Page
	Table Table
}

// Scanned is what a code scanned at the desk leads to: somebody, or nobody known here (Name empty).
type Scanned struct {
	Page
	Code   string
	Name   string
	Person string
	Facts  []Fact
	Member string // path of the member
	Visit  string // path of the visit
}

// Turned is the screen turned to the visitor: one thing of the form on it, or the answers to look over, or the end.
type Turned struct {
	Page
	Heading  string
	Hint     string
	Back     string // path of the page before; empty on the first
	Action   string
	Entries  []Entry
	Rows     []TurnedRow
	Button   string
	Return   Link // where the officer takes the screen back
	Finished bool

	Reference string // on a phone, at the end: what is said at the desk
	Afresh    string // on a phone: a second button, which throws away what was typed there before
	Plain     string // on a phone: that the connection is not encrypted

	Consents []ConsentBox // on the public form
	Trap     string       // label of a box that no person sees, there
}

// TurnedRow is one answer to look over, with the page on which it is changed.
type TurnedRow struct{ Field, Label, Value, Path string }
