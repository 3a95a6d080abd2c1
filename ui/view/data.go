package view

// Data is the page that the badge leads to: where the data stands, in plain words.
type Data struct {
	Page
	Verdict   Verdict
	Kept      []Fact
	Places    []Place
	CanCopy   bool // the officer may make a copy
	CanSet    bool // the officer may name a second place
	Copying   *Progress
	Failed    bool // the last copy failed
	Machine   []Fact
	Exchange  *Exchange // nil before this PC joined
	Alone     bool      // has not joined, and is no centre
	CanJoin   bool
	Notices   []Notice
	Histories []string // what happened to the data as a whole: restored, copied
	Retention *Retention
}

// Verdict answers one question in one line, with what to do.
type Verdict struct {
	State             State
	Question, Answer  string
	Explanation, Todo string
}

// Place is one folder in which copies lie.
type Place struct {
	Title, Folder, When, Text string
	State                     State
}

// Retention is what the schedule deletes, and how far it has.
type Retention struct {
	Text    string
	Rules   []Fact // what, and after how long
	Done    []Fact
	CanSet  bool
	Backups string // what stays in copies, and until when
}
