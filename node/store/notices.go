package store

import (
	"context"
	"crypto/sha256"

	"simpul/sync/event"
)

// What a notice can be about. The detail is codes, counts and ids, never a name.
const (
	noticeForked   = "forked"   // events of this PC and of a copy of it parted; detail: how many moved
	noticeBehind   = "behind"   // the centre had records that this PC had lost, and gave them back; detail: how many
	noticeCopied   = "copied"   // this may be a copy of another PC's data
	noticeForeign  = "foreign"  // two PCs have the same data: this one has to join again
	noticeEpoch    = "epoch"    // the centre's data was put back from an older copy
	noticeRepaired = "repaired" // what was received differed from what the centre has, and is being repaired; detail: the partition
	noticeErased   = "erased"   // the centre erased somebody whose erasure was asked for here; detail: when, in ms
	noticeRefused  = "refused"  // decisions came that the centre had not signed; detail: how many

	// NoticeReopened: the centre gave the keys back when every password and the sheet were lost; detail: when, in ms.
	NoticeReopened = "reopened"
)

// Of the centre: what happened to a PC's data. The detail is the PC, and what tells
// this time from others.
const (
	noticePCForked = "pc-forked" // its events and those of a copy parted; and the stream that took the others
	noticePCCopied = "pc-copied" // another machine speaks for it; and the machine
)

// NoticeTwice is of the centre, too: cards in use of two people bear one number, which two
// copies of a PC have printed. The detail is both people.
const NoticeTwice = "number-twice"

// NoticePCReopened is of the centre, too: somebody had a PC's data opened again. The detail is the PC and the request.
const NoticePCReopened = "pc-reopened"

// Notice is something that a person has to be told.
type Notice struct {
	ID     event.ID
	At     int64 // ms
	Kind   string
	Detail string
	Seen   int64    // ms, 0 = not yet
	By     event.ID // who saw it
}

// notice tells a person something. The same again before it was seen is one
// notice; after that it is told anew.
func (tx *Tx) notice(kind, detail string) error {
	id := noticeID(kind, detail)
	tx.change(Notified{})
	return tx.exec(`INSERT INTO notices (id, at, kind, detail) VALUES (?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET at = excluded.at, seen = 0, officer = NULL`, id[:], tx.Now().UnixMilli(), kind, detail)
}

// noticeOnce tells a person something that goes on: once it was seen, it is not
// told again.
func (tx *Tx) noticeOnce(kind, detail string) error {
	sum := noticeID(kind, detail)
	var n int
	if err := tx.row("SELECT COUNT(*) FROM notices WHERE id = ?", sum[:]).Scan(&n); err != nil || n > 0 {
		return err
	}
	return tx.notice(kind, detail)
}

// Notice tells a person what a use case did.
func (tx *Tx) Notice(kind, detail string) error { return tx.notice(kind, detail) }

func noticeID(kind, detail string) (id event.ID) {
	sum := sha256.Sum256([]byte("simpul/notice\x00" + kind + "\x00" + detail))
	copy(id[:], sum[:])
	return id
}

// Notified is the change that the follower sees when there is a new notice.
type Notified struct{}

// Notices lists what is to be told, unseen ones first, the newest before others.
func (s *Store) Notices(ctx context.Context, limit int) (out []Notice, _ error) {
	rows, err := s.query(ctx, "SELECT id, at, kind, detail, seen, officer FROM notices ORDER BY CASE WHEN seen = 0 THEN 0 ELSE 1 END, at DESC LIMIT ?", limit)
	err = collect(rows, err, func(scan func(...any) error) error {
		var n Notice
		var id, by []byte
		err := scan(&id, &n.At, &n.Kind, &n.Detail, &n.Seen, &by)
		n.ID, n.By = toID(id), toID(by)
		out = append(out, n)
		return err
	})
	return out, err
}

// SeeNotice remembers that an officer has read a notice.
func (tx *Tx) SeeNotice(id, officer event.ID) error {
	return tx.exec("UPDATE notices SET seen = ?, officer = ? WHERE id = ? AND seen = 0", tx.Now().UnixMilli(), officer[:], id[:])
}
