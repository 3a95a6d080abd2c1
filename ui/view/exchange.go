package view

// Exchange is how this PC stands with the centre, on the page of the data. Template block "exchange".
type Exchange struct {
	CSRF     string
	Centre   string // its name
	State    Cell
	Text     string
	Todo     string
	Facts    []Fact
	Receipts []Receipt
	Now      *Progress
	Send     bool   // offers to send at once
	Poll     string // asks again with a mark of what is shown
	Asides   []string
	Slip     string // path of the slip of the day
	Bundle   string // path of the page of the stick
	Moved    Link   // to where a new address of the centre is typed
	Budget   string // of the data plan, in words
}

// Receipt is one of the three things that the centre has said about the records.
type Receipt struct {
	Name, Value, Text string
	State             State
}

// Join is the page on which a PC asks to be let in.
type Join struct {
	Page
	State   string // "", "waiting", "approved", "refused"
	Code    Field
	Address Field // for a code that was typed, which holds none
	Check   []string
	Text    []string
	Poll    string
	Again   string // path that asks once more by hand
	Give    string // path that gives the attempt up
	AskFile string // path of the file to carry to the centre
	Known   []Fact
	Next    Link

	Unheard     bool   // the centre has not answered: the request goes on a stick
	Stick       string // path of the page of the stick, once joined
	Move        string // path that says where the centre is now, once joined
	MoveTitle   string
	FileProblem string // at the chosen file
	Carrying    Carrying
}

// Bundle is the page of the stick that carries data both ways.
type Bundle struct {
	Page
	Out, OutText string
	Export       string // path; empty: there is nobody to take it to
	Holds        []Fact
	Until        string
	To           Choice // at the centre: for which PC
	Import       string
	Back         string
	Problem      string // at the chosen file
	Done         *Taken
	Carrying     Carrying
}

// Carrying is how far a stick is that is being written or taken in. Template block "carrying".
type Carrying struct {
	Poll        string // asked every second, with a mark of what is shown
	Text, Hint  string // empty while nothing is carried
	Done, Total int64  // total 0 when not known
}

// Taken is what came in from a stick.
type Taken struct {
	State State
	Title string
	Text  string
	Facts []Fact
}

// KnownMember is a member of another branch, of whom this PC knows only the entry.
type KnownMember struct {
	Page
	ID     string
	Name   string
	Number string
	Status []Cell
	Facts  []Fact
	Cards  Table
	Visit  string // path that records a visit; empty: may not
	Fetch  string // path that asks the centre for the full record; empty: not joined
	Text   string
	State  State
}
