package view

// Classes lists the classes, open ones first.
type Classes struct {
	Page
	Rows  []ClassRow
	Empty Empty
}

// ClassRow is one class in the list.
type ClassRow struct {
	Path, School, Name, Stop string
	Day                      string
	Closed                   bool
}

// ClassNew opens a class: what all children share is given once.
type ClassNew struct {
	Page
	School, Name, Stop, Day Field
	Document, Kind          Choice
	Address, Village        Field
	District                Choice
}

// ClassHead stands above every page of a class. Template part "class-head".
type ClassHead struct {
	Page
	ID, School, Name, Day string
	Root                  string // path of the class
	Closed                bool
	Tabs                  []NavItem
	Tally                 []Tally
	Poll                  string // where the numbers come from again; empty does not ask
}

// Tally is one number of a class: how many of its children are past a point.
type Tally struct {
	Text  string
	Count int
}

// ClassNames is the first page of a class: the children that are there, and more to add.
type ClassNames struct {
	ClassHead
	Rows  []ChildRow
	List  Field // names typed or pasted
	Empty Empty
}

// ChildRow is one child in the lists of a class.
type ChildRow struct {
	ID, Name, Sex, Birth, NIK string
	Path                      string
	Version                   string
	States                    []Cell
	Taken                     string // "Bagus R. sedang membukanya"
	Problem                   string
	Ticked, Done, Waiting     bool
	Guardian                  string // its name as typed
	Relation                  string
	Alike                     string // path of a possible duplicate
}

// ClassCheck is the preview of pasted lines, each to be corrected in place.
type ClassCheck struct {
	ClassHead
	Rows []LineRow
}

// LineRow is one pasted line. N counts from 1; the fields are called name_1, sex_1 …
type LineRow struct {
	N                                       int
	Name, Sex, Birth, NIK, Place, Guardian  string
	Phone, Address, Relation                string
	Problems                                []string
	Warning                                 bool // all of them may be confirmed
	Confirmed                               bool
	NameBad, SexBad, BirthBad, NIKBad, Rest bool
}

// ClassChild is one child to complete or correct.
type ClassChild struct {
	ClassHead
	Child   string
	Action  string
	Version string
	Fields  []Field
	Sex     Choice
	Confirm Check
	Issued  bool
}

// ClassSheets is the page of the signed consent sheets.
type ClassSheets struct {
	ClassHead
	Rows      []ChildRow
	Relations []Option
}

// ClassVerify is the page on which each child is compared with the document.
type ClassVerify struct {
	ClassHead
	Document string
	Rows     []ChildRow
}

// ClassPhoto is the photo of one child, and the way to the next.
type ClassPhoto struct {
	ClassHead
	Child   string
	Place   string // "12 dari 60"
	Version string
	Action  string
	Photo   Photo
	State   string
	Refused bool
	Taken   string
	Picker  PhotoPicker
	Skip    string
}

// ClassCards is the page on which the cards of a class are issued.
type ClassCards struct {
	ClassHead
	Ready    int
	NoPhoto  int // verified, with consent, without photo
	Waiting  []ChildRow
	Failed   []ChildRow
	Printing string
	Handing  string
}
