package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"simpul/node/card"
	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/event"
	"simpul/sync/merge"
)

// WebCardPath is where the page of a card lies under the centre's public address; its token follows.
const WebCardPath = "/k/"

// WebCardURL is the permanent private address of the card that a member uses: whoever
// has it may see the card, and it holds neither name nor number. A branch knows it at
// once; the page says so until the record has arrived at the centre. "" when the
// centre has no public address, or the member's full record is not here.
func (d *Desk) WebCardURL(ctx context.Context, who Actor, id library.ID) (string, error) {
	if err := who.may(library.ReadMember); err != nil {
		return "", err
	}
	p, err := d.Store.Person(ctx, event.ID(id))
	if err != nil {
		return "", told(err)
	}
	return d.webCardURL(ctx, p)
}

func (d *Desk) webCardURL(ctx context.Context, p *merge.Person) (string, error) {
	base, c := d.Settings().PublicURL, p.Card()
	if base == "" || c == nil {
		return "", nil
	}
	token, err := d.Store.CardToken(ctx, p.ID, c.ID)
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", told(err)
	}
	return base + WebCardPath + token, nil
}

// WebCardState is what the page of a card says of it.
type WebCardState string

// The states. Of a card that was replaced, or whose member was erased, nothing else is shown.
const (
	WebCardValid    WebCardState = "valid"
	WebCardExpired  WebCardState = "expired"
	WebCardBlocked  WebCardState = "blocked"
	WebCardReplaced WebCardState = "replaced"
	WebCardEnded    WebCardState = "ended"
)

// Over reports whether the link shows no card any more, and never will.
func (s WebCardState) Over() bool { return s == WebCardReplaced || s == WebCardEnded }

// WebCard is a card as its page at the centre shows it.
type WebCard struct {
	State   WebCardState
	Number  library.MemberNumber
	Until   library.Date
	Version string // changes with everything that the page shows
	face    card.Face
}

// WebCard finds the card of a link's token, at the centre. KindNotFound for a token of
// no card, and before the card's record has arrived; KindUnavailable while the vault
// is closed.
func (d *Desk) WebCard(ctx context.Context, token string, w Words) (WebCard, error) {
	if d.Settings().Role != library.NodeCentre {
		return WebCard{}, library.E(library.KindNotFound, "error.not_found")
	}
	if !d.Open() {
		return WebCard{}, library.E(library.KindUnavailable, "error.webcard_closed").Hinted("error.webcard_closed.hint")
	}
	id, person, err := d.Store.LinkedCard(ctx, token)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return WebCard{}, library.E(library.KindNotFound, "error.webcard_unknown").Hinted("error.webcard_unknown.hint")
	case err != nil:
		return WebCard{}, told(err)
	case person.IsZero() || d.Store.IsErased(person):
		return WebCard{State: WebCardEnded}, nil
	}
	p, err := d.Store.Person(ctx, person)
	if err != nil {
		return WebCard{}, told(err)
	}
	if current := p.Card(); current == nil || current.ID != id {
		return WebCard{State: WebCardReplaced}, nil
	}
	return d.webCard(ctx, p, w)
}

func (d *Desk) webCard(ctx context.Context, p *merge.Person, w Words) (WebCard, error) {
	c := p.Card()
	if p.Photo.Value.State == merge.PhotoAttached {
		if _, err := d.photoOf(p, false); err != nil { // it is still on its way from the branch
			p = p.Clone()
			p.Photo = merge.Register[merge.Photo]{}
		}
	}
	f, err := d.face(ctx, p, c, w)
	if err != nil {
		return WebCard{}, told(err)
	}
	home, err := d.Store.HomeName(ctx, p.ID)
	if err != nil {
		return WebCard{}, told(err)
	}
	until := p.Term.Value.Until
	if home != "" {
		f.Branch = home
		if f.QR, err = d.signedFor(ctx, p, c, until, home); err != nil {
			return WebCard{}, told(err)
		}
	}
	out := WebCard{State: WebCardValid, Number: library.MemberNumber(c.Number), Until: library.DateFromDays(int(until)), face: f}
	switch {
	case c.Blocked() || d.Store.Barred(c.ID):
		out.State = WebCardBlocked
	case until < int64(d.Today().Days()):
		out.State = WebCardExpired
	}
	all, err := json.Marshal(struct {
		State WebCardState
		Face  card.Face
	}{out.State, f})
	if err != nil {
		return WebCard{}, fmt.Errorf("desk: web card: %w", err)
	}
	sum := sha256.Sum256(all)
	out.Version = hex.EncodeToString(sum[:8])
	return out, nil
}

// Picture draws the front: SVG for the page, else PNG to keep.
func (c WebCard) Picture(svg bool) ([]byte, error) {
	if svg {
		return card.SVG(c.face)
	}
	return card.PNG(c.face)
}

// QR draws the card's code alone, as large as a phone shows it to the kiosk's scanner.
func (c WebCard) QR(title string) ([]byte, error) {
	content := string(c.face.QR)
	if content == "" {
		content = c.face.NumberRaw
	}
	return CodeToScan(content, title)
}
