package ui

import (
	"net/http"
	"strconv"
	"strings"

	"simpul/node/library"
	"simpul/ui/view"
)

// signinRoutes: coming in, locking the screen, changing over to a colleague, going out.
func (s *server) signinRoutes() []route {
	return []route{
		get("/masuk", atDoor(), showSignIn),
		post("/masuk", atDoor(), signIn),
		get("/masuk/lupa", atDoor(), showForgotten),
		post("/masuk/lupa", atDoor(), recoverWithSheet),
		post("/keluar", atDoor(), signOut),
		post("/kunci", atDoor(), lockScreen),
		get("/ganti", anyOfficer(), showSwitch),
		get("/brankas", officerWho(library.RecordVisit), showCloseVault),
		post("/brankas", officerWho(library.RecordVisit), closeVault),
	}
}

func showSignIn(r *request) error {
	if r.server.notSetUp() {
		return r.redirect("/pasang")
	}
	return r.page("signin", r.signInView())
}

// showSwitch asks a colleague for the password; who is signed in stays so until it is right.
func showSwitch(r *request) error {
	v := r.signInView()
	v.Title, v.Switch = r.t("signin.switch"), true
	var others []view.Option
	for _, o := range v.Login.Options {
		if o.Value != r.session.Login {
			others = append(others, o)
		}
	}
	v.Login.Options, v.Login.Value = others, ""
	if len(others) == 1 {
		v.Login.Value, v.Password.Focus = others[0].Value, true
	}
	return r.page("signin", v)
}

// signInView is the empty form. It lists short logins, and names once the vault is open.
func (r *request) signInView() *view.SignIn {
	v := &view.SignIn{Locked: r.known && r.session.Locked, Next: deskPath}
	v.Title = r.t("signin.title")
	if v.Locked {
		v.Title = r.t("signin.locked")
	}
	v.Login = view.Choice{Name: "login", Label: r.t("signin.officer"), Options: r.logins()}
	if len(v.Login.Options) == 1 {
		v.Login.Value = v.Login.Options[0].Value
	}
	v.Closed, v.Reopen = r.server.Desk != nil && !r.server.Desk.Open(), r.canReopen()
	v.Password = view.Field{Name: "password", Label: r.t("signin.password"), Kind: "password", Auto: "current-password",
		Focus: v.Locked || v.Login.Value != ""}
	return v
}

func (r *request) logins() []view.Option {
	if r.server.Desk == nil {
		return nil
	}
	logins, err := r.server.Desk.Logins(r.ctx())
	if err != nil {
		r.server.Log.Error("list the logins", "id", requestID(r.Ctx), "error", err.Error())
		return nil
	}
	names := map[string]string{}
	if r.server.Desk.Open() {
		officers, err := r.server.Desk.Officers(r.ctx())
		if err == nil {
			for _, o := range officers {
				names[o.Login] = o.Name
			}
		}
	}
	options := make([]view.Option, len(logins))
	for i, login := range logins {
		options[i] = view.Option{Value: login, Text: login}
		if name := names[login]; name != "" {
			options[i].Text = name + " (" + login + ")"
		}
	}
	return options
}

// signIn checks the password. A locked screen goes on with its session; everybody else gets a new one.
func signIn(r *request) error {
	login, same := r.value("login"), false
	if r.known && r.session.Locked && (login == "" || login == r.session.Login) {
		if err := r.server.Desk.Unlock(r.ctx(), r.token, r.form.Get("password")); err != nil {
			return r.signInAgain(err)
		}
		same = true
	} else if err := r.enter(login, r.form.Get("password")); err != nil {
		return r.signInAgain(err)
	}
	if err := r.reloadSession(); err != nil {
		return err
	}
	if same && r.ticked("inplace") {
		return r.unlocked()
	}
	if carry := r.value("carry"); carry != "" && !r.keepCarried(carry) {
		if shown, err := r.resume(carry); err != nil || shown {
			return err
		}
	}
	if next := r.value("next"); localPath(next) && next != deskPath {
		return r.redirect(next)
	}
	return r.redirect(r.home())
}

const deskPath = "/meja"

// home is where this officer begins: the desk, or the reports for who does not serve there.
func (r *request) home() string {
	if o := r.server.Office; o != nil && o.Centre() && r.may(library.ReadReports) {
		return "/ikhtisar"
	}
	if r.may(library.DraftRegistration) || !r.signedIn() {
		return deskPath
	}
	return "/laporan"
}

// enter opens a new session and ends the one this browser had.
func (r *request) enter(login, password string) error {
	token, err := r.server.Desk.SignIn(r.ctx(), login, password)
	if err != nil {
		return err
	}
	return r.take(token)
}

// take gives the browser a new session's token in place of the one it had.
func (r *request) take(token string) error {
	if r.known {
		if err := r.server.Desk.StepAside(r.ctx(), r.token); err != nil {
			return err
		}
	}
	r.token = token
	r.remember(token)
	return nil
}

func (r *request) reloadSession() error {
	session, err := r.server.Sessions.Session(r.ctx(), r.token, true)
	r.session, r.known = session, err == nil
	return err
}

// signInAgain shows the form with what was wrong. Nothing of the password is kept.
func (r *request) signInAgain(err error) error {
	failure := asFailure(err)
	switch failure.Key {
	case "error.signin":
	case "error.signin_wait":
		if len(failure.Args) == 1 {
			if seconds, ok := failure.Args[0].(int); ok {
				r.Set("Retry-After", strconv.Itoa(seconds))
			}
		}
	default:
		return err
	}
	v := r.signInView()
	v.Next, v.Carry, v.InPlace = r.value("next"), r.value("carry"), r.ticked("inplace")
	if login := r.value("login"); login != "" {
		v.Login.Value = login
	}
	v.Password.Focus = true
	v.Problems = view.Problems{{Field: "password", Text: r.t(failure.Key, failure.Args...)}}
	v.Password = v.Password.With(v.Problems)
	return r.reply(http.StatusUnprocessableEntity, "signin", v)
}

// lockScreen closes this screen, not the vault.
func lockScreen(r *request) error {
	if r.known && !r.session.Kiosk {
		if err := r.server.Desk.Lock(r.ctx(), r.token); err != nil {
			return err
		}
	}
	return r.redirect("/masuk")
}

func signOut(r *request) error {
	if r.known && !r.session.Kiosk {
		if err := r.server.Desk.SignOut(r.ctx(), r.token); err != nil {
			return err
		}
	}
	r.forget()
	return r.redirect("/masuk")
}

func showCloseVault(r *request) error {
	v := &view.CloseVault{}
	v.Title = r.t("vault.title")
	return r.page("vault", v)
}

// closeVault ends all sessions of this node; the kiosk goes on and seals what it writes.
func closeVault(r *request) error {
	if err := r.server.Desk.CloseVault(r.ctx(), r.actor()); err != nil {
		return err
	}
	r.forget()
	return r.redirect("/masuk")
}

func (r *request) forgottenView() *view.Forgotten {
	v := &view.Forgotten{Reopen: r.canReopen()}
	v.Title = r.t("forgot.title")
	v.Login = view.Choice{Name: "login", Label: r.t("signin.officer"), Options: r.logins(), Value: r.value("login")}
	if len(v.Login.Options) == 1 {
		v.Login.Value = v.Login.Options[0].Value
	}
	v.Words = view.Field{Name: "words", Label: r.t("forgot.words"), Hint: r.t("forgot.words.hint"), Lines: 3, Auto: "off",
		Value: r.value("words")}
	v.Password = view.Field{Name: "password", Label: r.t("password.new"), Hint: r.t("password.hint"), Kind: "password", Auto: "new-password"}
	return v
}

func showForgotten(r *request) error { return r.page("forgotten", r.forgottenView()) }

func recoverWithSheet(r *request) error {
	login, password := r.value("login"), r.form.Get("password")
	err := r.server.Desk.RecoverWithSheet(r.ctx(), r.value("words"), login, password)
	if err == nil {
		if err = r.enter(login, password); err != nil {
			return r.signInAgain(err)
		}
		if err = r.reloadSession(); err != nil {
			return err
		}
		return r.redirect(r.home())
	}
	v := r.forgottenView()
	if asFailure(err).Key == "error.signin_wait" {
		v.Problems = view.Problems{{Field: "words", Text: r.t("error.signin_wait", asFailure(err).Args...)}}
	} else if v.Problems = r.problems(err); len(v.Problems) == 0 {
		return err
	}
	v.Login, v.Words, v.Password = v.Login.With(v.Problems), v.Words.With(v.Problems), v.Password.With(v.Problems)
	return r.reply(http.StatusUnprocessableEntity, "forgotten", v)
}

// notSetUp reports whether this is the first run.
func (s *server) notSetUp() bool { return s.Setup != nil && s.Setup() }

// secretField reports whether a field holds what must never be written into a page again.
func secretField(name string) bool {
	return strings.Contains(name, "password") || name == "words"
}
