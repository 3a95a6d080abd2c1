package ui

import (
	"encoding/base64"

	"simpul/node/library"
	"simpul/node/office"
	"simpul/ui/view"
)

// reopenPCRoutes: a PC of the district whose people can no longer open it is opened again, after a telephone call.
func (s *server) reopenPCRoutes() []route {
	manage := officerWho(library.ManageNodes)
	return []route{
		get("/cabang/:id/buka", manage, showReopenPC),
		upload("/cabang/:id/buka", manage, takeReopenRequest),
		post("/cabang/:id/buka/setuju", manage, reopenPC),
		get("/cabang/:id/buka/jawaban", manage, saveReopenAnswer),
	}
}

func reopenPCPath(pc office.PC) string { return branchPath(pc) + "/buka" }

func showReopenPC(r *request) error {
	o, pc, err := r.pc()
	if err != nil {
		return err
	}
	v, err := r.reopenPCView(o, pc)
	if err != nil {
		return err
	}
	return r.page("reopen-pc", v)
}

// reopenPCView asks for the request, and hands out the newest answer again.
func (r *request) reopenPCView(o *office.Office, pc office.PC) (*view.ReopenPC, error) {
	v := &view.ReopenPC{Name: pc.Name, Sub: r.t("centre.note", r.t("node."+string(pc.Role)), nnn(pc)), Take: reopenPCPath(pc), Back: branchPath(pc)}
	v.Title = r.t("reopenpc.title")
	if pc.Revoked() {
		return nil, library.E(library.KindForbidden, "problem.reopen_revoked")
	}
	switch _, err := o.ReopenAnswer(r.ctx(), r.actor(), pc.ID); {
	case library.KindOf(err) == library.KindNotFound:
		return v, nil
	case err != nil:
		return nil, err
	}
	times, err := o.Reopenings(r.ctx(), r.actor(), pc.ID)
	if err != nil {
		return nil, err
	}
	v.Answer = &view.ReopenAnswer{Save: reopenPCPath(pc) + "/jawaban", When: r.t("reopenpc.answer.when", r.moment(times[0].At), times[0].Who)}
	return v, nil
}

// takeReopenRequest shows whose request it is, and what has to be done before it is answered.
func takeReopenRequest(r *request) error {
	o, pc, err := r.pc()
	if err != nil {
		return err
	}
	content, err := r.file("file")
	if err != nil {
		return err
	}
	return r.compareReopen(o, pc, content, nil)
}

// compareReopen asks for the check code that was read out on the telephone. The page does not show it: whoever could copy
// it from there need not call.
func (r *request) compareReopen(o *office.Office, pc office.PC, content []byte, wrong error) error {
	v, err := r.reopenPCView(o, pc)
	if err != nil {
		return err
	}
	var asks office.ReopenRequest
	if len(content) == 0 {
		err = library.Invalid(library.Problem{Field: "file", Key: "problem.bundle.none"})
	} else {
		asks, err = o.ReadReopenRequest(r.ctx(), r.actor(), pc.ID, content)
	}
	if err != nil {
		v.FileProblem, _ = r.problems(err).At("file")
		return r.invalid("reopen-pc", v, err)
	}
	v.Answer, v.Action, v.Request = nil, reopenPCPath(pc)+"/setuju", base64.StdEncoding.EncodeToString(content)
	v.Facts = []view.Fact{{Name: r.t("reopenpc.pc"), Value: pc.Name + " · " + nnn(pc)}, {Name: r.t("reopenpc.calls"), Value: asks.Calls}, {Name: r.t("reopenpc.made"), Value: r.moment(asks.Made)},
		{Name: r.t("branch.contact"), Value: r.ago(pc.Contact)}}
	v.Check = view.Field{Name: "check", Label: r.t("reopenpc.check"), Hint: r.t("reopenpc.check.hint"), Value: r.value("check"), Auto: "off", NoSpell: true, Width: 18, Maximum: 60}
	v.Reason = view.Field{Name: "reason", Label: r.t("common.reason"), Hint: r.t("reopenpc.reason.hint"), Value: r.value("reason"), Auto: "off", Maximum: 250}
	if wrong == nil {
		return r.page("reopen-pc", v)
	}
	p := r.problems(wrong)
	v.Check, v.Reason = v.Check.With(p), v.Reason.With(p)
	return r.invalid("reopen-pc", v, wrong)
}

func reopenPC(r *request) error {
	o, pc, err := r.pc()
	if err != nil {
		return err
	}
	op, err := r.operation()
	if err != nil {
		return err
	}
	content, err := base64.StdEncoding.DecodeString(r.value("request"))
	if err != nil {
		return library.E(library.KindInvalid, "error.invalid")
	}
	if _, err = o.Reopen(r.ctx(), r.actor(), op, pc.ID, office.ReopenInput{Request: content, Check: r.value("check"), Reason: r.value("reason")}); err != nil {
		return r.compareReopen(o, pc, content, err)
	}
	return r.done(reopenPCPath(pc), "done.reopened_pc")
}

func saveReopenAnswer(r *request) error {
	o, pc, err := r.pc()
	if err != nil {
		return err
	}
	answer, err := o.ReopenAnswer(r.ctx(), r.actor(), pc.ID)
	if err != nil {
		return err
	}
	return r.content("application/octet-stream", "simpul-buka-jawaban-"+nnn(pc)+".simpul", answer)
}
