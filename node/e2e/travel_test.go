package e2e

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// travel is what the browser tells of one window's way from page to page. A navigation begins some milliseconds after
// the key that causes it: the page sends the form in a task of its own, and the browser is another process. Whoever
// sends the window elsewhere in between loses to that form (net::ERR_ABORTED), or takes its place before the program has
// seen it. Until says nothing about it: up to then the old page stands there, complete.
type travel struct {
	mu    sync.Mutex
	under bool // a navigation was asked for and has not come to its end
	heard int  // how often anything was told
}

func (v *travel) hear(event any) {
	under := false
	switch e := event.(type) {
	case *page.EventFrameRequestedNavigation: // by the page: a form, a link, a script
		if e.Disposition != page.ClientNavigationDispositionCurrentTab {
			return
		}
		under = true
	case *page.EventFrameStartedNavigating, *page.EventFrameStartedLoading:
		under = true
	case *page.EventFrameStoppedLoading: // loaded, or given up, or replaced by the next that starts
	case *page.EventFrameNavigated:
		if e.Type != page.NavigationTypeBackForwardCacheRestore { // one from memory is not loaded
			return
		}
	default:
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.under = under
	v.heard++
}

func (v *travel) state() (under bool, heard int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.under, v.heard
}

// arrived is true when the page has loaded, told by a task behind those that the last key has left in the page. The
// browser passes on what a page tells in its order, so a form that was sent before is known when this is.
const arrived = `new Promise(done => setTimeout(() => done(document.readyState === "complete")))`

// settle waits until what was pressed has been sent, answered and shown.
func (s *Screen) settle() {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.ctx, patience)
	defer cancel()
	var last error
	for {
		if under, heard := s.travel.state(); !under {
			complete, err := chromedp.Run(ctx, chromedp.Evaluate[bool](arrived, chromedp.EvalAwaitPromise))
			under, again := s.travel.state()
			if complete && err == nil && !under && again == heard {
				return
			}
			last = err // a page that is being replaced does not answer
		}
		select {
		case <-ctx.Done():
			s.fail(fmt.Errorf("the page never comes to rest: %w", errors.Join(ctx.Err(), last)))
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// tries is how often a page is opened when another navigation takes the window from it: a page may go on by itself.
const tries = 3

// open opens an address when nothing is under way any more.
func (s *Screen) open(url string) error {
	s.t.Helper()
	for n := 1; ; n++ {
		s.settle()
		ctx, cancel := context.WithTimeout(s.ctx, patience)
		err := chromedp.Do(ctx, chromedp.Navigate(url))
		cancel()
		var load *chromedp.LoadError
		switch {
		case err == nil:
			s.settle()
			return nil
		case n == tries || !errors.As(err, &load) || load.ErrorText != "net::ERR_ABORTED":
			return fmt.Errorf("open %s: %w", url, err)
		}
		s.t.Logf("%s was given up for another page; once more", url)
	}
}

// back presses the back button of the browser and returns the path that it leads to.
func (s *Screen) back() string {
	s.t.Helper()
	Eval[bool](s, `(window.left = true, history.back(), true)`)
	s.Until(`!window.left && document.readyState === "complete"`)
	s.settle()
	return s.Path()
}

// TestNobodyOvertakesAForm: a form that was sent is answered before the window goes elsewhere, a page that goes on by itself
// is let go, and what cannot be opened is an error.
func TestNobodyOvertakesAForm(t *testing.T) {
	var mu sync.Mutex
	var asked []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/favicon.ico" {
			return
		}
		mu.Lock()
		asked = append(asked, r.Method+" "+r.URL.Path)
		mu.Unlock()
		time.Sleep(200 * time.Millisecond)
		switch {
		case r.URL.Path == "/nothing":
			w.WriteHeader(http.StatusNoContent)
		case r.Method == http.MethodPost:
			http.Redirect(w, r, "/saved", http.StatusSeeOther)
		default:
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			io.WriteString(w, `<!doctype html><form method="post"><button autofocus>Save</button></form>
				<button onclick="setTimeout(() => { location.href = '/by-itself' }, 60)">Later</button>`)
		}
	}))
	defer server.Close()
	s := (&Program{URL: server.URL}).Open(t, 800, 600)
	s.Go("/form")
	s.Keys(kb.Enter)
	s.Go("/next")
	mu.Lock()
	if want := []string{"GET /form", "POST /form", "GET /saved", "GET /next"}; !slices.Equal(asked, want) {
		t.Errorf("asked for %v, want %v", asked, want)
	}
	mu.Unlock()
	if s.back() != "/saved" {
		t.Errorf("back leads to %s", s.Path())
	}
	s.Press("Later")
	s.Go("/next")
	if s.Path() != "/next" {
		t.Errorf("the page that went on by itself won: %s", s.Path())
	}
	if err := s.open(server.URL + "/nothing"); err == nil || !strings.Contains(err.Error(), "ERR_ABORTED") {
		t.Errorf("a page that never comes: %v", err)
	}
	server.Close()
	if err := s.open(server.URL + "/form"); err == nil || !strings.Contains(err.Error(), "ERR_CONNECTION_REFUSED") {
		t.Errorf("nobody answers: %v", err)
	}
}
