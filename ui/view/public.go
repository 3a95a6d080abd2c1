package view

// PublicBegin is the page before the public form.
type PublicBegin struct {
	Page
	Lead   string
	Points []string // what to know first
	Closed Note     // why it cannot be filled in now
	Action string
	Button string
	Again  bool   // this browser has begun one: it may also begin afresh
	Sent   bool   // this browser has sent one
	Status string // path of the status page
}

// PublicEnd is the page after it was sent.
type PublicEnd struct {
	Page
	Reference string // in two groups, as it is read out
	Facts     []Fact
	Bring     []string
	Status    string
}

// PublicStatus is the page that says where a registration from home stands.
type PublicStatus struct {
	Page
	Action    string
	Reference Field
	Birth     DateField
	Says      Note // the answer; without a title there is none yet
	Facts     []Fact
	Bring     []string
}

// FromHome lists, at the centre, who registered from home.
type FromHome struct {
	Page
	Sub     string
	Action  string
	Branch  Choice
	All     bool // those that have ended too
	Table   Table
	Door    string // path that closes and opens the public form
	Open    bool
	Address string // where people at home find it; "" is nowhere
}

// FromHomeOne is one of them.
type FromHomeOne struct {
	Page
	Back   string
	Look   string // path of the registration
	Facts  []Fact
	Action string // sends it on to another branch; empty when it has ended
	Branch Choice
}
