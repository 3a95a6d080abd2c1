package node

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"sync"
	"time"

	"simpul/node/desk"
	"simpul/ui"
)

// sessions lets the screens ask the desk who sits before a browser.
type sessions struct{ desk *desk.Desk }

func (s sessions) Session(_ context.Context, token string, active bool) (ui.Session, error) {
	x, err := s.desk.Session(token, active)
	if err != nil {
		return ui.Session{}, err
	}
	return ui.Session{Officer: x.Officer, Name: x.Name, Login: x.Login, Role: x.Role, Locked: x.Locked}, nil
}

// inviteLife is how long the link of the first run may be used.
const inviteLife = 30 * time.Minute

// invitation is the one-time link that opens the set-up page: 128 random bits,
// on this PC only, until the node is set up or half an hour has passed.
type invitation struct {
	mu   sync.Mutex
	hash [32]byte
	made time.Time
}

// Invite makes the link's last part; the link before stops working.
func (n *Node) Invite() string { return n.invite.renew() }

// renew makes a new link; the one before stops working.
func (i *invitation) renew() string {
	raw := make([]byte, 16)
	if _, err := rand.Read(raw); err != nil {
		panic(err) // crypto/rand does not fail
	}
	token := base64.RawURLEncoding.EncodeToString(raw)
	i.mu.Lock()
	defer i.mu.Unlock()
	i.hash, i.made = sha256.Sum256([]byte(token)), time.Now()
	return token
}

// accepts reports whether a token is that of the present link.
func (i *invitation) accepts(token string) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	sum := sha256.Sum256([]byte(token))
	return !i.made.IsZero() && time.Since(i.made) < inviteLife && subtle.ConstantTimeCompare(sum[:], i.hash[:]) == 1
}
