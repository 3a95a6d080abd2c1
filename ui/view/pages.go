package view

import "time"

// Desk is the page of the counter: who is being served, and what has been done today.
type Desk struct {
	Page
	Greeting string    // "Selamat siang, Siti"
	Today    time.Time // in the zone of the library
	Queue    Queue
	Numbers  Today
	Find     bool  // this officer may look for members
	Ways     []Way // to pages beside the counter that this officer may open
}

// Way is a link with an icon before its words.
type Way struct {
	Link
	Icon string
}

// Today is the day's numbers, a fragment of their own.
type Today struct {
	Path   string // where the fragment comes from, with the version shown
	Visits Visits
	Issued Issued
}

// Queue is the list of registrations in progress. It is a fragment of its own, asked for again every few seconds.
type Queue struct {
	Path      string // where the fragment comes from, with the version shown: unchanged answers 204
	Waiting   bool   // true shows those put off ("Tertunda") instead of today's
	Today     int
	Postponed int
	Rows      []QueueRow
}

// QueueRow is one registration in progress.
type QueueRow struct {
	ID      string
	Name    string
	Note    string // "KTP · mulai 13.51"
	Steps   Steps
	Path    string // where to go on
	Primary bool   // drawn as a filled button: it waits for this officer
}

// Visits are today's numbers of the register.
type Visits struct {
	Total, Members, Guests, Groups, GroupPeople int
}

// Issued are today's cards and how long they took.
type Issued struct {
	Cards    int
	Median   time.Duration // waktu tengah; 0 when there is none yet
	Standard time.Duration
}

// Verify is step 4: what the document bears, in its order, beside what was typed.
type Verify struct {
	Registration
	Rows   []VerifyRow
	Return Confirm
}

// VerifyRow is one line of the document to compare. It may hold several fields of the form: place and date of birth.
type VerifyRow struct {
	Field   string // name of its first field: the box is called "ok_" and it
	Label   string
	Value   string
	Ticked  bool
	Absent  bool   // the document does not bear it: asked for, not ticked
	Note    string // optional: what to look at
	Strong  string // the part of the note that matters
	Current bool   // the row being checked
	Edit    []Entry
	Open    bool   // the editor is open, because it came back with problems
	Error   string // it was neither ticked nor corrected
}

// Note is a small panel with a heading and a sentence.
type Note struct {
	Title, Text string
	Link        Link // optional
}

// SignIn asks an officer for the password: after a start, after a screen lock, or in the middle of a form.
type SignIn struct {
	Page
	Locked   bool // the screen is locked: the same officer goes on
	Switch   bool // a colleague takes over from who is signed in
	Login    Choice
	Password Field
	Next     string // path to go to afterwards
	Carry    string // sealed form that was interrupted; empty when there is none
	InPlace  bool   // shown over a page with a half-filled form, which must stay
	Closed   bool   // the vault is closed: sending waits
	Reopen   string // path where the centre is asked to open this PC; empty: there is none to ask
}

// Resume is shown after signing in again in the middle of a form: one button sends what was typed.
type Resume struct {
	Page
	Action string
	Fields []Hidden
}

// Hidden is one field of a form that travels with it unseen.
type Hidden struct{ Name, Value string }

// Error is any page that could not be shown. What was typed can be sent once more.
type Error struct {
	Page
	Text  string // what happened
	Hint  string // what to do
	Code  string // request id, to find the line in the log
	Retry *Resume
	Home  Link
}
