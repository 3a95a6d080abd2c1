package view

import "html/template"

// Settings is one page of the settings, with the list of all beside it.
type Settings struct {
	Page
	Side    []NavItem
	Action  string
	Text    string
	Parts   []SettingPart
	Save    string    // on the button; none when there is nothing to save
	KeyFile *KeyFile  // on the page of backups
	Network *Network  // on the page of the network
	Look    *CardLook // on the page of the card
}

// CardLook is how the card would look by what stands in the form, and the emblem in it. Template block "card-look".
type CardLook struct {
	Front, Back   template.URL // pictures
	Problems      []string     // of the colours
	Emblem        template.URL // empty: none
	Data          string       // the emblem as the form carries it on
	EmblemProblem string
}

// PrinterLine is one printer, or the line for one more.
type PrinterLine struct {
	Key       string
	New, Gone bool
	Name      Field
	Kind      Choice
	X, Y      Field
}

// SettingPart is one line of a page: a heading, or one control.
type SettingPart struct {
	Heading, Text string
	Field         *Field
	Radios        *Choice
	Check         *Check
	Row           []Field // short fields beside each other
	Printer       *PrinterLine
}

// KeyFile says whether this node may start without a person.
type KeyFile struct {
	Has  bool
	Path Field
}
