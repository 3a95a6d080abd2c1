package view

// PhoneNote is a page on a visitor's phone that says one thing.
type PhoneNote struct {
	Page
	State State
	Text  string
	More  []string
	Link  Link
}

// Network says on the settings page where phones can come in, and helps to bring the first one there.
type Network struct {
	Door  Door
	Rule  string // the command that opens Windows' firewall
	Guide []Guide
}

// Door is the part of that page that asks again by itself.
type Door struct {
	Ask   string // path that draws it anew, with what it shows now
	State State
	Text  string // "Terbuka di http://…"
	URL   string // for trying, without http://; "" while the door is closed
	Code  string // path of the code that leads there
	Alt   string
	Seen  string // when a phone came
}

// Guide is help that is folded away: what to do when it does not work.
type Guide struct {
	Title string
	Steps []string
}
