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
	WiFi  *WiFiCode // to be scanned before the code of the door
	Rule  string    // the command that opens Windows' firewall
	Guide []Guide
	TLS   TLS
}

// TLS says what of the library's own certificate there is.
type TLS struct {
	State State
	Text  string
	Hint  string
	URL   string // where officers come in by https; "" for nowhere
	Facts []Fact

	Given   string           // that flags decide, when they do
	Choose  *CertificateForm // nil when flags decide
	Replace bool             // there is one already
	Drop    *Confirm
}

// CertificateForm chooses a certificate of one's own.
type CertificateForm struct {
	Open                       bool // it came back with problems
	Certificate, Key, Password Field
}

// Certificate is the page that shows what is in the chosen files, before they are used.
type Certificate struct {
	Page
	Mark     string
	Facts    []Fact
	Warnings []Note // what browsers will not like, and what to do
	Action   string
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

// Watch is the line on the officer's screen that follows a phone and asks again by itself.
type Watch struct {
	Ask   string // path, with what is shown now
	State State
	Text  string
}

// ScanCode is a code on the officer's screen for a visitor's phone.
type ScanCode struct {
	Image, Alt string
	Text       string
	Until      string
	WiFi       *WiFiCode // to be scanned before it
}

// WiFiCode brings a phone onto the library's Wi-Fi.
type WiFiCode struct {
	Image, Alt string
	Name       string
}

// PhonePhoto is step 5 while the photo comes from the visitor's phone: the code, then the picture to crop.
type PhonePhoto struct {
	PhotoStep
	Make   string    // path that makes a code, in place of the one shown
	Code   *ScanCode // to be scanned; nil when there is none to show
	Watch  Watch
	Again  string // path of "Minta foto lain"; set once a picture is here
	Closed *Note  // why no phone can come in
}

// CardToPhone is the officer's page while the card goes to the visitor's phone: the code, then whom it was given to.
type CardToPhone struct {
	Registration
	Member   bool // reached from a member's page: no step is being done
	Make     string
	Code     *ScanCode // to be scanned; nil when there is none to show
	Watch    Watch
	Closed   *Note
	Hand     string // path that records the handing over; set once a phone has opened the card
	To       Choice
	Receiver Field
	Back     Link
}

// PhoneCard is the page on the visitor's phone with the card to keep.
type PhoneCard struct {
	Page
	Picture string // path
	Save    string // path that has the browser save it
	Number  string // in groups
	Until   string
	Ends    string
	Web     string // permanent address of the card; empty without one
}

// SendPhoto is the page on the visitor's phone that takes and sends a photo.
type SendPhoto struct {
	Page
	Action  string
	Error   string
	Arrived bool
	Plain   string
}

// FormCode is the officer's page with the code of a form on the visitor's phone.
type FormCode struct {
	Page
	Make      string
	Code      *ScanCode // to be scanned; nil when there is none to show
	Watch     Watch
	Closed    *Note
	Reference string // of the form that has come
	Go        Link   // to its registration
}
