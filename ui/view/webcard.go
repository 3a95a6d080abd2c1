package view

// WebCard is the page of a card at the centre: what its member shows, and what a phone keeps.
type WebCard struct {
	Page
	Path     string // of the card, with its token
	Manifest string
	Version  string // changes with what the page shows
	State    State
	Word     string // "Berlaku"
	Text     string // what to do; empty while the card is in force
	QR       string // path; empty when the card is not to be scanned
	Picture  string
	Save     string // path of the picture to keep
	Number   string // in groups
	Until    string
	Last     string // the last day that it is valid, as a browser reads it; empty when that no longer matters
	Checked  string // date and time
}
