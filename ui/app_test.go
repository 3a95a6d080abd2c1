package ui

import (
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"os"
	"testing"
	"time"

	"simpul/node/library"
	"simpul/ui/view"
)

// fixedSessions answers for the tokens it holds.
type fixedSessions map[string]Session

func (f fixedSessions) Session(_ context.Context, token string, _ bool) (Session, error) {
	session, known := f[token]
	if !known {
		return Session{}, library.E(library.KindUnauthenticated, "error.unauthenticated")
	}
	return session, nil
}

// testConfig is a node of a branch at a fixed moment. Tokens: one per role, named like it, and "locked" and "paired".
func testConfig() Config {
	sessions := fixedSessions{
		"locked": {Officer: library.ID{9}, Name: "Siti R.", Role: library.RoleOfficer, Locked: true},
		"paired": {Kiosk: true},
	}
	for i, role := range library.Roles() {
		sessions[string(role)] = Session{Officer: library.ID{byte(i + 1)}, Name: "Siti R.", Role: role}
	}
	at := time.Date(2026, 11, 23, 14, 2, 0, 0, library.WIB())
	return Config{
		Files:    os.DirFS("."),
		Log:      slog.New(slog.NewTextHandler(io.Discard, nil)),
		Now:      func() time.Time { return at },
		Random:   rand.Reader,
		Sessions: sessions,
		Frame: func(context.Context) Frame {
			return Frame{Place: "Perpustakaan Genteng", Badge: func(lang string) view.Badge {
				if lang == "en" {
					return view.Badge{Text: "12 records waiting · last sent 14:02", State: view.Warn}
				}
				return view.Badge{Text: "12 catatan menunggu · terakhir terkirim 14.02", State: view.Warn}
			}}
		},
	}
}

func newTestServer(t *testing.T, change ...func(*Config)) *server {
	t.Helper()
	cfg := testConfig()
	for _, f := range change {
		f(&cfg)
	}
	s, err := newServer(cfg)
	if err != nil {
		t.Fatalf("build the app: %v", err)
	}
	return s
}
