package ui

import (
	"simpul/node/library"
	"simpul/node/office"
	"simpul/ui/view"
)

// kitRoutes: what makes this centre again when its PC is lost. It is the last page of a centre's set-up.
func (s *server) kitRoutes() []route {
	manage := officerWho(library.ManageNodes)
	return []route{
		get("/cabang/paket", manage, showKit),
		get("/cabang/paket/simpan", manage, saveKit),
		get("/cabang/paket/cetak", manage, printKit),
		post("/cabang/paket/kunci", officerWho(library.ManageSettings), startAlone),
	}
}

func showKit(r *request) error {
	v, err := r.kitView()
	if err != nil {
		return err
	}
	return r.page("kit", v)
}

func (r *request) kitView() (*view.Kit, error) {
	if _, err := r.office(); err != nil {
		return nil, err
	}
	v := &view.Kit{New: r.Query("baru") != "", Save: "/cabang/paket/simpan", Print: "/cabang/paket/cetak", Next: view.Link{Path: "/ikhtisar", Text: r.t("kit.next")}}
	v.Title = r.t("kit.title")
	if !r.may(library.ManageSettings) {
		return v, nil
	}
	has, err := r.server.Desk.HasKeyFile(r.ctx())
	if err != nil {
		return nil, err
	}
	if v.KeyFile = r.keyFile(has); v.KeyFile.Path.Value == "" {
		v.KeyFile.Path.Value = r.server.Desk.Dir + ".key" // where a start looks for it
	}
	v.KeyFile.Path.Hint = ""
	return v, nil
}

// saveKit answers the kit as a file. The file opens nothing without the words of the sheet.
func saveKit(r *request) error {
	o, err := r.office()
	if err != nil {
		return err
	}
	kit, err := o.Kit(r.ctx(), r.actor())
	if err != nil {
		return err
	}
	return r.content("text/plain; charset=utf-8", "simpul-paket-pemulihan.txt", []byte(kit.Text))
}

func printKit(r *request) error {
	o, err := r.office()
	if err != nil {
		return err
	}
	pdf, err := o.KitSheet(r.ctx(), r.actor(), office.SheetWords{Title: r.t("kit.title"), Subtitle: r.server.Desk.Settings().Name, Keep: r.t("kit.where"), Scan: r.t("kit.paper"),
		Footer: r.t("dayslip.footer", r.moment(r.now()))})
	if err != nil {
		return err
	}
	return r.pdf("paket-pemulihan.pdf", pdf)
}

// startAlone has the centre open by itself when its PC starts.
func startAlone(r *request) error {
	err := r.server.Desk.MakeKeyFile(r.ctx(), r.actor(), r.value("key_file"))
	if err == nil {
		return r.done("/cabang/paket", "done.key_file")
	}
	v, viewErr := r.kitView()
	if viewErr != nil {
		return viewErr
	}
	v.KeyFile.Path = v.KeyFile.Path.With(r.problems(err))
	return r.invalid("kit", v, err)
}
