package view

// Officers lists who works here.
type Officers struct {
	Page
	Add   bool // may add and change them
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
