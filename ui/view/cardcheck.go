package view

// CardCheck asks for a card and says what was found out about it.
type CardCheck struct {
	Page
	Code   Field
	Answer *CardAnswer // nil before a card was shown
	List   string      // how old the trust list is
	Old    bool        // old enough for a warning
}

// CardAnswer is the answer about one card: in words, and what to do.
type CardAnswer struct {
	State   State // OK, Warn or Bad; its colour never stands alone
	Title   string
	Text    string // what to do
	Clock   string // the PC's clock is wrong: what that means here
	Member  string // path; empty when the member is not known here, or not for this officer
	Visit   string // path
	Renew   string // path
	Person  bool   // there is a record: show its photo, or that there is none
	Photo   Photo
	FactsOf string // where the facts come from, when nothing proves them
	Facts   []Fact
}
