package view

// CloseVault asks whether everything is to be locked.
type CloseVault struct{ Page }

// Forgotten asks for the words of the recovery sheet and a new password.
type Forgotten struct {
	Page
	Login    Choice
	Words    Field
	Password Field
}
