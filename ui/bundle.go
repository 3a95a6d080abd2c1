package ui

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/office"
	"simpul/ui/text"
	"simpul/ui/view"
)

// bundleRoutes carry the exchange on a stick, both ways: at a branch to the centre, at the centre to a branch.
func (s *server) bundleRoutes() []route {
	may := officerWho(library.Backup)
	return []route{
		get("/data/stik", may, showStick),
		post("/data/stik/simpan", may, saveBundle),
		streamed("/data/stik/masukkan", may, takeBundle),
		poll("/data/stik/keadaan", anyOfficer(), showCarrying),
		get("/cabang/stik", may, showStickOfCentre),
		post("/cabang/stik/simpan", may, saveBundleOfCentre),
		streamed("/cabang/stik/masukkan", may, takeBundleOfCentre),
	}
}

func showStick(r *request) error {
	v, err := r.stickView()
	if err != nil {
		return err
	}
	return r.page("bundle", v)
}

// stickView is the page of a branch: what would go out, and until when that may be taken in.
func (r *request) stickView() (*view.Bundle, error) {
	e, err := r.server.Desk.Exchange(r.ctx(), r.actor())
	if err != nil {
		return nil, err
	}
	if e.State == desk.ExchangeAlone {
		return nil, library.E(library.KindNotFound, "error.not_joined")
	}
	left, err := r.server.Desk.Leftovers(r.ctx(), r.actor())
	if err != nil {
		return nil, err
	}
	v := r.stick("/data/stik", "/data")
	v.Holds = []view.Fact{{Name: r.t("bundle.holds.records"), Value: text.Number(r.lang, left.NotDurable)}, {Name: r.t("bundle.holds.photos"), Value: r.number(e.Photos)}}
	if !e.Oldest.IsZero() {
		v.Holds = append(v.Holds, view.Fact{Name: r.t("bundle.holds.since"), Value: r.moment(e.Oldest)})
	}
	return v, nil
}

// stick is what both pages have.
func (r *request) stick(at, back string) *view.Bundle {
	v := &view.Bundle{Out: r.t("bundle.out"), OutText: r.t("bundle.out.text"), Export: at + "/simpan", Import: at + "/masukkan", Back: back, Carrying: r.carrying(),
		Until: r.t("bundle.until", text.Date(r.now().Add(desk.BundleLife).In(r.server.Zone)))}
	v.Title = r.t("bundle.title")
	return v
}

func showStickOfCentre(r *request) error {
	v, err := r.stickViewOfCentre()
	if err != nil {
		return err
	}
	return r.page("bundle", v)
}

func (r *request) stickViewOfCentre() (*view.Bundle, error) {
	o, err := r.office()
	if err != nil {
		return nil, err
	}
	list, err := o.Nodes(r.ctx(), r.actor())
	if err != nil {
		return nil, err
	}
	v := r.stick("/cabang/stik", "/cabang")
	v.Out, v.OutText = r.t("bundle.out.centre"), r.t("bundle.out.centre.text")
	v.To = view.Choice{Name: "to", Label: r.t("bundle.to"), Value: r.value("to")}
	for _, pc := range list {
		if !pc.Revoked() {
			v.To.Options = append(v.To.Options, view.Option{Value: pc.ID.String(), Text: pc.Name + " · " + nnn(pc)})
		}
	}
	if len(v.To.Options) == 0 {
		v.Export = "" // nobody to take it to
	}
	return v, nil
}

// saveBundle hands out a bundle for the centre. It is whole before its first byte goes.
func saveBundle(r *request) error {
	return r.handOut("simpul-ke-pusat.simpul", func(ctx context.Context, create func(int) (io.WriteCloser, error)) error {
		_, err := r.server.Desk.ExportBundle(ctx, r.actor(), create)
		return err
	})
}

func saveBundleOfCentre(r *request) error {
	o, err := r.office()
	if err != nil {
		return err
	}
	to, err := library.ParseID(r.value("to"))
	if err != nil {
		v, verr := r.stickViewOfCentre()
		if verr != nil {
			return verr
		}
		err := library.Invalid(library.Problem{Field: "to", Key: library.KeyChoose})
		v.To = v.To.With(r.problems(err))
		return r.invalid("bundle", v, err)
	}
	return r.handOut("simpul-ke-cabang.simpul", func(ctx context.Context, create func(int) (io.WriteCloser, error)) error {
		_, err := o.ExportBundle(ctx, r.actor(), to, office.PhotosOnStick, create)
		return err
	})
}

func (r *request) handOut(name string, export func(context.Context, func(int) (io.WriteCloser, error)) error) error {
	stick, err := r.server.Desk.NewStick(r.actor())
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.ctx()), streamTime)
	defer cancel()
	file, size, err := wholeBundle(ctx, stick, export)
	if err != nil {
		return errors.Join(err, stick.Close())
	}
	r.Set("Content-Type", "application/octet-stream")
	r.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	return r.Status(http.StatusOK).SendStream(&takenAway{file, stick}, size)
}

// wholeBundle makes the bundle and opens it. One that needs a second part is too large for a browser to save in one go.
func wholeBundle(ctx context.Context, stick *desk.Stick, export func(context.Context, func(int) (io.WriteCloser, error)) error) (io.ReadCloser, int, error) {
	if err := export(ctx, stick.Create); err != nil {
		return nil, 0, err
	}
	if stick.Parts() > 1 {
		return nil, 0, library.E(library.KindInvalid, "error.bundle_large").Hinted("error.bundle_large.hint")
	}
	size, err := stick.Size(1)
	if err != nil {
		return nil, 0, err
	}
	file, err := stick.Open(1)
	return file, int(size), err
}

// takenAway is a file that is gone once it was sent.
type takenAway struct {
	io.ReadCloser
	stick *desk.Stick
}

// Close closes the file and removes it.
func (t *takenAway) Close() error { return errors.Join(t.ReadCloser.Close(), t.stick.Close()) }

func takeBundle(r *request) error {
	var got desk.Bundle
	err := r.takeIn(func(ctx context.Context, open func(int) (io.ReadCloser, error)) (err error) {
		got, err = r.server.Desk.ImportBundle(ctx, r.actor(), open)
		return err
	})
	v, verr := r.stickView()
	if verr != nil {
		return errors.Join(err, verr)
	}
	if err != nil {
		return r.bundleAgain(v, err)
	}
	v.Done = r.cameIn(got, got.Answers > 0)
	v.Done.Facts = append(v.Done.Facts, view.Fact{Name: r.t("bundle.taken.members"), Value: r.number(got.Events)}, view.Fact{Name: r.t("bundle.taken.photos"), Value: r.number(got.Pieces)})
	return r.page("bundle", v)
}

func takeBundleOfCentre(r *request) error {
	o, err := r.office()
	if err != nil {
		return err
	}
	var got office.Carried
	err = r.takeIn(func(ctx context.Context, open func(int) (io.ReadCloser, error)) (err error) {
		got, err = o.ImportBundle(ctx, r.actor(), open)
		return err
	})
	v, verr := r.stickViewOfCentre()
	if verr != nil {
		return errors.Join(err, verr)
	}
	if err != nil {
		return r.bundleAgain(v, err)
	}
	v.Done = r.cameIn(got.Bundle, got.Fresh+got.Pieces > 0)
	v.Done.Facts = append([]view.Fact{{Name: r.t("bundle.taken.from"), Value: got.Name}}, v.Done.Facts...)
	v.Done.Facts = append(v.Done.Facts, view.Fact{Name: r.t("bundle.taken.records"), Value: r.number(got.Fresh)}, view.Fact{Name: r.t("bundle.taken.photos"), Value: r.number(got.Pieces)})
	if got.Apart > 0 {
		v.Done.State, v.Done.Text = view.Warn, r.t("bundle.taken.apart")
		v.Done.Facts = append(v.Done.Facts, view.Fact{Name: r.t("bundle.taken.held"), Value: r.number(got.Apart)})
	}
	return r.page("bundle", v)
}

// takeIn keeps the files while they arrive, and reads them when all are there.
func (r *request) takeIn(read func(context.Context, func(int) (io.ReadCloser, error)) error) error {
	stick, err := r.server.Desk.NewStick(r.actor())
	if err != nil {
		return err
	}
	defer func() {
		if err := stick.Close(); err != nil {
			r.server.Log.Warn("remove a stick's files", "err", err)
		}
	}()
	if err := r.files(func(_ context.Context, name string, content io.Reader) error { return stick.Take(name, content) }); err != nil {
		return err
	}
	if stick.Parts() == 0 {
		return library.Invalid(library.Problem{Field: "file", Key: "problem.bundle.none"})
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.ctx()), streamTime)
	defer cancel()
	return read(ctx, stick.Open)
}

func (r *request) bundleAgain(v *view.Bundle, err error) error {
	v.Problem, _ = r.problems(err).At("file")
	return r.invalid("bundle", v, err)
}

func (r *request) cameIn(b desk.Bundle, something bool) *view.Taken {
	t := &view.Taken{State: view.OK, Title: r.t("bundle.taken"), Text: r.t("bundle.taken.new"), Facts: []view.Fact{{Name: r.t("bundle.taken.made"), Value: r.moment(b.Made)}}}
	if !something {
		t.State, t.Text = view.Quiet, r.t("bundle.taken.old")
	}
	return t
}

// carrying is how far a stick is that is being written or taken in; the page asks for it again and again.
func (r *request) carrying() view.Carrying {
	c, going := r.server.Desk.Carrying()
	v := view.Carrying{Poll: "/data/stik/keadaan?v=" + mark(c, going, r.lang)}
	if !going {
		return v
	}
	kilobytes := func(n int64) string { return text.Number(r.lang, (n+999)/1000) }
	v.Done, v.Total, v.Hint = c.Done, c.Total, r.t("carry.leave")
	switch {
	case c.Doing == desk.CarryWriting && c.Total == 0:
		v.Text, v.Hint = r.t("carry.begin"), r.t("carry.stay")
	case c.Doing == desk.CarryWriting:
		v.Text, v.Hint = r.t("carry.writing", text.Number(r.lang, c.Done), text.Number(r.lang, c.Total)), r.t("carry.stay")
	case c.Doing == desk.CarryPhotos:
		v.Text, v.Hint = r.t("carry.photos", text.Number(r.lang, c.Done)), r.t("carry.stay")
	case c.Doing == desk.CarryTaking:
		v.Text = r.t("carry.taking", kilobytes(c.Done), kilobytes(c.Total))
	default:
		v.Text = r.t("carry.checking", kilobytes(c.Done))
	}
	return v
}

func showCarrying(r *request) error {
	v := r.carrying()
	if strings.HasSuffix(v.Poll, "?v="+r.Query("v")) {
		return r.unchanged()
	}
	return r.part("bundle", "carrying", v)
}
