package view

// Camera is the officer's page of the phone that is paired as a camera: the code before, what it sends after.
type Camera struct {
	Page
	Make   string
	Class  Choice    // what it photographs: the queue, or a class
	Code   *ScanCode // to be scanned; nil when there is none to show
	Closed *Note     // why no phone can come in
	Paired bool
	Moved  *Note // the PC has another address than the one the phone was paired at
	Live   CameraLive
}

// CameraLive is the part of that page that asks again by itself.
type CameraLive struct {
	Watch
	Facts []Fact // of the paired phone
	Shots []CameraShot
	Empty Empty
}

// CameraShot is one picture that came, with whose it is.
type CameraShot struct {
	ID    string
	Name  string
	Photo Photo
	State State
	Text  string // "10.42", or what is to be done with it
	Cut   Link   // to the page that cuts it anew; none when its original is not kept
}

// ShotCut is the page on which the officer cuts a picture anew, or chooses between it and the photo that is there.
type ShotCut struct {
	Page
	Name    string
	Version string
	Action  string
	Drop    string // path that keeps the photo that is there; "" when there is no choice
	Photo   Photo  // the one in use
	Picker  PhotoPicker
}

// PhoneCamera is the page on the officer's phone.
type PhoneCamera struct {
	Page
	Action  string
	Officer string
	Check   string
	Class   Choice
	ID      string // of whose turn it is; "" when nobody waits
	Name    string
	Left    int // how many wait, this one included
	Skip    string
	Error   string
	Plain   string
}
