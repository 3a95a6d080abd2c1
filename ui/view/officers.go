package view

// Officers lists who works here.
type Officers struct {
	Page
	Add   bool // may add and change them, and make another recovery sheet
	Sheet string
	Table Table
}

// NewOfficer adds a colleague.
type NewOfficer struct {
	Page
	Name, Login, Password Field
	Role                  Choice
}

// EditOfficer changes a colleague, or ends the work here.
type EditOfficer struct {
	Page
	ID, Who, Login string
	Name           Field
	Role           Choice
	Active         Check
	Left           bool
}

// Password sets one: one's own (with the old one) or a colleague's.
type Password struct {
	Page
	Action, Who, Text, Back string
	Old, New                Field // Old has no name for a colleague's
}

// NewSheet makes another recovery sheet count.
type NewSheet struct {
	Page
	State    string // the sealed words
	Words    []string
	Print    string
	Save     string
	Word     Field
	Password Field  // of the officer who does it
	Kit      string // at a centre: what becomes of its recovery kit
}
