package view

// Overview is the first page of the centre: what has arrived, and how each PC that sends is doing.
type Overview struct {
	Page
	Sub     string
	Figures []Figure
	Notes   []Note // what the centre should not put off: its kit, its copies
	Nodes   NodeTable

	FromHome Link // registrations from home; empty while there is no public form
}

// NodeTable lists the PCs that send to the centre. Template part "nodes".
type NodeTable struct {
	Rows  []NodeRow
	Empty Empty
	Poll  string // asked again, with a mark of what is shown now
}

// NodeRow is one PC in words. What is as it should be is left empty.
type NodeRow struct {
	Path, Name, Note string // note: "Cabang · kode 014"
	Contact, Lag     string
	Waiting          string
	Members, Visits  string
	Free, Version    string
	Clock            string // only when it is wrong enough to matter
	States           []Cell
}

// Branches is the page on who may send: codes given out, PCs that ask, PCs that are in.
type Branches struct {
	Page
	Poll        string
	Asks        []JoinAsk
	Awaited     []AwaitedPC
	Carrying    Carrying
	Codes       []OpenCode
	Nodes       NodeTable
	Make        *CodeForm // nil: the officer may not
	Bundle      string    // path of the page of the stick; empty: the officer may not
	Kit         string    // path of the recovery kit; empty: the officer may not
	Gone        Table     // PCs that were revoked
	FileProblem string    // at the request file
	Tags        *TagKey   // nil: the officer may not
	Rebuilt     *Rebuilt  // nil: it was not, or everybody is back
}

// TagKey is how the key of the duplicate tags stands.
type TagKey struct {
	State, Left string
	Change      Confirm
}

// Rebuilt is a centre that was built anew and waits for its PCs.
type Rebuilt struct {
	Back string
	Done Confirm
}

// JoinAsk is a PC that wants in and waits for a person.
type JoinAsk struct {
	Name    string
	Facts   []Fact
	Check   []string // what both sides read out, in groups
	Approve string
	Refuse  Confirm
	Note    Note // what to look out for
}

// AwaitedPC was let in and has not been heard of since.
type AwaitedPC struct {
	Name, Note string
	Save       string // path that hands out its answer, with all that it may know
	Main       bool   // it is what to do next
}

// CodeForm makes a one-time code.
type CodeForm struct {
	Action string
	CSRF   string
	Fields []Field
	Role   Choice
	Branch Choice // one that gets another PC, or a replacement
}

// OpenCode is a code that was given out and not used yet.
type OpenCode struct {
	Name, Until, Show, Revoke string
}

// BranchCode is the page of one code: what is read out, scanned, or carried on paper.
type BranchCode struct {
	Page
	Name   string
	Until  string
	Groups []string // the secret part, to be typed
	Where  []string // addresses of the centre
	Text   string   // the whole code, to copy
	QR     string   // path of the picture
	Print  string
	File   string
	Stick  string // path of the archive for a stick; empty: there is none
	Revoke string
}

// NodePage is one PC as the centre knows it.
type NodePage struct {
	Page
	Name    string
	Sub     string
	States  []Cell
	Facts   []Fact // what is and was measured
	Sent    []Fact // what has arrived
	Notices []Notice
	History Table
	Revoke  *Revoke // nil: may not, or is revoked
	Replace string  // path of the new code for a replacement; empty: may not
	Rename  Confirm // of the branch
	People  *HeldPeople
	Revoked []Note
	Found   *FoundLaptop
	Reopen  string // path where a PC is opened again that nobody there can open; empty: may not, or is revoked
}

// ReopenPC opens a PC again that nobody there can open: the request is taken in, compared on the telephone, and answered.
type ReopenPC struct {
	Page
	Name        string
	Sub         string
	Back        string
	Take        string // path that takes the request
	FileProblem string
	Answer      *ReopenAnswer // the newest, nil when there is none

	Request string // in hand; empty: none
	Action  string // path that answers it
	Facts   []Fact
	Check   Field
	Reason  Field
}

// ReopenAnswer is a file for the PC.
type ReopenAnswer struct {
	Save string // path
	When string // and by whom
}

// Revoke ends a PC's membership of the district, with what that means.
type Revoke struct {
	Action  string
	CSRF    string
	Means   []string
	Reasons Choice
	Note    Field
	Word    Field // typed, so that nobody does it by a slip
	Open    bool
}

// HeldPeople are those whose data the PC held.
type HeldPeople struct {
	Print, Save string // paths
	Facts       []Fact
}

// FoundLaptop takes in the records of a revoked PC that was found again.
type FoundLaptop struct{ Path string }

// Notice is something that happened to data and that somebody should know. Template part "notice".
type Notice struct {
	State State
	Title string
	When  string
	Text  string
	Todo  string
	Seen  string // path that marks it as read; empty: nothing to do
	Read  string // by whom and when
	Link  Link
	// Members are those whom it is about.
	Members []Link
	CSRF    string
	Button  string
}

// Decisions is the page of what only a person can decide.
type Decisions struct {
	Page
	Nothing    Empty
	Cases      []CaseRow
	More       int // cases that are not shown
	Later      []CaseRow
	Wishes     []CaseRow // people whose erasure a branch asks for
	WishesMore int
	Asking     int // PCs that ask to be let in
	Asides     []AsideRow
	Apart      []ApartRow
	Notices    []Notice
	Settled    Table
}

// CaseRow is one possible duplicate in the list, or a person about whom something is to be decided.
type CaseRow struct {
	Path, Names, Where, Why string
	State                   State
	TakeUp                  string // path that brings it back, when it was put off
}

// AsideRow is a record that is kept and could not be applied.
type AsideRow struct{ Title, Reason, Todo, When string }

// ApartRow is what a revoked PC recorded: it waits until a person releases it.
type ApartRow struct {
	Title, When string
	Release     string // path
	CSRF        string
	Discard     Confirm
}

// Case is the review of two records that may be one person.
type Case struct {
	Page
	Why     string
	Sub     string
	People  []CasePerson
	Lines   []CaseLine
	Action  string
	Stands  Choice
	Note    Field
	Decided string // they were merged; then only splitting remains
	Apart   string // somebody said that they are two; that may still change
	Split   Confirm
	Wait    Choice // for how long it is put off; empty: it cannot be
	Waits   string // who put it off, and until when
	TakeUp  string // path that brings it back
	Rejoin  Confirm
}

// CasePerson is one side.
type CasePerson struct {
	ID     string
	Title  string // "Yang pertama", or the name of the branch
	Name   string
	Photo  Photo
	Tags   []Cell
	Stands bool
}

// CaseLine is one field of both.
type CaseLine struct {
	Label   string
	Values  []string // one for each side
	Differs bool
}

// Erasing is the page that removes a member for ever.
type Erasing struct {
	Page
	ID      string
	Name    string
	Action  string
	Goes    []string
	Stays   []string
	Reason  Choice
	Word    Field
	Back    string
	Wish    []Fact  // what a branch asks for
	Decline Confirm // its answer; empty: nobody asked
}

// Kit is the page of the centre's recovery kit.
type Kit struct {
	Page
	New     bool // the centre has just been set up
	Save    string
	Print   string
	KeyFile *KeyFile // start without a person; nil when the officer may not
	Next    Link
}
