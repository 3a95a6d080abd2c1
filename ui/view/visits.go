package view

import "time"

// VisitFields are what the register asks of one kind of visitor, at the kiosk, at the desk and in a correction.
// Template part "visit-fields".
type VisitFields struct {
	Kind    string // "member", "nameless", "guest" or "group"
	Person  Field
	Day     Field  // of a member without the card
	Month   Choice // the same
	Born    string // what is wrong with the two
	Sex     Choice
	Choices []Choice // age group, education, occupation, origin
	Texts   []Field  // origin in words; institution, phone
	Counts  []Field  // men, women
	Levels  []Field  // of a group: people by education
	Purpose Choice
	Stop    Choice // where a van stands
}

// Kiosk is the visitor's register at the door. Tab is "card", "nocard", "guest" or "group".
type Kiosk struct {
	Page
	Tab      string
	Greeting *Greeting // when set, shown above the field and cleared after a few seconds
	Number   Field
	Fields   VisitFields
}

// Return is after how many seconds the kiosk goes back to its empty field; 0 is never.
func (k *Kiosk) Return() int {
	switch {
	case k.Greeting == nil:
		return 0
	case k.Greeting.Seconds > 0:
		return k.Greeting.Seconds
	}
	return 5
}

// Greeting is what a visitor sees after signing the register; it names nobody in full.
type Greeting struct {
	Title, Text string
	Known       bool
	Visit       string // id of the line, to say what the visit is for
	Purposes    []Option
	Chosen      string
	Seconds     int // shown this long; 5 when zero
}

// KioskGuide tells an officer how to open the register at the door.
type KioskGuide struct {
	Page
	Address  string
	Commands []Fact // name of the browser, command
}

// Bar is one line of a quiet chart that is also its table. Template part "bars" takes Bars.
type Bar struct {
	Text          string
	Visits, Value int
	Fill          int // per cent of the longest
}

// Bars is a chart with its heading and the words over its columns.
type Bars struct {
	ID, Title string
	List      []Bar
}

// Tab is one of several views of a page.
type Tab struct {
	Link
	Current bool
}

// VisitDay is the register of one day.
type VisitDay struct {
	Page
	Day          time.Time
	Days         []Tab // the day before, today, the day after
	Pick         DateField
	Kinds, Stops []Tab
	Table        Table
	Lines        int
	People       int
	Charts       []Bars
	Open         int // lines without a name
	Print        string
	Stop         *Choice // a van: where it stands now
	StopField    Field
}

// VisitLine is one line of the register, with what may be done about it.
type VisitLine struct {
	Page
	Path     string
	Facts    []Fact
	Voided   bool
	Version  string
	Fields   VisitFields
	Reason   Field
	Edit     bool // the officer may correct
	Open     bool // awaits a name
	Query    Field
	Found    []Found
	Void     Confirm
	Register string // where to start a registration from it; empty when it is no guest's
	Member   string // the member's page
	Changes  []string
}

// Found is somebody a search found.
type Found struct{ ID, Name, Note string }

// VisitList is a list of lines: those without a name.
type VisitList struct {
	Page
	Table Table
}

// VisitEntry is the quick form for one line at the desk and in late entry. Template part "visit-entry".
type VisitEntry struct {
	CSRF   string
	Action string
	Hidden []Hidden
	Tabs   []Tab
	Number Field
	Fields VisitFields
	Found  []Found
	Chosen string // id of the one that is ticked
}

// VisitDesk records a visit at the desk.
type VisitDesk struct {
	Page
	Entry    VisitEntry
	Register string // to start a registration from the guest just recorded
}

// Late starts late entry: the day, the reason, and what was entered before.
type Late struct {
	Page
	Date   DateField
	Reason Choice
	Table  Table
}

// LateDay is late entry of one day.
type LateDay struct {
	Page
	Day       time.Time
	Why       string
	Entry     VisitEntry
	Table     Table
	Lines     int
	People    int
	Kinds     []Fact
	Registers bool // the officer may enter registrations of that day too
	ISO       string
	Reason    string
}
