package view

// CloseVault asks whether everything is to be locked.
type CloseVault struct{ Page }

// Forgotten asks for the words of the recovery sheet and a new password.
type Forgotten struct {
	Page
	Login    Choice
	Words    Field
	Password Field
	Reopen   string // path where the centre is asked; empty: there is none to ask
}

// Reopen has the centre open this PC again: how to ask, the request that waits, or, with State, the answer that has come.
type Reopen struct {
	Page
	Ask         string   // path that writes a request
	Centre      string   // its name
	Check       []string // groups; empty: there is no request
	Facts       []Fact
	Save        string // path of the request
	Take        string // path that takes the answer
	FileProblem string

	State    string // sealed
	Sheet    string // path that prints the new sheet
	Open     string // path that opens
	Words    []string
	Login    Choice
	Password Field
	Word     Field
}
