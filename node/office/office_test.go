package office_test

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/nodetest"
	"simpul/node/office"
	"simpul/node/vault"
	"simpul/sync/join"
	"simpul/sync/wire"
)

// centre starts a centre with a clock that the test sets.
func centre(t *testing.T) (*nodetest.Node, *nodetest.Clock) {
	t.Helper()
	clock := nodetest.NewClock(time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC))
	n := nodetest.Start(t, nodetest.As(library.NodeCentre), nodetest.WithClock(clock.Now))
	return n, clock
}

func newCode(t *testing.T, n *nodetest.Node, in office.CodeInput) office.Invitation {
	t.Helper()
	code, err := n.Office.NewCode(context.Background(), n.Officer, nodetest.Op(t), in)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// asker is a PC that wants in, without a program behind it.
type asker struct {
	key  ed25519.PrivateKey
	ask  *wire.JoinAsk
	code join.Code
}

func newAsker(t *testing.T, text string, nnn uint16) asker {
	t.Helper()
	code, err := join.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	id := nodetest.Op(t)
	key := ed25519.NewKeyFromSeed(append(id[:], id[:]...))
	public := key.Public().(ed25519.PublicKey)
	return asker{key, &wire.JoinAsk{Token: code.Token.Name(), Proof: code.Token.Proof(public), Key: public, Seal: "age1x", Role: "branch", Name: "Genteng", Code: nnn}, code}
}

func isKey(err error, key string) bool {
	var own *library.Error
	return errors.As(err, &own) && own.Key == key
}

func TestAPCIsLetIn(t *testing.T) {
	n, _ := centre(t)
	ctx := context.Background()
	code := newCode(t, n, office.CodeInput{Name: "Perpustakaan Genteng", Role: library.NodeBranch})
	pc := newAsker(t, code.Text, 31)
	answer, err := n.Office.Join(ctx, pc.ask)
	if err != nil || answer.State != wire.JoinWaiting || len(answer.TagKey) != 0 || !answer.Node.IsZero() {
		t.Fatalf("before the approval: %+v, %v", answer, err)
	}
	keys, err := n.Office.Keys(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if want := pc.code.Token.Check(pc.ask.Key, keys.Fingerprint()); answer.Check != want {
		t.Errorf("check code %s, the PC shows %s", answer.Check, want)
	}
	asking, err := n.Office.Pending(ctx, n.Officer)
	if err != nil || len(asking) != 1 || asking[0].Check != answer.Check || asking[0].Code != 31 || asking[0].Label != "Perpustakaan Genteng" {
		t.Fatalf("%+v, %v", asking, err)
	}
	op := nodetest.Op(t)
	done, err := n.Office.Approve(ctx, n.Officer, op, asking[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := n.Office.Approve(ctx, n.Officer, op, asking[0].ID); err != nil || !again.Repeated || again.ID != done.ID {
		t.Errorf("a second press: %+v, %v", again, err)
	}
	answer, err = n.Office.Join(ctx, pc.ask)
	if err != nil || answer.State != wire.JoinApproved || library.ID(answer.Node) != done.ID || len(answer.TagKey) != 32 || len(answer.Recovery) != 32 ||
		answer.Epoch.IsZero() || len(answer.Rulings) != 2 {
		t.Fatalf("after the approval: %+v, %v", answer, err)
	}
	nodes, err := n.Office.Nodes(ctx, n.Officer)
	if err != nil || len(nodes) != 1 || nodes[0].Code != 31 || nodes[0].Revoked() || nodes[0].Name != "Perpustakaan Genteng" || nodes[0].Enrolled.IsZero() {
		t.Fatalf("%+v, %v", nodes, err)
	}

	// Its name is taken, or the replacement would be another branch of that name and get no records.
	if _, err := n.Office.NewCode(ctx, n.Officer, nodetest.Op(t), office.CodeInput{Name: "perpustakaan  Genteng", Role: library.NodeBranch}); library.KindOf(err) != library.KindInvalid {
		t.Errorf("a second branch of one name: %v", err)
	}
	// Two PCs of a new branch, with a code each.
	if one, two := newCode(t, n, office.CodeInput{Name: "Perpustakaan Kalibaru", Role: library.NodeBranch}), newCode(t, n, office.CodeInput{Name: "Perpustakaan Kalibaru", Role: library.NodeBranch}); one.Branch != two.Branch {
		t.Error("two codes for one new branch are for two branches")
	}

	// A replacement for the same branch gets another number, also when it wishes the same.
	second := newCode(t, n, office.CodeInput{Branch: nodes[0].Branch, Role: library.NodeBranch})
	other := newAsker(t, second.Text, 31)
	if _, err := n.Office.Join(ctx, other.ask); err != nil {
		t.Fatal(err)
	}
	if asking, err = n.Office.Pending(ctx, n.Officer); err != nil || len(asking) != 1 || asking[0].Code == 31 || asking[0].Code == 14 || asking[0].Label != "Perpustakaan Genteng" {
		t.Fatalf("%+v, %v", asking, err)
	}
	if err := n.Office.Refuse(ctx, n.Officer, nodetest.Op(t), asking[0].ID); err != nil {
		t.Fatal(err)
	}
	if _, err := n.Office.Approve(ctx, n.Officer, nodetest.Op(t), asking[0].ID); !isKey(err, "error.join_decided") {
		t.Errorf("approved after it was refused: %v", err)
	}
	if answer, err := n.Office.Join(ctx, other.ask); err != nil || answer.State != wire.JoinRefused || len(answer.TagKey) != 0 {
		t.Errorf("a refused PC is told %+v, %v", answer, err)
	}

	if _, err := n.Office.Revoke(ctx, n.Officer, nodetest.Op(t), done.ID, office.RevokeInput{Reason: "lost", Note: "dari mobil"}); err != nil {
		t.Fatal(err)
	}
	if nodes, err = n.Office.Nodes(ctx, n.Officer); err != nil || !nodes[0].Revoked() || nodes[0].Reason != "lost" {
		t.Fatalf("%+v, %v", nodes, err)
	}
	if _, err := n.Office.Revoke(ctx, n.Officer, nodetest.Op(t), done.ID, office.RevokeInput{Reason: "tired"}); library.KindOf(err) != library.KindInvalid {
		t.Errorf("a reason that is none: %v", err)
	}
}

func TestACodeLetsOnePCIn(t *testing.T) {
	n, clock := centre(t)
	ctx := context.Background()
	first := newCode(t, n, office.CodeInput{Name: "Genteng", Role: library.NodeBranch})
	pc, thief := newAsker(t, first.Text, 1), newAsker(t, first.Text, 2)
	if _, err := n.Office.Join(ctx, pc.ask); err != nil {
		t.Fatal(err)
	}
	if _, err := n.Office.Join(ctx, thief.ask); !isKey(err, "error.code_over") {
		t.Errorf("a second PC with the code: %v", err)
	}
	if answer, err := n.Office.Join(ctx, pc.ask); err != nil || answer.State != wire.JoinWaiting {
		t.Errorf("the first one asks again: %+v, %v", answer, err)
	}
	clock.Add(office.CodeLife + time.Minute)
	if answer, err := n.Office.Join(ctx, pc.ask); err != nil || answer.State != wire.JoinWaiting {
		t.Errorf("the first one asks again after the code has expired: %+v, %v", answer, err)
	}

	refused := func(name string, a asker) {
		t.Helper()
		if _, err := n.Office.Join(ctx, a.ask); !isKey(err, "error.code_over") {
			t.Errorf("%s: %v", name, err)
		}
	}
	late := newAsker(t, newCode(t, n, office.CodeInput{Name: "Genteng", Role: library.NodeBranch}).Text, 1)
	clock.Add(office.CodeLife)
	refused("an expired code", late)

	taken := newCode(t, n, office.CodeInput{Name: "Genteng", Role: library.NodeBranch})
	if err := n.Office.RevokeCode(ctx, n.Officer, nodetest.Op(t), taken.Name); err != nil {
		t.Fatal(err)
	}
	refused("a revoked code", newAsker(t, taken.Text, 1))
	if _, err := n.Office.Code(ctx, n.Officer, taken.Name); !isKey(err, "error.code_over") {
		t.Errorf("a revoked code is shown: %v", err)
	}

	good := newCode(t, n, office.CodeInput{Name: "Genteng", Role: library.NodeBranch})
	guess := newAsker(t, good.Text, 1)
	guess.ask.Proof = (join.Token{}).Proof(guess.ask.Key)
	refused("a wrong proof", guess)
	unknown := newAsker(t, good.Text, 1)
	unknown.ask.Token[0]++
	refused("a code of nobody", unknown)
	if shown, err := n.Office.Code(ctx, n.Officer, good.Name); err != nil || shown.Text != good.Text {
		t.Errorf("a code is shown again: %v", err)
	}
	list, err := n.Office.Codes(ctx, n.Officer)
	if err != nil || len(list) != 4 {
		t.Fatalf("%+v, %v", list, err)
	}
	var states []string
	for _, c := range list {
		states = append(states, string(c.State))
	}
	if got := strings.Join(states, " "); got != "open revoked expired used" && got != "revoked open expired used" {
		t.Errorf("states: %s", got)
	}
}

// A centre that was put back does not know which codes it has given since, and
// perhaps not that it was put back; the numbers of two PCs with one code would be
// on two people's cards.
func TestARestoredCentreDoesNotGiveTheNextCode(t *testing.T) {
	n, _ := centre(t)
	ctx := context.Background()
	branches := 0
	next := func() int {
		branches++
		code := newCode(t, n, office.CodeInput{Name: fmt.Sprintf("Genteng %d", branches), Role: library.NodeBranch})
		if _, err := n.Office.Join(ctx, newAsker(t, code.Text, 77).ask); err != nil {
			t.Fatal(err)
		}
		list, err := n.Office.Pending(ctx, n.Officer)
		if err != nil || len(list) != 1 {
			t.Fatalf("%d wait, %v", len(list), err)
		}
		if _, err := n.Office.Approve(ctx, n.Officer, nodetest.Op(t), list[0].ID); err != nil {
			t.Fatal(err)
		}
		held, err := n.Store.Decisions(ctx)
		if _, given := held.BranchOf(uint16(list[0].Code)); err != nil || !given {
			t.Fatalf("code %d was shown and not given, %v", list[0].Code, err)
		}
		return list[0].Code
	}
	if a := next(); a != 77 {
		t.Fatalf("the first code is %d, not that of the cards", a)
	}
	for range 2 {
		low := 0
		for range 6 {
			if next() < 20 {
				low++
			}
		}
		if low > 3 {
			t.Fatalf("%d of 6 codes are those that come next", low)
		}
		if err := n.Store.NewEpoch(ctx, "restored"); err != nil {
			t.Fatal(err)
		}
	}
}

func TestWhoMay(t *testing.T) {
	n, _ := centre(t)
	branch := nodetest.Start(t)
	ctx := context.Background()
	officer := desk.Actor{Officer: n.Officer.Officer, Role: library.RoleOfficer}
	if _, err := n.Office.NewCode(ctx, officer, nodetest.Op(t), office.CodeInput{Name: "x", Role: library.NodeBranch}); library.KindOf(err) != library.KindForbidden {
		t.Errorf("an officer makes a code: %v", err)
	}
	if _, err := branch.Office.NewCode(ctx, branch.Officer, nodetest.Op(t), office.CodeInput{Name: "x", Role: library.NodeBranch}); !isKey(err, "error.not_centre") {
		t.Errorf("a branch makes a code: %v", err)
	}
	if _, err := n.Office.NewCode(ctx, n.Officer, nodetest.Op(t), office.CodeInput{Role: library.NodeCentre, Life: 100 * time.Hour}); len(library.ProblemsOf(err)) != 3 {
		t.Errorf("problems of a wrong form: %v", err)
	}
	if _, err := n.Desk.StartJoin(ctx, n.Officer, "x", ""); !isKey(err, "error.is_centre") {
		t.Errorf("a centre joins: %v", err)
	}
}

// TestTheKitMakesTheCentreAnew: with the kit and the words of the sheet another PC has the same keys; with less it has not.
func TestTheKitMakesTheCentreAnew(t *testing.T) {
	n, _ := centre(t)
	ctx := context.Background()
	kit, err := n.Office.Kit(ctx, n.Officer)
	if err != nil {
		t.Fatal(err)
	}
	words, err := vault.ParseRecoveryCode(strings.Join(n.Words, " "))
	if err != nil {
		t.Fatal(err)
	}
	other, err := vault.NewRecoveryCode(n.Desk.Rand)
	if err != nil {
		t.Fatal(err)
	}
	if len(kit.QR) > 1000 {
		t.Errorf("%d characters are too many for a QR on paper", len(kit.QR))
	}
	if _, err := office.OpenKit([]byte(kit.Text), other); !errors.Is(err, vault.ErrWrongSecret) {
		t.Errorf("other words: %v", err)
	}
	for name, content := range map[string]string{"nothing": "", "another file": "-----BEGIN X-----\n-----END X-----\n", "half": kit.Text[:len(kit.Text)/2]} {
		if _, err := office.OpenKit([]byte(content), words); !errors.Is(err, office.ErrNoKit) {
			t.Errorf("%s: %v", name, err)
		}
	}
	rebuilt := nodetest.Start(t, nodetest.Bare())
	in := desk.SetupInput{Role: library.NodeCentre, Name: "Pusat", Code: 1, Login: nodetest.Login, FullName: "Siti Rahayu", Password: nodetest.Password, Recovery: other, Kit: []byte(kit.Text)}
	if _, err := rebuilt.Desk.SetUp(ctx, nodetest.Op(t), in); library.KindOf(err) != library.KindInvalid {
		t.Errorf("set up with other words: %v", err)
	}
	in.Recovery, in.Kit = words, []byte(kit.QR)
	if _, err := rebuilt.Desk.SetUp(ctx, nodetest.Op(t), in); err != nil {
		t.Fatal(err)
	}
	was, err := n.Office.Keys(ctx)
	if err != nil {
		t.Fatal(err)
	}
	is, err := rebuilt.Office.Keys(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if !is.Public().Equal(was.Public()) || is.Seal != was.Seal || string(is.Tag) != string(was.Tag) || string(is.Recovery) != string(was.Recovery) {
		t.Error("the keys differ")
	}
	before, err := n.Store.Epoch(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if after, err := rebuilt.Store.Epoch(ctx); err != nil || after == before || after.IsZero() {
		t.Errorf("epoch %v after %v, %v", after, before, err)
	}
}

func FuzzOpenKit(f *testing.F) {
	words, err := vault.NewRecoveryCode(strings.NewReader(strings.Repeat("x", 64)))
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte("-----BEGIN SIMPUL RECOVERY KIT-----\nAQ==\n-----END SIMPUL RECOVERY KIT-----\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		if _, err := office.OpenKit(content, words); err == nil {
			t.Error("a kit that nobody sealed")
		}
	})
}
