package view

// Setup is one page of the first run.
type Setup struct {
	Page
	State    string // what was answered so far, sealed; empty when there is nothing to answer
	Step, Of int
	Name     string // which page
	Text     []string
	Choice   Choice
	Fields   []Field
	Words    []string // of the recovery sheet
	Button   string
	Back     bool
}

// Ready follows the first run: what can be done now.
type Ready struct {
	Page
	Manager bool // may add colleagues
	Join    bool // may join a centre
	LAN     bool
}
