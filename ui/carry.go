package ui

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"simpul/node/library"
	"simpul/ui/view"
)

// carried is a form that was sent after the session had ended. It travels sealed through the sign-in page, so that
// nobody at the locked PC can read it there, and is offered again afterwards.
type carried struct {
	Path string              `json:"p"`
	Form map[string][]string `json:"f"`
}

const carriedForm = "carried form"

// askToSignIn shows the sign-in page in place of the one asked for. An interrupted form comes along.
func (r *request) askToSignIn() error {
	if r.server.notSetUp() && !r.fragment() {
		return r.redirect("/pasang")
	}
	v := r.signInView()
	if !unsafeMethod(r.Method()) && !r.fragment() {
		v.Next = r.Path()
	}
	// A screen that asks by itself must not wipe the form that someone is filling in: the password is asked above it. When
	// the session has ended, the page is opened anew, with the draft that was kept, or that comes along because the end
	// of the session was told in answer to it.
	if v.InPlace = r.fragment(); v.InPlace {
		if page, err := url.Parse(r.Get("HX-Current-URL")); err == nil && localPath(page.Path) {
			v.Next = page.Path
		}
	}
	if _, draft := draftFor(r.Path()); len(r.form) > 0 && (draft || !v.InPlace) {
		sealed, err := r.server.sealed(carriedForm, carried{Path: r.Path(), Form: r.form})
		if err != nil {
			return err
		}
		v.Carry = sealed
	}
	return r.answerFailure(http.StatusUnauthorized, "signin", v)
}

// draftFor is the registration whose draft is saved at a path.
func draftFor(path string) (id library.ID, is bool) {
	path, is = strings.CutSuffix(path, "/"+draftWord)
	if path, under := strings.CutPrefix(path, "/daftar/"); is && under {
		id, err := library.ParseID(path)
		return id, err == nil
	}
	return id, false
}

// keepCarried saves a draft that came along through the sign-in. It reports false when there was none, or when the program
// has been restarted since. Who signs in may be another officer: a draft is kept as theirs who may write it.
func (r *request) keepCarried(sealed string) bool {
	var kept carried
	if !r.server.unsealed(carriedForm, sealed, &kept) {
		return false
	}
	id, is := draftFor(kept.Path)
	if !is {
		return false
	}
	now := r.form
	r.form = kept.Form
	defer func() { r.form = now }()
	if err := r.server.Desk.SaveDraft(r.ctx(), r.actor(), id, r.answers()); err != nil {
		r.server.Log.Warn("a draft that came through the sign-in is not kept", "id", requestID(r.Ctx), "error", err.Error())
	}
	return true
}

// unlocked ends a sign-in that was asked for above a page (field "inplace"): the lock goes, the page is as it was. It
// fits only while the session is the same one; a new session needs a new page.
func (r *request) unlocked() error {
	r.Type("html", "utf-8")
	return r.SendString("")
}

// resume shows the interrupted form's one button after a sign-in. It reports false when there was none, or when the
// program has been restarted since.
func (r *request) resume(sealed string) (shown bool, err error) {
	var kept carried
	if !r.server.unsealed(carriedForm, sealed, &kept) || !localPath(kept.Path) {
		return false, nil
	}
	r.form = kept.Form
	v := &view.Resume{Action: kept.Path, Fields: r.hidden()}
	v.Title = r.t("resume.title")
	return true, r.page("resume", v)
}

// sealed writes a value down so that only this process can read it. purpose keeps what was sealed for one page from being
// sent to another.
func (s *server) sealed(purpose string, value any) (string, error) {
	plain, err := json.Marshal(value)
	if err != nil {
		return "", fmt.Errorf("seal for %s: %w", purpose, err)
	}
	nonce := make([]byte, s.seal.NonceSize())
	if _, err := io.ReadFull(s.Random, nonce); err != nil {
		return "", fmt.Errorf("seal for %s: %w", purpose, err)
	}
	return base64.RawURLEncoding.EncodeToString(s.seal.Seal(nonce, nonce, plain, []byte(purpose))), nil
}

// unsealed reads into value what sealed has written; false when it was not written here, by this process, for this purpose.
func (s *server) unsealed(purpose, text string, value any) bool {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(raw) < s.seal.NonceSize() {
		return false
	}
	plain, err := s.seal.Open(nil, raw[:s.seal.NonceSize()], raw[s.seal.NonceSize():], []byte(purpose))
	return err == nil && json.Unmarshal(plain, value) == nil
}

// hidden lists the fields of the form for another sending, without the token of the old session. Secrets are not
// repeated.
func (r *request) hidden() []view.Hidden {
	var fields []view.Hidden
	for _, name := range slices.Sorted(maps.Keys(r.form)) {
		if name == csrfField || secretField(name) || name == "carry" {
			continue
		}
		for _, value := range r.form[name] {
			fields = append(fields, view.Hidden{Name: name, Value: value})
		}
	}
	return fields
}

// localPath accepts only paths of this node: no other host, no backslash that a browser would read as a slash.
func localPath(path string) bool {
	return len(path) > 0 && path[0] == '/' && (len(path) == 1 || path[1] != '/') && library.CleanLine(path) == path &&
		!slices.Contains([]byte(path), '\\')
}
