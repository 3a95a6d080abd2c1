package ui

import (
	"bytes"
	"slices"
	"strings"
	"time"

	"simpul/node/library"
	"simpul/node/office"
	"simpul/ui/text"
	"simpul/ui/view"
)

// peopleShown bounds the printed list of people whose data a PC held; the file holds all of them.
const peopleShown = 5000

// nodeRoutes: one PC as the centre knows it, and what ends its membership.
func (s *server) nodeRoutes() []route {
	manage := officerWho(library.ManageNodes)
	return []route{
		get("/cabang/:id", manage, showNode),
		post("/cabang/:id/cabut", manage, revokeNode),
		post("/cabang/:id/ganti", manage, replaceNode),
		post("/cabang/:id/nama", manage, renameBranch),
		get("/cabang/:id/orang", manage, printPeople),
		get("/cabang/:id/orang.csv", manage, savePeople),
	}
}

// pc loads the PC in the path.
func (r *request) pc() (*office.Office, office.PC, error) {
	o, err := r.office()
	if err != nil {
		return nil, office.PC{}, err
	}
	id, err := r.id("id")
	if err != nil {
		return nil, office.PC{}, err
	}
	pc, err := o.Node(r.ctx(), r.actor(), id)
	return o, pc, err
}

func showNode(r *request) error {
	o, pc, err := r.pc()
	if err != nil {
		return err
	}
	v, err := r.nodeView(o, pc)
	if err != nil {
		return err
	}
	return r.page("branch", v)
}

func (r *request) nodeView(o *office.Office, pc office.PC) (*view.NodePage, error) {
	at := branchPath(pc)
	v := &view.NodePage{Name: pc.Name, Sub: r.t("centre.note", r.t("node."+string(pc.Role)), nnn(pc)), States: r.nodeStates(pc), Replace: at + "/ganti"}
	v.Title = r.t("branches.title")
	v.Rename = view.Confirm{Action: at + "/nama", CSRF: r.csrf(), Text: r.t("branch.rename"), Explain: r.t("branch.rename.explain"), Button: r.t("branch.rename.do"),
		Note: view.Field{Name: "name", Label: r.t("branch.rename.name"), Value: pc.Name, Auto: "off", Maximum: office.MaxBranchName}}
	v.Facts = []view.Fact{{Name: r.t("branch.contact"), Value: r.ago(pc.Contact)}, {Name: r.t("branch.newest"), Value: r.momentOrNever(pc.Newest)}, {Name: r.t("branch.waiting"), Value: r.waitingThere(pc)}, r.clockFact(pc),
		{Name: r.t("branch.free"), Value: r.room(pc.Free)}, {Name: r.t("branch.version"), Value: pc.Program}, {Name: r.t("branch.joined"), Value: text.Date(pc.Enrolled)}}
	v.Sent = []view.Fact{{Name: r.t("branch.records"), Value: text.Number(r.lang, pc.Received)}, {Name: r.t("branch.applied"), Value: text.Number(r.lang, pc.Received-pc.Unapplied)},
		{Name: r.t("branch.durable"), Value: text.Number(r.lang, pc.Durable)}, {Name: r.t("branch.aside"), Value: r.number(pc.Aside)}, {Name: r.t("branch.members"), Value: r.number(pc.Members)}, {Name: r.t("branch.visits"), Value: r.number(pc.Visits)}}
	held, err := o.HeldBy(r.ctx(), r.actor(), pc.ID, 0)
	if err != nil {
		return nil, err
	}
	v.People = &view.HeldPeople{Print: at + "/orang", Save: at + "/orang.csv", Facts: []view.Fact{{Name: r.t("branch.people.own"), Value: r.number(held.Own)},
		{Name: r.t("branch.people.branch"), Value: r.number(held.Branch)}, {Name: r.t("branch.people.others"), Value: r.number(held.Others)}}}
	times, err := o.Reopenings(r.ctx(), r.actor(), pc.ID)
	if err != nil {
		return nil, err
	}
	v.History = r.nodeHistory(pc, times)
	if err := r.addNoticesOf(o, pc, v); err != nil {
		return nil, err
	}
	if pc.Revoked() {
		v.Revoked = []view.Note{{Title: r.t("branch.was_revoked", text.Date(pc.RevokedAt)), Text: r.t("branch.was_revoked.text", r.t("branch.reason."+pc.Reason))}}
		v.Found = &view.FoundLaptop{Path: "/cabang/stik"}
		return v, nil
	}
	v.Revoke, v.Reopen = r.revokeForm(at), reopenPCPath(pc)
	return v, nil
}

func (r *request) clockFact(pc office.PC) view.Fact {
	f := view.Fact{Name: r.t("branch.clock"), Value: r.t("branch.clock.ok"), State: view.OK}
	switch wrong := r.clockThere(pc); {
	case pc.Contact.IsZero():
		f.Value, f.State = r.t("centre.unknown"), ""
	case wrong != "":
		f.Value, f.State = wrong, view.Warn
	}
	return f
}

// nodeHistory is what happened to a PC, newest first.
func (r *request) nodeHistory(pc office.PC, reopened []office.Reopened) view.Table {
	t := view.Table{Caption: r.t("branch.history"), Columns: []view.Column{{Text: r.t("branch.history.when")}, {Text: r.t("branch.history.what")}}}
	type line struct {
		at   time.Time
		what string
	}
	lines := []line{{pc.Enrolled, r.t("branch.event.joined")}}
	if pc.Revoked() {
		lines = append(lines, line{pc.RevokedAt, r.t("branch.event.revoked") + ": " + r.t("branch.reason."+pc.Reason)})
	}
	for _, again := range reopened {
		lines = append(lines, line{again.At, r.t("branch.event.reopened", again.Who, again.Reason)})
	}
	if !pc.Copied.IsZero() {
		lines = append(lines, line{pc.Copied, r.t("branch.event.copied")})
	}
	if !pc.Stale.IsZero() {
		lines = append(lines, line{pc.Stale, r.t("branch.event.stale")})
	}
	for _, s := range pc.Streams {
		if key := "branch.event." + s.Reason; s.Reason != "setup" && r.server.words.Has(key) {
			lines = append(lines, line{s.Met, r.t(key)})
		}
	}
	slices.SortStableFunc(lines, func(a, b line) int { return b.at.Compare(a.at) })
	for _, l := range lines {
		t.Rows = append(t.Rows, view.Row{Cells: []view.Cell{{Text: r.moment(l.at)}, {Text: l.what}}})
	}
	return t
}

// addNoticesOf tells what happened to the PC's data, read or not.
func (r *request) addNoticesOf(o *office.Office, pc office.PC, v *view.NodePage) error {
	list, err := o.NoticesOf(r.ctx(), r.actor(), pc.ID)
	for _, t := range list {
		n := r.noticeOfPC(t)
		n.Link = view.Link{}
		v.Notices = append(v.Notices, n)
	}
	return err
}

func (r *request) revokeForm(at string) *view.Revoke {
	f := &view.Revoke{Action: at + "/cabut", CSRF: r.csrf(),
		Means:   []string{r.t("branch.revoke.mean.1"), r.t("branch.revoke.mean.2"), r.t("branch.revoke.mean.3"), r.t("branch.revoke.mean.4")},
		Reasons: view.Choice{Name: "reason", Label: r.t("common.reason"), Value: r.value("reason")},
		Note:    view.Field{Name: "note", Label: r.t("common.note"), Value: r.value("note"), Optional: true, Auto: "off", Maximum: 200},
		Word:    view.Field{Name: "word", Label: r.t("branch.revoke.word"), Hint: r.t("branch.revoke.word.hint"), Value: r.value("word"), Width: 12, Auto: "off", Maximum: 20}}
	for _, reason := range office.RevokeReasons() {
		f.Reasons.Options = append(f.Reasons.Options, view.Option{Value: reason, Text: r.t("branch.reason." + reason)})
	}
	return f
}

// actOnPC carries out one action on the PC in the path and goes back to its page.
func (r *request) actOnPC(key string, do func(o *office.Office, op library.ID, pc office.PC) error, wrong func(*view.NodePage, view.Problems)) error {
	o, pc, err := r.pc()
	if err != nil {
		return err
	}
	op, err := r.operation()
	if err != nil {
		return err
	}
	if err = do(o, op, pc); err == nil {
		return r.done(branchPath(pc), key)
	}
	v, viewErr := r.nodeView(o, pc)
	if viewErr != nil {
		return viewErr
	}
	wrong(v, r.problems(err))
	return r.invalid("branch", v, err)
}

func revokeNode(r *request) error {
	return r.actOnPC("done.revoked", func(o *office.Office, op library.ID, pc office.PC) error {
		if err := r.typedWord("branch.revoke.the_word"); err != nil {
			return err
		}
		_, err := o.Revoke(r.ctx(), r.actor(), op, pc.ID, office.RevokeInput{Reason: r.value("reason"), Note: r.value("note")})
		return err
	}, func(v *view.NodePage, p view.Problems) {
		if v.Revoke != nil {
			v.Revoke.Open, v.Revoke.Reasons, v.Revoke.Word = true, v.Revoke.Reasons.With(p), v.Revoke.Word.With(p)
		}
	})
}

// typedWord asks that a word was typed, in any case, before something that cannot be undone.
func (r *request) typedWord(key string) error {
	if word := r.t(key); !strings.EqualFold(word, r.value("word")) {
		return library.Invalid(library.Problem{Field: "word", Key: "problem.type_word", Args: []any{word}})
	}
	return nil
}

// replaceNode makes a code for another PC of the same branch, which gets the branch's records back.
func replaceNode(r *request) error {
	o, pc, err := r.pc()
	if err != nil {
		return err
	}
	op, err := r.operation()
	if err != nil {
		return err
	}
	made, err := o.NewCode(r.ctx(), r.actor(), op, office.CodeInput{Branch: pc.Branch})
	if err != nil {
		return err
	}
	return r.redirect(codePath(made.Name))
}

func renameBranch(r *request) error {
	return r.actOnPC("done.branch_renamed", func(o *office.Office, op library.ID, pc office.PC) error {
		_, err := o.RenameBranch(r.ctx(), r.actor(), op, pc.Branch, r.value("name"))
		return err
	}, func(v *view.NodePage, p view.Problems) {
		v.Rename.Open, v.Rename.Note.Value = true, r.value("name")
		v.Rename.Note = v.Rename.Note.With(p)
	})
}

func printPeople(r *request) error {
	o, pc, err := r.pc()
	if err != nil {
		return err
	}
	pdf, err := o.PrintPeople(r.ctx(), r.actor(), pc.ID, peopleShown, office.PeopleWords{Title: r.t("branch.people.title", pc.Name), Subtitle: r.t("branch.people.text"),
		Number: r.t("branch.people.number"), Name: r.t("branch.people.name"), Where: r.t("branch.people.where"), Own: r.t("branch.people.here"), Branch: r.t("branch.people.there"),
		More: r.t("branch.people.more"), Footer: r.t("dayslip.footer", r.moment(r.now()))})
	if err != nil {
		return err
	}
	return r.pdf("orang.pdf", pdf)
}

func savePeople(r *request) error {
	o, pc, err := r.pc()
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if _, err := o.WritePeople(r.ctx(), r.actor(), pc.ID, &out); err != nil {
		return err
	}
	return r.content("text/csv; charset=utf-8", "orang-kode-"+nnn(pc)+".csv", out.Bytes())
}
