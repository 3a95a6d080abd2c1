package ui

import (
	"net/http"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui/view"
)

// officerRoutes: who works here, their tasks, and their passwords.
func (s *server) officerRoutes() []route {
	manage := officerWho(library.ManageOfficers)
	return []route{
		get("/petugas", anyOfficer(), showOfficers),
		get("/petugas/baru", manage, showNewOfficer),
		post("/petugas", manage, addOfficer),
		get("/petugas/:id", manage, showOfficer),
		post("/petugas/:id", manage, changeOfficer),
		get("/petugas/:id/sandi", officerWho(library.ResetPassword), showReset),
		post("/petugas/:id/sandi", officerWho(library.ResetPassword), resetPassword),
		get("/sandi", anyOfficer(), showOwnPassword),
		post("/sandi", anyOfficer(), changeOwnPassword),
	}
}

func showOfficers(r *request) error {
	officers, err := r.server.Desk.Officers(r.ctx())
	if err != nil {
		return err
	}
	v := &view.Officers{Add: r.may(library.ManageOfficers), Sheet: sheetPath}
	v.Title = r.t("officers.title")
	v.Table = view.Table{Caption: v.Title, Columns: []view.Column{{Text: r.t("officers.name")}, {Text: r.t("officers.login")},
		{Text: r.t("officers.role")}, {Text: r.t("officers.state")}}}
	for _, o := range officers {
		row := view.Row{ID: o.ID.String(), Cells: []view.Cell{{Text: o.Name}, {Text: o.Login}, {Text: r.t("role." + string(o.Role))},
			{Text: r.t("officers.active"), State: view.OK}}}
		if !o.Active {
			row.Cells[3] = view.Cell{Text: r.t("officers.left"), State: view.Quiet}
		}
		switch {
		case v.Add:
			row.Link = "/petugas/" + o.ID.String()
		case r.may(library.ResetPassword) && o.Active && r.session.Role.Covers(o.Role):
			row.Link = "/petugas/" + o.ID.String() + "/sandi"
		}
		v.Table.Rows = append(v.Table.Rows, row)
	}
	return r.page("officers", v)
}

// roles are the tasks to choose from, explained.
func (r *request) roles(chosen string) view.Choice {
	c := view.Choice{Name: "role", Label: r.t("officers.role"), Value: chosen}
	for _, role := range library.Roles() {
		c.Options = append(c.Options, view.Option{Value: string(role), Text: r.t("role." + string(role)), Hint: r.t("role." + string(role) + ".hint")})
	}
	return c
}

func (r *request) newOfficerView() *view.NewOfficer {
	v := &view.NewOfficer{Role: r.roles(r.value("role"))}
	v.Title = r.t("officers.new")
	v.Name = view.Field{Name: "name", Label: r.t("officers.name"), Value: r.value("name"), Auto: "off", NoSpell: true, Maximum: 100, Focus: true}
	v.Login = view.Field{Name: "login", Label: r.t("officers.login"), Hint: r.t("officers.login.hint"), Value: r.value("login"), Auto: "off", Width: 20, Maximum: 40}
	v.Password = view.Field{Name: "password", Label: r.t("signin.password"), Hint: r.t("officers.password.hint"), Kind: "password", Auto: "new-password"}
	return v
}

func showNewOfficer(r *request) error { return r.page("officer-new", r.newOfficerView()) }

func addOfficer(r *request) error {
	op, err := r.operation()
	if err != nil {
		return err
	}
	_, err = r.server.Desk.AddOfficer(r.ctx(), r.actor(), op, desk.OfficerInput{Login: r.value("login"), Name: r.value("name"),
		Role: library.Role(r.value("role")), Password: r.form.Get("password")})
	if err == nil {
		return r.done("/petugas", "done.officer_added")
	}
	v, p := r.newOfficerView(), r.problems(err)
	v.Name, v.Login, v.Password, v.Role = v.Name.With(p), v.Login.With(p), v.Password.With(p), v.Role.With(p)
	return r.invalid("officer-new", v, err)
}

// colleague is the officer whose page this is.
func (r *request) colleague() (desk.Officer, error) {
	id, err := r.id("id")
	if err != nil {
		return desk.Officer{}, err
	}
	officers, err := r.server.Desk.Officers(r.ctx())
	if err != nil {
		return desk.Officer{}, err
	}
	for _, o := range officers {
		if o.ID == id {
			return o, nil
		}
	}
	return desk.Officer{}, library.E(library.KindNotFound, "error.not_found")
}

func (r *request) officerView(o desk.Officer) *view.EditOfficer {
	v := &view.EditOfficer{ID: o.ID.String(), Who: o.Name, Login: o.Login, Role: r.roles(string(o.Role)), Left: !o.Active}
	v.Title = r.t("officers.edit")
	v.Name = view.Field{Name: "name", Label: r.t("officers.name"), Value: o.Name, Auto: "off", NoSpell: true, Maximum: 100}
	v.Active = view.Check{Name: "active", Label: r.t("officers.active.label"), Hint: r.t("officers.active.hint"), On: o.Active}
	return v
}

func showOfficer(r *request) error {
	o, err := r.colleague()
	if err != nil {
		return err
	}
	return r.page("officer", r.officerView(o))
}

func changeOfficer(r *request) error {
	op, err := r.operation()
	if err != nil {
		return err
	}
	o, err := r.colleague()
	if err != nil {
		return err
	}
	wasActive := o.Active
	o.Name, o.Role, o.Active = r.value("name"), library.Role(r.value("role")), r.ticked("active")
	err = r.server.Desk.ChangeOfficer(r.ctx(), r.actor(), op, o.ID, o.Name, o.Role, o.Active)
	switch {
	case err == nil && o.Active && !wasActive:
		return r.done("/petugas/"+o.ID.String()+"/sandi", "done.officer_back")
	case err == nil:
		return r.done("/petugas", "done.saved")
	}
	v, p := r.officerView(o), r.problems(err)
	v.Name, v.Role, v.Active = v.Name.With(p), v.Role.With(p), v.Active.With(p)
	return r.invalid("officer", v, err)
}

func (r *request) resetView(o desk.Officer) *view.Password {
	v := &view.Password{Action: "/petugas/" + o.ID.String() + "/sandi", Who: o.Name, Text: r.t("password.reset.text"), Back: "/petugas"}
	v.Title = r.t("password.reset")
	v.New = view.Field{Name: "password", Label: r.t("password.new"), Hint: r.t("password.hint"), Kind: "password", Auto: "new-password", Focus: true}
	return v
}

func showReset(r *request) error {
	o, err := r.colleague()
	if err != nil {
		return err
	}
	return r.page("password", r.resetView(o))
}

func resetPassword(r *request) error {
	o, err := r.colleague()
	if err != nil {
		return err
	}
	if err = r.server.Desk.ResetPassword(r.ctx(), r.actor(), o.ID, r.form.Get("password")); err == nil {
		return r.done("/petugas", "done.password")
	}
	v := r.resetView(o)
	v.New = v.New.With(r.problems(err))
	return r.invalid("password", v, err)
}

func (r *request) ownPasswordView() *view.Password {
	v := &view.Password{Action: "/sandi", Text: r.t("password.own.text"), Back: "/meja"}
	v.Title = r.t("officer.password")
	v.Old = view.Field{Name: "old_password", Label: r.t("password.old"), Kind: "password", Auto: "current-password", Focus: true}
	v.New = view.Field{Name: "password", Label: r.t("password.new"), Hint: r.t("password.hint"), Kind: "password", Auto: "new-password"}
	return v
}

func showOwnPassword(r *request) error { return r.page("password", r.ownPasswordView()) }

// changeOwnPassword ends all sessions of this officer, on other browsers too, and goes on here with a new one.
func changeOwnPassword(r *request) error {
	fresh := r.form.Get("password")
	err := r.server.Desk.ChangePassword(r.ctx(), r.actor(), r.session.Login, r.form.Get("old_password"), fresh)
	if err == nil {
		if err := r.enter(r.session.Login, fresh); err != nil {
			return err
		}
		return r.done("/petugas", "done.password")
	}
	v := r.ownPasswordView()
	if failure := asFailure(err); failure.Key == "error.signin_wait" {
		v.Problems = view.Problems{{Field: "old_password", Text: r.t(failure.Key, failure.Args...)}}
		v.Old = v.Old.With(v.Problems)
		return r.reply(http.StatusUnprocessableEntity, "password", v)
	}
	p := r.problems(err)
	v.Old, v.New = v.Old.With(p), v.New.With(p)
	return r.invalid("password", v, err)
}
