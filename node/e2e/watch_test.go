package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Watch collects what a person does not see but a page must not do: errors in the console (a breach of the content
// security policy is one), requests to another host, dialogs that a script opened.
type Watch struct {
	mu    sync.Mutex
	host  string
	found []string
}

// Watch begins to watch this window.
func (s *Screen) Watch() *Watch {
	s.t.Helper()
	u, err := url.Parse(s.url)
	if err != nil {
		s.t.Fatal(err)
	}
	w := &Watch{host: u.Host}
	if err := chromedp.Listen(s.ctx, w.hear); err != nil {
		s.t.Fatal(err)
	}
	return w
}

func (w *Watch) hear(event any) {
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		w.note("script error: " + e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		if e.Type == "error" || e.Type == "warning" {
			w.note("console: " + string(e.Type))
		}
	case *log.EventEntryAdded:
		// Answers other than 200 are told apart by the tests that send what is wrong.
		if e.Entry.Level == "error" && !strings.HasPrefix(e.Entry.Text, "Failed to load resource") {
			w.note("browser: " + e.Entry.Text)
		}
	case *page.EventJavascriptDialogOpening:
		w.note("dialog: " + e.Message)
	case *network.EventRequestWillBeSent:
		u, err := url.Parse(e.Request.URL)
		if err == nil && (u.Scheme == "http" || u.Scheme == "https" || u.Scheme == "ws") && u.Host != w.host {
			w.note("request to another host: " + u.Host)
		}
	}
}

func (w *Watch) note(what string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.found = append(w.found, what)
}

// Take returns what was noticed since the last time.
func (w *Watch) Take() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	found := w.found
	w.found = nil
	return found
}

// Colours makes the system of this browser prefer "light" or "dark".
func (s *Screen) Colours(scheme string) {
	s.t.Helper()
	s.Do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
		return err
	}))
}

// Size makes the window as large as this, in CSS pixels.
func (s *Screen) Size(width, height int64) {
	s.t.Helper()
	s.Do(chromedp.EmulateViewport(width, height))
}

// values are answers to the fields of a form, by name.
type values map[string]string

// Post sends the form of this page that goes to an address, with some answers changed, and waits for the answer. It
// prepares what a test is not about; what a person does is done by keyboard and mouse.
func (s *Screen) Post(action string, v values) {
	s.t.Helper()
	if v == nil {
		v = values{}
	}
	answers, err := json.Marshal(v)
	if err != nil {
		s.t.Fatal(err)
	}
	ok := Eval[bool](s, `(() => {
		const form = [...document.forms].find(f => new URL(f.action).pathname === `+quote(action)+`);
		if (!form) return false;
		for (const [name, value] of Object.entries(`+string(answers)+`)) {
			for (const field of form.elements) if (field.name === name) field.disabled = true;
			form.append(Object.assign(document.createElement("input"), {type: "hidden", name, value}));
		}
		window.sent = true;
		HTMLFormElement.prototype.submit.call(form);
		return true;
	})()`)
	if !ok {
		s.fail(fmt.Errorf("no form goes to %s", action))
	}
	s.Until(`!window.sent && document.readyState === "complete"`)
	s.settle()
}
