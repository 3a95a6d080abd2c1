package node_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/nodetest"
	"simpul/node/office"
	"simpul/node/store"
	"simpul/sync/event"
)

// TestWhatAnOlderProgramSetAsideIsTakenUpAfterTheUpgrade: nobody has to press anything at the centre; it happens once the
// first officer has signed in.
func TestWhatAnOlderProgramSetAsideIsTakenUpAfterTheUpgrade(t *testing.T) {
	centre := nodetest.Start(t, nodetest.As(library.NodeCentre), nodetest.Listening())
	genteng := nodetest.Start(t)
	ctx := context.Background()
	letIn(t, centre, genteng, office.CodeInput{Name: "Genteng", Role: library.NodeBranch})
	if _, err := genteng.Desk.CheckIn(ctx, desk.Kiosk, nodetest.Op(t), desk.VisitInput{Kind: desk.VisitGuest, Name: "Tamu Rekaan", Sex: library.Female, Purpose: "baca"}); err != nil {
		t.Fatal(err)
	}
	send(t, genteng)
	caughtUp(t, centre)
	centre.Stop()
	db, err := sql.Open("sqlite", filepath.Join(centre.Dir, store.FileName))
	if err != nil {
		t.Fatal(err)
	}
	for _, query := range []string{ // as a program leaves it that does not know of visits
		"INSERT INTO quarantine (stream, seq, reason, since) SELECT e.stream, e.seq, 'unknown', 1 FROM events e JOIN foreign_streams f ON f.id = e.stream WHERE e.type = 20",
		"DELETE FROM visits",
	} {
		if _, err := db.ExecContext(ctx, query); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}

	centre = nodetest.Start(t, nodetest.WithDir(centre.Dir), nodetest.Listening())
	if list, err := centre.Store.Quarantine(ctx, event.ID{}, 10); err != nil || len(list) != 1 {
		t.Fatalf("set aside: %+v, %v", list, err)
	}
	centre.SignedIn(t)
	for until := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		list, err := centre.Store.Quarantine(ctx, event.ID{}, 10)
		if err != nil {
			t.Fatal(err)
		}
		if len(list) == 0 {
			break
		}
		if time.Now().After(until) {
			t.Fatalf("still set aside: %+v", list)
		}
	}
	if sums, err := centre.Store.CountVisits(ctx, 0, 1<<40); err != nil || len(sums) != 1 || sums[0].Visits != 1 {
		t.Errorf("%+v, %v", sums, err)
	}
}
