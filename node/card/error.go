package card

// Error says what on a card or paper cannot be printed. It names no member.
type Error struct {
	// Key of the sentence for the officer: card.number_missing, card.number_unprintable,
	// card.number_too_long, card.qr_too_long, card.photo_unreadable, card.emblem_unreadable,
	// card.none, card.too_many, card.start_position, card.offset.
	Key string
	// Err is what lies beneath, or nil.
	Err error
}

func (e *Error) Error() string {
	if e.Err != nil {
		return e.Key + ": " + e.Err.Error()
	}
	return e.Key
}

func (e *Error) Unwrap() error { return e.Err }

func bad(key string, err error) error { return &Error{Key: key, Err: err} }
