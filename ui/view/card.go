package view

import "time"

// PhotoStep is the photo of step 5, and the page of a member's photo after the card was issued.
type PhotoStep struct {
	Registration      // for a member only the name, the version and where the photo is sent
	Member       bool // the card is out already: a new photo is followed by a new print
	Photo        Photo
	State        string // "", attached, declined, deferred
	Refused      bool   // no consent to a photo
	Picker       PhotoPicker
	Later        string // path of "Foto menyusul"; empty hides it
	Without      string // path of "Tanpa foto"; empty hides it
	Phone        string // path of "Dari telepon"; empty hides it
	Issue        string // path of "Terbitkan kartu"; empty while there is no answer about the photo
	Reprint      *PrintForm
	Back         Link
}

// PhotoPicker chooses a picture and its frame: webcam or file. Template part "photo-picker".
type PhotoPicker struct {
	Error string
	Frame Choice // for browsers without JavaScript: which part of the picture
	Focus bool

	Source, Alt string // path of a picture that is here already, in place of a file to choose
}

// PrintForm is how cards are printed: on which printer, in which form, from which place of a sheet. Template parts
// "print-ways" (inside the form of a list) and "print-one" (a button for one card; its ways are folded away).
type PrintForm struct {
	CSRF, Action, Member string
	Ways, Start          Choice
	Now                  string // the way of now, in words
	Text, Key            string // of the button; Key is a letter for Alt, or ""
	Main                 bool
}

// CardShown is the card after it was issued: to look at, print and download.
type CardShown struct {
	Registration
	Number  string // in groups
	Picture string // path of the SVG
	Image   string // path of the PNG
	Print   PrintForm
	Onward  string // path of the handing over
	Phone   string // path of "Ke telepon"
	Facts   []Fact
}

// HandOver is step 6: to whom and how.
type HandOver struct {
	Registration
	Picture  string
	Image    string
	Print    PrintForm
	WhatsApp string // wa.me link with the text; empty without a mobile number
	Phone    string // path of "Ke telepon"
	To       Choice
	Receiver Field
	How      Choice
	Done     *HandedOver
}

// HandedOver is the summary when the six steps are done.
type HandedOver struct {
	Facts    []Fact
	Total    time.Duration // 0 when it was not timed
	Standard time.Duration
	Sibling  string // path of "Tambah saudara"
}

// Within reports whether the whole registration kept the standard of the SOP.
func (h HandedOver) Within() bool { return h.Total <= h.Standard }

// Cards is the page of batches: cards to print, to hand over, and photos that are still to come.
type Cards struct {
	Page
	Tabs      []NavItem
	Photos    bool   // the list of photos to come
	List      string // key of the tab
	Day       Field
	Class     Choice
	Stop      Choice
	Rows      []CardRow
	Next      string // cursor of the next page
	Trail     []string
	Seen      int
	Many      bool     // there is more than this page
	Most      int      // that are printed at once
	Elsewhere []string // members chosen on other pages
	Empty     Empty
	Print     PrintForm
	How       Choice
	Stops     []Fact
	Heading   string // printed on the list of receipt
	Missing   []PhotoRow
}

// Prints is the list of what was printed.
type Prints struct {
	Page
	Tabs  []NavItem
	Table Table
	Save  string // path of the file
}

// CardRow is one card in a list, ticked to be printed or handed over.
type CardRow struct {
	ID, Name, Number string
	Issued           time.Time
	Printed, Handed  bool
	Stop             string
	Ticked           bool
}

// PhotoRow is somebody whose photo is still to come, with a place to put it.
type PhotoRow struct {
	ID, Name, Note, Version string
	Error                   string
}
