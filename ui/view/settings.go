package view

// Settings is one page of the settings, with the list of all beside it.
type Settings struct {
	Page
	Side    []NavItem
	Action  string
	Text    string
	Parts   []SettingPart
	Save    string   // on the button; none when there is nothing to save
	KeyFile *KeyFile // on the page of backups
	Network *Network // on the page of the network
}

// SettingPart is one line of a page: a heading, or one control.
type SettingPart struct {
	Heading, Text string
	Field         *Field
	Radios        *Choice
	Check         *Check
	Row           []Field // short fields beside each other
}

// KeyFile says whether this node may start without a person.
type KeyFile struct {
	Has  bool
	Path Field
}
