// Package view holds one plain struct per page and per reusable part of a page: what a template may read, and nothing else.
//
// Strings that people read are already in the reader's language, because package ui translates while it fills a view.
// This package imports the standard library only and must not know where the data comes from: no queries, no HTTP, no
// clock. Times arrive as time.Time or time.Duration and are written out by the template functions of package ui.
package view

// Page is the frame that every page stands in. Embed it in the view of a page; package ui fills it before rendering.
type Page struct {
	Title    string // the h1 and the window title, in the reader's language
	Lang     string // "id" or "en"
	Theme    string // "auto", "light" or "dark"
	CSRF     string // token of the session; empty before sign-in
	Path     string // path of this page without query, for the language switch
	Place    string // name of this library, "Perpustakaan Genteng"
	Centre   bool   // true on the node of the central office
	Officer  Officer
	Nav      []NavItem
	Badge    Badge
	Banners  []Banner
	Flash    string // one sentence about what has just been done; read aloud
	Demo     bool   // true when the data are made up
	Problems Problems
}

// Base returns the frame, so that package ui can fill it in any page's view.
func (p *Page) Base() *Page { return p }

// Framed is any view that embeds Page.
type Framed interface{ Base() *Page }

// Officer is who is signed in; the zero value is nobody.
type Officer struct {
	Name string // as shown in the bar, "Siti R."
	Role string // in the reader's language

	Settings bool // may change the settings
	Vault    bool // may close the vault
}

// NavItem is one place in the top bar.
type NavItem struct {
	Path    string
	Text    string
	Current bool
	Count   int // shown beside the text when above zero: things that wait for a decision
}

// Badge says where the data stands; it is on every page of an officer.
type Badge struct {
	Text  string // "12 catatan menunggu · terakhir terkirim 14.02"
	State State
	Path  string // where it leads; the page of the data when empty
}

// Banner is a sentence above the page that stays until its cause is gone: a wrong clock, a full disk, made-up data.
type Banner struct {
	State State
	Text  string
	Link  Link // optional: where to mend it
}

// Link is a place to go, with its words.
type Link struct{ Path, Text string }

// State is a colour with a meaning. It always stands beside words, never alone.
type State string

// The states, from calm to alarming.
const (
	Quiet State = "quiet"
	Info  State = "info"
	OK    State = "ok"
	Now   State = "now" // the step or row being worked on
	Warn  State = "warn"
	Bad   State = "bad"
)
