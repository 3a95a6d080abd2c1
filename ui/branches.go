package ui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"simpul/node/library"
	"simpul/node/office"
	"simpul/ui/view"
)

// branchRoutes: who may send to the centre. Codes are given out, PCs that ask are compared and let in.
func (s *server) branchRoutes() []route {
	manage := officerWho(library.ManageNodes)
	return []route{
		get("/cabang", officerWho(library.ReadReports), showBranches),
		poll("/cabang/permintaan", manage, showAsks),
		upload("/cabang/permintaan/berkas", manage, takeRequest),
		post("/cabang/permintaan/:id/setujui", manage, approveNode),
		post("/cabang/permintaan/:id/tolak", manage, refuseNode),
		post("/cabang/permintaan/:id/jawaban", manage, saveAnswer),
		post("/cabang/kode", manage, makeCode),
		get("/cabang/kode/:name", manage, showCode),
		get("/cabang/kode/:name/kode.svg", manage, drawCode),
		get("/cabang/kode/:name/cetak", manage, printCode),
		get("/cabang/kode/:name/berkas", manage, saveCode),
		get("/cabang/kode/:name/stik.zip", manage, saveStick),
		post("/cabang/kode/:name/cabut", manage, revokeCode),
	}
}

func showBranches(r *request) error {
	v, err := r.branchesView()
	if err != nil {
		return err
	}
	return r.page("branches", v)
}

func (r *request) branchesView() (*view.Branches, error) {
	o, err := r.office()
	if err != nil {
		return nil, err
	}
	v := &view.Branches{Carrying: r.carrying()}
	v.Title = r.t("branches.title")
	if v.Nodes, v.Gone, err = r.nodeTables(o); err != nil || !r.may(library.ManageNodes) {
		return v, err
	}
	v.Kit, v.Bundle = "/cabang/paket", "/cabang/stik" // who may let PCs in may carry for them
	if err := r.addAsks(o, v); err != nil {
		return nil, err
	}
	if err := r.addCodes(o, v); err != nil {
		return nil, err
	}
	return v, errors.Join(r.addCodeForm(o, v), r.addTags(o, v), r.addRebuilt(o, v))
}

// addCodes lists the codes that can still be used.
func (r *request) addCodes(o *office.Office, v *view.Branches) error {
	codes, err := o.Codes(r.ctx(), r.actor())
	if err != nil {
		return err
	}
	for _, c := range codes {
		if c.State == office.CodeOpen {
			v.Codes = append(v.Codes, view.OpenCode{Name: c.Label, Until: r.t("branches.code.until", r.moment(c.Until)), Show: codePath(c.Name), Revoke: codePath(c.Name) + "/cabut"})
		}
	}
	return nil
}

func codePath(name string) string { return "/cabang/kode/" + name }

// addCodeForm offers to make a code: for a new branch, or for one that gets another PC.
func (r *request) addCodeForm(o *office.Office, v *view.Branches) error {
	branches, err := o.Branches(r.ctx(), r.actor())
	if err != nil {
		return err
	}
	f := &view.CodeForm{Action: "/cabang/kode", CSRF: r.csrf(),
		Fields: []view.Field{{Name: "name", Label: r.t("branches.code.name"), Hint: r.t("branches.code.name.hint"), Value: r.value("name"), Auto: "off", NoSpell: true, Maximum: 100}},
		Role:   view.Choice{Name: "role", Label: r.t("branches.code.role"), Value: r.value("role")},
		Branch: view.Choice{Name: "branch", Label: r.t("branches.code.branch"), Value: r.value("branch"), Optional: true, Empty: r.t("branches.code.branch.none")}}
	if f.Role.Value == "" {
		f.Role.Value = string(library.NodeBranch)
	}
	for _, role := range library.NodeRoles() {
		if role != library.NodeCentre {
			f.Role.Options = append(f.Role.Options, view.Option{Value: string(role), Text: r.t("node." + string(role))})
		}
	}
	for _, b := range branches {
		f.Branch.Options = append(f.Branch.Options, view.Option{Value: b.ID.String(), Text: b.Name})
	}
	v.Make = f
	return nil
}

func makeCode(r *request) error {
	o, op, err := r.officeOperation()
	if err != nil {
		return err
	}
	in := office.CodeInput{Name: r.value("name"), Role: library.NodeRole(r.value("role"))}
	if chosen := r.value("branch"); chosen != "" {
		if in.Branch, err = library.ParseID(chosen); err != nil {
			return library.E(library.KindInvalid, "error.invalid")
		}
		in.Name, in.Role = "", "" // those of the branch
	}
	made, err := o.NewCode(r.ctx(), r.actor(), op, in)
	if err == nil {
		return r.redirect(codePath(made.Name))
	}
	v, viewErr := r.branchesView()
	if viewErr != nil {
		return viewErr
	}
	problems := r.problems(err)
	for i := range v.Make.Fields {
		v.Make.Fields[i] = v.Make.Fields[i].With(problems)
	}
	v.Make.Role = v.Make.Role.With(problems)
	return r.invalid("branches", v, err)
}

// code loads the code in the path; one that was used, taken back or is too old is not shown.
func (r *request) invitation() (*office.Office, office.Invitation, error) {
	o, err := r.office()
	if err != nil {
		return nil, office.Invitation{}, err
	}
	made, err := o.Code(r.ctx(), r.actor(), r.param("name"))
	return o, made, err
}

func showCode(r *request) error {
	_, made, err := r.invitation()
	if err != nil {
		return err
	}
	at := codePath(made.Name)
	v := &view.BranchCode{Name: made.Label, Until: r.t("code.until", r.moment(made.Until)), Groups: capitals(made.Groups), Where: made.Addresses, Text: made.Text,
		QR: at + "/kode.svg", Print: at + "/cetak", File: at + "/berkas", Revoke: at + "/cabut"}
	v.Title = r.t("code.title", made.Label)
	r.addStick(v, at)
	return r.page("branch-code", v)
}

func drawCode(r *request) error {
	o, made, err := r.invitation()
	if err != nil {
		return err
	}
	picture, err := o.CodePicture(r.ctx(), r.actor(), made.Name, r.t("code.qr"))
	if err != nil {
		return err
	}
	return r.content("image/svg+xml", "", picture)
}

func printCode(r *request) error {
	o, made, err := r.invitation()
	if err != nil {
		return err
	}
	pdf, err := o.CodeSheet(r.ctx(), r.actor(), made.Name, office.SheetWords{Title: r.t("code.sheet.title"), Subtitle: made.Label + " · " + r.t("code.until", r.moment(made.Until)),
		Keep: r.t("code.sheet.keep"), Scan: r.t("code.scan.text"), Type: r.t("code.words.text"), Where: r.t("code.where"), Steps: []string{r.t("code.next.1"), r.t("code.next.2"), r.t("code.next.3")}})
	if err != nil {
		return err
	}
	return r.pdf("kode.pdf", pdf)
}

// saveCode answers the code as a file for a stick: what is in it can also be pasted.
func saveCode(r *request) error {
	_, made, err := r.invitation()
	if err != nil {
		return err
	}
	return r.content("text/plain; charset=utf-8", "kode.txt", []byte(made.Text+"\n"))
}

func revokeCode(r *request) error {
	o, op, err := r.officeOperation()
	if err != nil {
		return err
	}
	if err := o.RevokeCode(r.ctx(), r.actor(), op, r.param("name")); err != nil {
		return err
	}
	return r.done("/cabang", "done.code_revoked")
}

// addAsks lists the PCs that wait for a person.
func (r *request) addAsks(o *office.Office, v *view.Branches) error {
	asking, err := o.Pending(r.ctx(), r.actor())
	if err != nil {
		return err
	}
	awaited, err := o.Awaited(r.ctx(), r.actor())
	if err != nil {
		return err
	}
	v.Poll = "/cabang/permintaan?v=" + mark(asking, awaited, r.lang)
	for _, a := range awaited {
		v.Awaited = append(v.Awaited, view.AwaitedPC{Name: a.Label, Note: r.t("centre.note", r.t("node."+string(a.Role)), fmt.Sprintf("%03d", a.Code)),
			Save: "/cabang/permintaan/" + a.ID + "/jawaban", Main: len(asking) == 0 && len(awaited) == 1})
	}
	for _, a := range asking {
		at := "/cabang/permintaan/" + a.ID
		ask := view.JoinAsk{Name: a.Label, Check: strings.Split(a.Check, "-"), Approve: at + "/setujui",
			Refuse: view.Confirm{Action: at + "/tolak", CSRF: r.csrf(), Text: r.t("branches.refuse"), Explain: r.t("branches.refuse.explain"), Button: r.t("branches.refuse.do"), Danger: true},
			Facts: []view.Fact{{Name: r.t("branches.ask.calls"), Value: a.Name}, {Name: r.t("branches.ask.role"), Value: r.t("node." + string(a.Role))}, {Name: r.t("branches.ask.given"), Value: fmt.Sprintf("%03d", a.Code)},
				{Name: r.t("branches.ask.members"), Value: r.number(a.Members)}, {Name: r.t("branches.ask.when"), Value: r.moment(a.Asked)}, {Name: r.t("branches.ask.program"), Value: a.Program}}}
		switch {
		case a.Back:
			ask.Note.Text = r.t("branches.ask.back")
		case a.Wish != 0 && a.Wish != a.Code:
			ask.Note.Text = r.t("branches.ask.code_taken", fmt.Sprintf("%03d", a.Wish), fmt.Sprintf("%03d", a.Code))
		}
		v.Asks = append(v.Asks, ask)
	}
	return nil
}

// showAsks answers the list that asks again, while somebody reads out a code on the telephone.
func showAsks(r *request) error {
	o, err := r.office()
	if err != nil {
		return err
	}
	v := &view.Branches{}
	v.CSRF = r.csrf()
	if err := r.addAsks(o, v); err != nil {
		return err
	}
	if strings.HasSuffix(v.Poll, "?v="+r.Query("v")) {
		return r.unchanged()
	}
	return r.part("branches", "asks", v)
}

func approveNode(r *request) error {
	return r.decideAsk("done.approved", func(o *office.Office, op library.ID) error {
		_, err := o.Approve(r.ctx(), r.actor(), op, r.param("id"))
		return err
	})
}

func refuseNode(r *request) error {
	return r.decideAsk("done.refused", func(o *office.Office, op library.ID) error {
		return o.Refuse(r.ctx(), r.actor(), op, r.param("id"))
	})
}

func (r *request) decideAsk(key string, do func(*office.Office, library.ID) error) error {
	o, op, err := r.officeOperation()
	if err != nil {
		return err
	}
	if err := do(o, op); err != nil {
		return err
	}
	return r.done("/cabang", key)
}

// takeRequest takes a PC's request from a stick. Once somebody has decided, the same file brings what goes back.
func takeRequest(r *request) error {
	o, err := r.office()
	if err != nil {
		return err
	}
	content, err := r.file("file")
	if err != nil {
		return err
	}
	var reply office.Reply
	if len(content) == 0 {
		err = library.Invalid(library.Problem{Field: "file", Key: "problem.bundle.none"})
	} else {
		reply, err = o.TakeRequest(r.ctx(), r.actor(), content)
	}
	switch {
	case err == nil && reply.Decided:
		return r.handAnswer(o, reply.ID)
	case err == nil:
		return r.redirect("/cabang")
	}
	v, viewErr := r.branchesView()
	if viewErr != nil {
		return viewErr
	}
	v.FileProblem, _ = r.problems(err).At("file")
	return r.invalid("branches", v, err)
}

// saveAnswer hands out what goes back to a PC on a stick: the answer, and all that the PC may know.
func saveAnswer(r *request) error {
	o, err := r.office()
	if err != nil {
		return err
	}
	return r.handAnswer(o, r.param("id"))
}

func (r *request) handAnswer(o *office.Office, id string) error {
	return r.handOut("simpul-jawaban.simpul", func(ctx context.Context, create func(int) (io.WriteCloser, error)) error {
		_, err := o.WriteAnswer(ctx, r.actor(), id, office.PhotosOnStick, create)
		return err
	})
}

// capitals are groups of letters as they are read out.
func capitals(groups []string) []string {
	out := make([]string, len(groups))
	for i, g := range groups {
		out[i] = strings.ToUpper(g)
	}
	return out
}
