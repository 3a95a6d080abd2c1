package ui

import (
	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui/view"
)

// settingsPages in the order of the side list: the last part of the address, and what draws and reads the page.
var settingsPages = []struct {
	path   string
	page   func(*settingsForm)
	centre bool // only there
}{
	{path: "", page: generalSettings},
	{path: "/kunjungan", page: visitSettings},
	{path: "/anggota", page: memberSettings},
	{path: "/persetujuan", page: consentSettings},
	{path: "/standar", page: standardSettings},
	{path: "/kartu", page: cardSettings},
	{path: "/masa-simpan", page: retentionSettings},
	{path: "/cadangan", page: backupSettings},
	{path: "/pertukaran", page: exchangeSettings},
	{path: "/jaringan", page: networkSettings},
	{path: "/daring", page: publicSettings, centre: true},
}

func (s *server) settingsRoutes() []route {
	manage := officerWho(library.ManageSettings)
	routes := []route{
		poll("/pengaturan/jaringan/pintu", manage, showDoor),
		get("/pengaturan/jaringan/coba.svg", manage, drawTry),
		post("/pengaturan/berkas-kunci", manage, makeKeyFile),
		post("/pengaturan/berkas-kunci/cabut", manage, dropKeyFile),
		upload("/pengaturan/kartu/contoh", manage, lookAtCard),
		upload("/pengaturan/kartu/uji", manage, printTest),
	}
	for i, p := range settingsPages {
		routes = append(routes,
			get("/pengaturan"+p.path, manage, func(r *request) error { return showSettings(r, i) }),
			upload("/pengaturan"+p.path, manage, func(r *request) error { return saveSettings(r, i) }))
	}
	return routes
}

// settingsPage is the place of a page in the list.
func settingsPage(path string) int {
	for i, p := range settingsPages {
		if p.path == path {
			return i
		}
	}
	return 0
}

// settingsKey is the middle of the message keys of a page.
func settingsKey(i int) string {
	if i == 0 {
		return "general"
	}
	return settingsPages[i].path[1:]
}

func showSettings(r *request, page int) error {
	if settingsPages[page].centre {
		if _, err := r.office(); err != nil {
			return err
		}
	}
	f := newSettingsForm(r, false)
	settingsPages[page].page(f)
	v, err := r.settingsView(page, f)
	if err != nil {
		return err
	}
	return r.page("settings", v)
}

func saveSettings(r *request, page int) error {
	op, err := r.operation()
	if err != nil {
		return err
	}
	if settingsPages[page].centre {
		if _, err := r.office(); err != nil {
			return err
		}
	}
	f := newSettingsForm(r, true)
	settingsPages[page].page(f)
	switch {
	case r.value("do") == "look": // a browser without JavaScript asks how the card would look
		v, err := r.settingsView(page, f)
		if err != nil {
			return err
		}
		return r.page("settings", v)
	case len(f.bad) > 0:
		err = library.Invalid(f.bad...)
	default:
		err = r.writeSettings(op, f.values)
	}
	if err == nil {
		return r.done("/pengaturan"+settingsPages[page].path, "done.saved")
	}
	return r.settingsAgain(page, f, err)
}

// settingsAgain shows a page once more, as it was filled, with what is wrong at its fields.
func (r *request) settingsAgain(page int, f *settingsForm, err error) error {
	f.mark(r.problems(err))
	v, viewErr := r.settingsView(page, f)
	if viewErr != nil {
		return viewErr
	}
	return r.invalid("settings", v, err)
}

// writeSettings changes the name, which is the node's own, and the settings.
func (r *request) writeSettings(op library.ID, values map[string]any) error {
	if name, named := values["name"].(string); named {
		delete(values, "name")
		if err := r.server.Desk.Rename(r.ctx(), r.actor(), library.ID{}, name); err != nil {
			return err
		}
	}
	if w, on := values[wifiValue].(desk.WiFi); on {
		delete(values, wifiValue)
		if err := r.server.Desk.SetWiFi(r.ctx(), r.actor(), w); err != nil {
			return err
		}
	}
	return r.server.Desk.SetSettings(r.ctx(), r.actor(), op, values)
}

func (r *request) settingsView(page int, f *settingsForm) (*view.Settings, error) {
	v := &view.Settings{Action: "/pengaturan" + settingsPages[page].path, Parts: f.parts, Save: r.t("common.save")}
	v.Title = r.t("settings.page." + settingsKey(page))
	v.Text = r.t("settings.page." + settingsKey(page) + ".text")
	if settingsPages[page].path == "/pertukaran" && f.s.Role == library.NodeCentre {
		v.Text = r.t("settings.page.pertukaran.text_centre")
	}
	for i, p := range settingsPages {
		if p.centre && f.s.Role != library.NodeCentre {
			continue
		}
		v.Side = append(v.Side, view.NavItem{Path: "/pengaturan" + p.path, Text: r.t("settings.page." + settingsKey(i)), Current: i == page})
	}
	switch settingsPages[page].path {
	case "/cadangan":
		return v, r.addKeyFile(v)
	case "/jaringan":
		v.Network = r.network()
	case "/kartu":
		look, err := r.cardLook(f)
		v.Look = look
		return v, err
	}
	return v, nil
}

// addKeyFile says whether the node starts without a person.
func (r *request) addKeyFile(v *view.Settings) error {
	has, err := r.server.Desk.HasKeyFile(r.ctx())
	if err != nil {
		return err
	}
	v.KeyFile = r.keyFile(has)
	return nil
}

func (r *request) keyFile(has bool) *view.KeyFile {
	return &view.KeyFile{Has: has, Path: view.Field{Name: "key_file", Label: r.t("settings.key_file.path"), Hint: r.t("settings.key_file.path.hint"),
		Value: r.value("key_file"), Auto: "off", Maximum: 300}}
}

func makeKeyFile(r *request) error {
	err := r.server.Desk.MakeKeyFile(r.ctx(), r.actor(), r.value("key_file"))
	if err == nil {
		return r.done("/pengaturan/cadangan", "done.key_file")
	}
	f, page := newSettingsForm(r, false), settingsPage("/cadangan")
	settingsPages[page].page(f)
	v, viewErr := r.settingsView(page, f)
	if viewErr != nil {
		return viewErr
	}
	v.KeyFile.Path = v.KeyFile.Path.With(r.problems(err))
	return r.invalid("settings", v, err)
}

func dropKeyFile(r *request) error {
	if err := r.server.Desk.DropKeyFile(r.ctx(), r.actor()); err != nil {
		return err
	}
	return r.done("/pengaturan/cadangan", "done.key_file_dropped")
}
