package ui

import (
	"bytes"
	"errors"
	"net/http"

	"github.com/gofiber/fiber/v2"

	"simpul/node/library"
	"simpul/ui/view"
)

// fail answers every error that a handler returns: a status, a page in the reader's words, and the form once more when
// one was sent. The error's own words go into the log only.
func (s *server) fail(c *fiber.Ctx, err error) error {
	r := s.request(c, false)
	failure := asFailure(err)
	if unsafeMethod(c.Method()) && (offersRetry(failure) || failure.Kind == library.KindUnauthenticated) {
		_ = r.readBody(photoLimit) // to offer what was typed again; an unreadable body offers nothing
	}
	status := statusOf(failure.Kind)
	s.logFailure(c, failure.Kind, err)
	if failure.Kind == library.KindUnauthenticated {
		return r.askToSignIn()
	}
	v := &view.Error{Text: r.t(failure.Key, failure.Args...), Code: requestID(c)}
	v.Title = r.t("error.title")
	if failure.Hint != "" {
		v.Hint = r.t(failure.Hint)
	}
	v.Home = view.Link{Path: "/", Text: r.t("error.start")}
	if r.signedIn() {
		v.Home = view.Link{Path: r.home(), Text: r.t("error.home")}
		if !r.may(library.DraftRegistration) {
			v.Home.Text = r.t("error.start") // heads of section and service have no counter
		}
	}
	if offersRetry(failure) && len(r.form) > 0 {
		v.Retry = &view.Resume{Action: c.Path(), Fields: r.hidden()}
		v.Retry.CSRF = r.csrf()
	}
	return r.answerFailure(status, "error", v)
}

// answerFailure renders a page in place of what was asked. What htmx asks for, the screen asks by itself, be it to keep a
// draft: the form that somebody is filling in is left alone, except that a lock is laid over it.
func (r *request) answerFailure(status int, page string, v view.Framed) error {
	switch {
	case !r.fragment():
	case status == http.StatusUnauthorized:
		r.Set("HX-Retarget", "#lock")
		r.Set("HX-Reswap", "innerHTML")
	default:
		r.Set("HX-Reswap", "none")
	}
	var out bytes.Buffer
	if err := r.reply(status, page, v); err != nil {
		r.server.Log.Error("render error page", "id", requestID(r.Ctx), "error", err.Error())
		out.WriteString(r.t("error.internal"))
		r.Type("txt", "utf-8")
		return r.Status(http.StatusInternalServerError).Send(out.Bytes())
	}
	return nil
}

// asFailure gives every error a kind, a sentence and a hint.
func asFailure(err error) *library.Error {
	var known *library.Error
	if errors.As(err, &known) {
		if known.Hint == "" && known.Key == "error."+wordOf(known.Kind) {
			return known.Hinted(known.Key + ".hint")
		}
		return known
	}
	kind := library.KindOf(err)
	var foreign *fiber.Error
	if errors.As(err, &foreign) {
		switch foreign.Code {
		case http.StatusNotFound, http.StatusMethodNotAllowed:
			kind = library.KindNotFound
		case http.StatusRequestEntityTooLarge:
			return library.E(library.KindInvalid, "error.too_large").With(photoLimit >> 20).Hinted("error.too_large.hint")
		case http.StatusBadRequest, http.StatusLengthRequired, http.StatusRequestHeaderFieldsTooLarge:
			kind = library.KindInvalid
		}
	}
	return library.E(kind, "error."+wordOf(kind)).Hinted("error." + wordOf(kind) + ".hint")
}

// wordOf is the middle of the message key of a kind.
func wordOf(kind library.Kind) string {
	switch kind {
	case library.KindInvalid:
		return "invalid"
	case library.KindConflict:
		return "conflict"
	case library.KindNotFound:
		return "not_found"
	case library.KindForbidden:
		return "forbidden"
	case library.KindUnavailable:
		return "unavailable"
	case library.KindUnauthenticated:
		return "unauthenticated"
	}
	return "internal"
}

func statusOf(kind library.Kind) int {
	switch kind {
	case library.KindInvalid:
		return http.StatusUnprocessableEntity
	case library.KindConflict:
		return http.StatusConflict
	case library.KindNotFound:
		return http.StatusNotFound
	case library.KindForbidden:
		return http.StatusForbidden
	case library.KindUnavailable:
		return http.StatusServiceUnavailable
	case library.KindUnauthenticated:
		return http.StatusUnauthorized
	}
	return http.StatusInternalServerError
}

// offersRetry: sending the same once more can help when the time or the token was wrong, not when the contents were.
func offersRetry(failure *library.Error) bool {
	return failure.Kind == library.KindUnavailable || failure.Kind == library.KindInternal || failure.Key == "error.form_old"
}

func (s *server) logFailure(c *fiber.Ctx, kind library.Kind, err error) {
	switch kind {
	case library.KindInternal:
		s.Log.Error("request failed", "id", requestID(c), "route", c.Route().Path, "error", err.Error())
	case library.KindUnavailable:
		s.Log.Warn("request not answered now", "id", requestID(c), "route", c.Route().Path, "error", err.Error())
	}
}
