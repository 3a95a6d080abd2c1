package view

// Report is the number of memberships: figures of a period, with charts, to print and to take along.
type Report struct {
	Page
	Period       string // "November 2026"
	Pick         Choice
	Before       Link
	After        Link // without a path when that lies ahead
	Figures      []Figure
	Tables       []ReportTable
	Empty        Empty
	HasNone      bool
	Download     string
	PrintAction  string
	Signers      []Check
	PeriodHidden Hidden
}

// Figure is one number that is read first.
type Figure struct {
	Text, Value, Note string
	Strong            bool
}

// ReportTable is one part of a report: a chart of its largest lines, the table beneath.
type ReportTable struct {
	ID, Title, Note string
	Chart           []ReportBar // none: the table is shown at once
	Table           Table
}

// ReportBar is one bar of a chart.
type ReportBar struct {
	Text, Value string
	Fill        int // per cent of the longest
}
