package ui

import (
	"simpul/node/library"
	"simpul/ui/view"
)

// Trial is where a node with made-up people runs beside this one.
type Trial struct {
	URL, Login, Password string
}

// trialRoutes let an officer try things without touching the real data.
func (s *server) trialRoutes() []route {
	return []route{
		get("/contoh", anyOfficer(), showTrial),
		post("/contoh", anyOfficer(), startTrial),
	}
}

func showTrial(r *request) error {
	v := &view.Trial{}
	v.Title = r.t("trial.title")
	return r.page("trial", v)
}

func startTrial(r *request) error {
	if r.server.Trial == nil {
		return library.E(library.KindNotFound, "error.not_found")
	}
	t, err := r.server.Trial(r.ctx())
	if err != nil {
		return err
	}
	v := &view.Trial{Address: t.URL, Login: t.Login, Password: t.Password}
	v.Title = r.t("trial.title")
	return r.page("trial", v)
}
