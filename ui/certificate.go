package ui

import (
	"strings"
	"time"

	"simpul/node/library"
	"simpul/ui/text"
	"simpul/ui/view"
)

// Secure is the library's own TLS certificate. What a person chose is looked at first, shown, and used only then.
type Secure interface {
	Door() SecureDoor
	// Offer checks what was chosen: library.KindInvalid with the problem at its field.
	Offer(CertificateFiles) error
	// Offered is what waits to be taken, in memory and for some minutes.
	Offered() (Certificate, bool)
	// Take uses it at once. library.KindConflict when another was chosen meanwhile, or flags decide.
	Take(mark string) error
	Drop() error
}

// SecureDoor is the certificate in use, and where people come in with it.
type SecureDoor struct {
	There       bool
	Given       bool // by flags, which win over what is chosen here
	Off         bool // a flag keeps the officers' door shut
	Certificate Certificate
	URL         string         // of the officers' screens, "https://perpus.example:8714"; "" while nobody can come in
	ForPhones   string         // host under which phones would come in by https; "" when none fits
	Problem     *library.Error // what browsers will not like about it; nil for nothing
}

// Certificate is what people are told of a certificate.
type Certificate struct {
	Mark        string // of this very one, with its key
	Names       []string
	From, Until time.Time // zero Until: it cannot be read now
	Issuer      string
	Here        string // address of this PC that is in it; "" for none. Of one that is looked at
	Warnings    []*library.Error
}

// CertificateFiles is what was chosen: a certificate with its chain and its key, in one file or two, as PEM, DER or PKCS#12.
type CertificateFiles struct {
	Certificate, Key []byte
	Password         string // of PKCS#12
}

// The fields of that form.
const (
	FieldCertificate = "tls_certificate"
	FieldKey         = "tls_key"
	FieldPassword    = "tls_password"
)

// keyEnding is the one thing wrong with a certificate that browsers do not mind yet.
const keyEnding = "tls.ending"

const certificatePath = "/pengaturan/jaringan/sertifikat"

func (s *server) certificateRoutes() []route {
	manage := officerWho(library.ManageSettings)
	return []route{
		get(certificatePath, manage, showCertificate),
		upload(certificatePath, manage, chooseCertificate),
		post(certificatePath+"/pakai", manage, takeCertificate),
		post(certificatePath+"/lepas", manage, dropCertificate),
	}
}

// secureDoor is how it stands; nothing where there can be none.
func (r *request) secureDoor() SecureDoor {
	if r.server.Secure == nil {
		return SecureDoor{}
	}
	return r.server.Secure.Door()
}

// tls says what there is of a certificate and how to get there, with the form for another.
func (r *request) tls() view.TLS {
	d := r.secureDoor()
	v := view.TLS{State: view.OK, Text: r.t("tls.open"), URL: d.URL, Choose: r.certificateForm(), Replace: d.There}
	switch {
	case !d.There:
		v.State, v.Text, v.Hint = view.Quiet, r.t("tls.none"), r.t("tls.none.hint")
	case d.Problem != nil:
		v.State, v.Text, v.Hint = view.Bad, r.t(d.Problem.Key, d.Problem.Args...), r.t(d.Problem.Hint)
		if d.Problem.Key == keyEnding {
			v.State = view.Warn
		}
	case d.Off:
		v.Text = r.t("tls.off")
	}
	if d.There {
		v.Facts = r.certificateFacts(d.Certificate)
	}
	switch {
	case d.Given:
		v.Choose, v.Given = nil, r.t("tls.given")
	case d.There:
		v.Drop = &view.Confirm{Action: certificatePath + "/lepas", CSRF: r.csrf(), Text: r.t("tls.drop"), Explain: r.t("tls.drop.explain"), Button: r.t("tls.drop.do"), Danger: true, Bare: true}
	}
	return v
}

func (r *request) certificateForm() *view.CertificateForm {
	return &view.CertificateForm{
		Certificate: view.Field{Name: FieldCertificate, Label: r.t("tls.file"), Hint: r.t("tls.file.hint")},
		Key:         view.Field{Name: FieldKey, Label: r.t("tls.key"), Hint: r.t("tls.key.hint"), Optional: true},
		Password:    view.Field{Name: FieldPassword, Label: r.t("tls.password"), Hint: r.t("tls.password.hint"), Kind: "password", Auto: "off", Maximum: 200, Optional: true},
	}
}

func (r *request) certificateFacts(c Certificate) []view.Fact {
	if c.Until.IsZero() {
		return nil
	}
	day := func(at time.Time) string { return text.Date(at.In(r.server.Zone)) }
	return []view.Fact{{Name: r.t("tls.names"), Value: strings.Join(c.Names, ", ")}, {Name: r.t("tls.from"), Value: day(c.From)}, {Name: r.t("tls.until"), Value: day(c.Until)},
		{Name: r.t("tls.issuer"), Value: c.Issuer}}
}

// chooseCertificate looks at the files; nothing is used yet.
func chooseCertificate(r *request) error {
	if r.server.Secure == nil {
		return library.E(library.KindNotFound, "error.not_found")
	}
	certificate, err := r.file(FieldCertificate)
	if err != nil {
		return err
	}
	key, err := r.file(FieldKey)
	if err != nil {
		return err
	}
	err = r.server.Secure.Offer(CertificateFiles{Certificate: certificate, Key: key, Password: r.form.Get(FieldPassword)})
	clear(key)
	if err == nil {
		return r.redirect(certificatePath)
	}
	f, page := newSettingsForm(r, false), settingsPage("/jaringan")
	settingsPages[page].page(f)
	v, viewErr := r.settingsView(page, f)
	if viewErr != nil {
		return viewErr
	}
	if c := v.Network.TLS.Choose; c != nil {
		problems := r.problems(err)
		c.Certificate, c.Key, c.Password, c.Open = c.Certificate.With(problems), c.Key.With(problems), c.Password.With(problems), true
	}
	return r.invalid("settings", v, err)
}

// showCertificate is what was found in them.
func showCertificate(r *request) error {
	var c Certificate
	there := false
	if r.server.Secure != nil {
		c, there = r.server.Secure.Offered()
	}
	if !there { // taken, or left lying too long
		return r.redirect("/pengaturan/jaringan")
	}
	return r.page("certificate", r.certificateView(c))
}

func (r *request) certificateView(c Certificate) *view.Certificate {
	v := &view.Certificate{Mark: c.Mark, Facts: r.certificateFacts(c), Action: certificatePath + "/pakai"}
	v.Title = r.t("tls.check")
	if c.Here != "" {
		v.Facts = append(v.Facts, view.Fact{Name: r.t("tls.here"), Value: r.t("tls.here.yes", c.Here), State: view.OK})
	}
	for _, w := range c.Warnings {
		v.Warnings = append(v.Warnings, view.Note{Title: r.t(w.Key, w.Args...), Text: r.t(w.Hint)})
	}
	return v
}

func takeCertificate(r *request) error {
	if r.server.Secure == nil {
		return library.E(library.KindNotFound, "error.not_found")
	}
	if err := r.server.Secure.Take(r.value("mark")); err != nil {
		return err
	}
	return r.done("/pengaturan/jaringan", "done.certificate")
}

func dropCertificate(r *request) error {
	if r.server.Secure == nil {
		return library.E(library.KindNotFound, "error.not_found")
	}
	if err := r.server.Secure.Drop(); err != nil {
		return err
	}
	return r.done("/pengaturan/jaringan", "done.certificate_dropped")
}
