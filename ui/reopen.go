package ui

import (
	"strconv"
	"strings"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui/view"
)

// reopenRoutes: every password and the recovery sheet are lost, and the centre opens this PC again. Nobody is signed in;
// the new password and the new sheet travel sealed in the form until everything is written at once.
func (s *server) reopenRoutes() []route {
	return []route{
		get(reopenPath, atDoor(), showReopen),
		post(reopenPath, atDoor(), askToReopen),
		get(reopenPath+"/permintaan", atDoor(), saveReopenRequest),
		upload(reopenPath+"/jawaban", atDoor(), takeReopenAnswer),
		post(reopenPath+"/lembar", atDoor(), printNewSheet),
		post(reopenPath+"/buka", atDoor(), openAgain),
	}
}

const (
	reopenPath = "/masuk/pusat"
	reopenSeal = "reopen"
)

// reopening is what travels from the answer to the new password.
type reopening struct {
	drawnSheet
	Answer []byte
}

// canReopen is where the centre is asked, on a PC that has one that could open it.
func (r *request) canReopen() string {
	if r.server.Desk == nil {
		return ""
	}
	if _, err := r.server.Desk.Reopening(r.ctx()); err != nil {
		return ""
	}
	return reopenPath
}

func showReopen(r *request) error {
	v, err := r.reopenView()
	if err != nil {
		return err
	}
	return r.page("reopen", v)
}

// reopenView is the request, or how to make one.
func (r *request) reopenView() (*view.Reopen, error) {
	now, err := r.server.Desk.Reopening(r.ctx())
	if err != nil {
		return nil, err
	}
	v := &view.Reopen{Ask: reopenPath, Centre: now.Centre}
	v.Title = r.t("reopen.title")
	if now.Check != "" {
		v.Title = r.t("reopen.asked")
		v.Check, v.Save, v.Take = strings.Split(now.Check, "-"), reopenPath+"/permintaan", reopenPath+"/jawaban"
		v.Facts = []view.Fact{{Name: r.t("reopen.centre"), Value: now.Centre}, {Name: r.t("reopen.made"), Value: r.moment(now.Made)}, {Name: r.t("reopen.until"), Value: r.moment(now.Until)}}
	}
	return v, nil
}

func askToReopen(r *request) error {
	if err := r.server.Desk.AskToReopen(r.ctx()); err != nil {
		return err
	}
	return r.redirect(reopenPath)
}

func saveReopenRequest(r *request) error {
	file, err := r.server.Desk.ReopenFile(r.ctx())
	if err != nil {
		return err
	}
	return r.content("application/octet-stream", "simpul-buka-permintaan.simpul", file)
}

// takeReopenAnswer looks whether the centre's file opens this PC, and then asks for whom.
func takeReopenAnswer(r *request) error {
	content, err := r.file("file")
	if err != nil {
		return err
	}
	if len(content) == 0 {
		err = library.Invalid(library.Problem{Field: "file", Key: "problem.bundle.none"})
	} else {
		err = r.server.Desk.CheckReopenAnswer(r.ctx(), content)
	}
	if err != nil {
		return r.reopenRefused(err)
	}
	sheet, err := r.server.newSheet()
	if err != nil {
		return err
	}
	return r.reopenedPage(&reopening{sheet, content}, nil)
}

// reopenRefused shows the request again, with what was wrong with the file.
func (r *request) reopenRefused(err error) error {
	v, viewErr := r.reopenView()
	if viewErr != nil {
		return viewErr
	}
	v.FileProblem, _ = r.problems(err).At("file")
	return r.invalid("reopen", v, err)
}

// reopenedPage asks for the officer, the new password, and a word of the new sheet.
func (r *request) reopenedPage(state *reopening, wrong error) error {
	logins, err := r.server.Desk.ReopenLogins(r.ctx())
	if err != nil {
		return err
	}
	state.Until = r.now().Add(setupLife).UnixMilli()
	v := &view.Reopen{Words: state.Words, Sheet: reopenPath + "/lembar", Open: reopenPath + "/buka"}
	v.Title = r.t("reopen.answered")
	if v.State, err = r.server.sealed(reopenSeal, state); err != nil {
		return err
	}
	v.Login = view.Choice{Name: "login", Label: r.t("reopen.officer"), Hint: r.t("reopen.officer.hint"), Value: r.value("login")}
	for _, login := range logins {
		v.Login.Options = append(v.Login.Options, view.Option{Value: login, Text: login})
	}
	if len(logins) == 1 {
		v.Login.Value = logins[0]
	}
	v.Password = view.Field{Name: "password", Label: r.t("password.new"), Hint: r.t("password.hint"), Kind: "password", Auto: "new-password"}
	v.Word = state.wordField(r)
	if wrong == nil {
		return r.page("reopen", v)
	}
	p := r.problems(wrong)
	v.Login, v.Password, v.Word = v.Login.With(p), v.Password.With(p), v.Word.With(p)
	return r.invalid("reopen", v, wrong)
}

// reopenState opens the form's seal. Without one, or with one of before the program was started anew, the file is asked
// for again: nothing has been written yet.
func (r *request) reopenState() (*reopening, error) {
	var state reopening
	if !r.server.unsealed(reopenSeal, r.value("state"), &state) || r.now().UnixMilli() > state.Until {
		return nil, library.Invalid(library.Problem{Field: "file", Key: "problem.reopen_again"})
	}
	return &state, nil
}

func printNewSheet(r *request) error {
	state, err := r.reopenState()
	if err != nil {
		return r.reopenRefused(err)
	}
	s := r.server.Desk.Settings()
	return r.recoverySheet(state.Words, s.Name, strconv.Itoa(s.Code))
}

// openAgain writes everything at once, and the officer is signed in.
func openAgain(r *request) error {
	state, err := r.reopenState()
	if err != nil {
		return r.reopenRefused(err)
	}
	code, err := desk.RecoveryFrom(state.Words)
	if err != nil {
		return err
	}
	login, password := r.value("login"), r.form.Get("password")
	problems := desk.CheckPassword(password, login)
	if login == "" {
		problems = append(problems, library.Problem{Field: "login", Key: library.KeyChoose})
	}
	problems = append(problems, state.hear(r.value("word"))...)
	if len(problems) > 0 {
		return r.reopenedPage(state, library.Invalid(problems...))
	}
	err = r.server.Desk.OpenAgain(r.ctx(), desk.ReopenInput{Answer: state.Answer, Login: login, Password: password, Recovery: code})
	if p := library.ProblemsOf(err); len(p) > 0 {
		if p[0].Field != "file" {
			return r.reopenedPage(state, err)
		}
		if p[0].Key != "problem.reopen_used" || r.enter(login, password) != nil { // else it is the second press on the last button
			return r.reopenRefused(err)
		}
	} else if err != nil {
		return err
	} else if err := r.enter(login, password); err != nil {
		return r.signInAgain(err)
	}
	if err := r.reloadSession(); err != nil {
		return err
	}
	return r.done(r.home(), "done.reopened")
}
