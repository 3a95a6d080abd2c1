package view

// Trial leads to a node with made-up people; Address is empty until it was started.
type Trial struct {
	Page
	Address, Login, Password string
}
