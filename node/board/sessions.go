package board

// Session is one signed-in browser. The cookie's token is not here, only its hash.
// Times are Unix milliseconds.
type Session struct {
	Hash    [32]byte // SHA-256 of the token
	Officer [16]byte
	Name    string
	Login   string
	Role    string
	CSRF    string
	Created int64
	Seen    int64
	Locked  bool // the officer's screen, not the vault
	Lang    string
	Theme   string
	Kiosk   bool
}

// PutSession adds or replaces a session.
func (w *Writer) PutSession(s Session) error { return put(w, Sessions, s.Hash[:], s) }

// RemoveSession ends one session.
func (w *Writer) RemoveSession(hash [32]byte) error { return remove(w, Sessions, hash[:]) }

// RemoveSessionsOf ends every session of an officer: removed, or a new password.
func (w *Writer) RemoveSessionsOf(officer [16]byte) error {
	_, err := w.txn.DeleteAll(string(Sessions), officerIndex, officer[:])
	return err
}

// Session reads the session of a token's hash.
func (b *Board) Session(hash [32]byte) (s Session, found bool, watch <-chan struct{}) {
	return one[Session](b.db.Txn(false), Sessions, hash[:])
}

// SessionsOf lists the sessions of an officer, in no particular order.
func (b *Board) SessionsOf(officer [16]byte) (sessions []Session, watch <-chan struct{}) {
	return each[Session](b.db.Txn(false), Sessions, officerIndex, officer[:])
}
