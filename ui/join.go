package ui

import (
	"context"
	"errors"
	"io"
	"strings"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui/view"
)

// joinRoutes: how this PC becomes one of a centre's, with a code that is scanned, typed, pasted, or carried as a file.
func (s *server) joinRoutes() []route {
	manage := officerWho(library.ManageSettings)
	return []route{
		get("/data/gabung", manage, showJoin),
		post("/data/gabung", manage, startJoin),
		poll("/data/gabung/keadaan", manage, showJoining),
		post("/data/gabung/periksa", manage, askJoin),
		post("/data/gabung/batal", manage, giveUpJoin),
		post("/data/gabung/alamat", manage, moveCentre),
		get("/data/gabung/permintaan", manage, saveJoinFile),
		streamed("/data/gabung/berkas", manage, takeJoinFile),
	}
}

func showJoin(r *request) error {
	j, err := r.server.Desk.Joining(r.ctx())
	if err != nil {
		return err
	}
	return r.page("join", r.joinView(j, nil))
}

// joinView draws where the joining stands. far is why the centre could not be asked just now, nil when it was or nobody tried.
func (r *request) joinView(j desk.Joining, far error) *view.Join {
	v := &view.Join{Carrying: r.carrying()}
	v.Title, v.CSRF = r.t("join.title"), r.csrf()
	v.Known = []view.Fact{{Name: r.t("join.here"), Value: r.server.Desk.Settings().Name}}
	if len(j.Addresses) > 0 {
		v.Known = append(v.Known, view.Fact{Name: r.t("join.centre"), Value: strings.Join(j.Addresses, ", ")})
	}
	switch j.State {
	case desk.JoinAsked, desk.JoinWaiting:
		v.State, v.Text, v.Check = "waiting", []string{r.t("join.waiting")}, strings.Split(j.Check, "-")
		if v.Unheard = j.State == desk.JoinAsked; v.Unheard { // the centre does not know of it: it goes on a stick
			v.Text = []string{r.t("join.by_file")}
		}
		if why := r.whyUnheard(j, far); why != "" {
			v.Text = append(v.Text, why)
		}
		if len(j.Addresses) > 0 {
			v.Again, v.Poll = "/data/gabung/periksa", "/data/gabung/keadaan?v="+joinMark(r, j, far)
		}
		v.Give, v.AskFile = "/data/gabung/batal", "/data/gabung/permintaan"
	case desk.JoinDone:
		v.Code = r.joinCode(nil)
		if j.Out { // it is a node no more, and has nowhere else to say its new code
			v.Text = []string{r.t("join.out")}
			break
		}
		v.Code.Focus = false
		v.State, v.Text = "approved", []string{r.t("join.approved.text", j.Centre)}
		v.MoveTitle = r.t("exchange.moved")
		if len(j.Addresses) == 0 {
			v.Text, v.MoveTitle = []string{r.t("join.approved.stick", j.Centre)}, r.t("exchange.moved.stick")
		}
		v.Next, v.Stick, v.Move = view.Link{Path: "/data", Text: r.t("join.next")}, "/data/stik", "/data/gabung/alamat"
	default:
		if j.State == desk.JoinRefused {
			v.State = "refused"
			if j.Old { // it may stay what it is
				v.Give = "/data/gabung/batal"
			}
		}
		v.Text = []string{r.t("join.text")}
		v.Code = r.joinCode(nil)
	}
	v.Address = view.Field{Name: "address", Label: r.t("join.address"), Hint: r.t("join.address.hint"), Value: r.value("address"), Optional: true, Auto: "off", NoSpell: true, Maximum: 400}
	if v.Move != "" {
		v.Address.Hint, v.Address.Optional = r.t("join.move.hint"), false
	}
	return v
}

// whyUnheard says why the centre has not heard of the request, or not been asked again; "" when it was.
func (r *request) whyUnheard(j desk.Joining, far error) string {
	switch {
	case asFailure(far).Key == "error.centre_closed":
		return r.t("error.centre_closed") + " " + r.t("error.centre_closed.hint")
	case far != nil, j.State == desk.JoinAsked && len(j.Addresses) > 0:
		return r.t("join.unreachable")
	}
	return ""
}

func joinMark(r *request, j desk.Joining, far error) string {
	return mark(j.State, j.Check, r.whyUnheard(j, far), r.lang)
}

// joinCode is one line: a scanner ends with Enter, which sends the form.
func (r *request) joinCode(p view.Problems) view.Field {
	return view.Field{Name: "code", Label: r.t("join.field"), Hint: r.t("join.field.hint"), Value: r.value("code"), Auto: "off", NoSpell: true, Maximum: 1000, Focus: true}.With(p)
}

func startJoin(r *request) error {
	j, err := r.server.Desk.StartJoin(r.ctx(), r.actor(), r.value("code"), r.value("address"))
	return r.joinSettled(j, err)
}

// joinSettled shows where an attempt stands after something was done about it. A centre that cannot be reached is no
// failure: the attempt stands and goes on by itself.
func (r *request) joinSettled(j desk.Joining, err error) error {
	switch {
	case err == nil, library.KindOf(err) == library.KindUnavailable && j.State != desk.JoinNone:
		return r.redirect("/data/gabung")
	case library.KindOf(err) != library.KindInvalid:
		return err
	}
	v := r.joinView(j, nil)
	problems := r.problems(err)
	v.Code, v.Address = r.joinCode(problems), v.Address.With(problems)
	v.FileProblem, _ = problems.At("file")
	return r.invalid("join", v, err)
}

// moveCentre says where the centre is now, and sends at once when it answers there.
func moveCentre(r *request) error {
	answered, err := r.server.Desk.MoveCentre(r.ctx(), r.actor(), r.value("address"))
	if library.KindOf(err) == library.KindInvalid {
		j, jerr := r.server.Desk.Joining(r.ctx())
		if jerr != nil {
			return jerr
		}
		return r.joinSettled(j, err)
	}
	if err != nil {
		return err
	}
	if !answered {
		return r.done("/data", "done.moved_quiet")
	}
	return sendNow(r)
}

// showJoining asks the centre, and answers only what has changed.
func showJoining(r *request) error {
	j, err := r.server.Desk.AskJoin(r.ctx(), r.actor())
	far := err
	if err != nil {
		if j, err = r.server.Desk.Joining(r.ctx()); err != nil {
			return err
		}
	}
	if joinMark(r, j, far) == r.Query("v") {
		return r.unchanged()
	}
	return r.part("join", "join-state", r.joinView(j, far))
}

func askJoin(r *request) error {
	j, err := r.server.Desk.AskJoin(r.ctx(), r.actor())
	if err != nil && library.KindOf(err) == library.KindUnavailable {
		return r.page("join", r.joinView(j, err))
	}
	return r.joinSettled(j, err)
}

func giveUpJoin(r *request) error {
	if err := r.server.Desk.GiveUpJoin(r.ctx(), r.actor()); err != nil {
		return err
	}
	return r.done("/data/gabung", "done.join_given_up")
}

func saveJoinFile(r *request) error {
	content, err := r.server.Desk.JoinFile(r.ctx(), r.actor())
	if err != nil {
		return err
	}
	return r.content("application/octet-stream", "simpul-permintaan.simpul", content)
}

// takeJoinFile takes the centre's file from the stick: its code when nothing has begun, else its answer, with or without
// the data behind it.
func takeJoinFile(r *request) error {
	var j desk.Joining
	var got desk.Bundle
	err := r.takeIn(func(ctx context.Context, open func(int) (io.ReadCloser, error)) (err error) {
		j, got, err = r.server.Desk.TakeJoinFile(ctx, r.actor(), open)
		return err
	})
	if err != nil && j.State == desk.JoinNone {
		now, nerr := r.server.Desk.Joining(r.ctx())
		if nerr != nil {
			return errors.Join(err, nerr)
		}
		j = now
	}
	if err != nil || got.Answers == 0 {
		return r.joinSettled(j, err)
	}
	v := r.joinView(j, nil)
	v.Known = append(v.Known, view.Fact{Name: r.t("join.members"), Value: r.number(got.Members)}, view.Fact{Name: r.t("join.as_of"), Value: r.moment(got.Made)})
	return r.page("join", v)
}
