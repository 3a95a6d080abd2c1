package ui

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"simpul/ui/text"
	"simpul/ui/view"
)

// sample is one page with a view made up for looking at it. Add yours in a function of your area's test file.
type sample struct {
	name string // of the picture; the page's, with a word behind it when there are several
	page string
	view func(words func(key string, args ...any) string) view.Framed
}

// samples are all pages. Every page of templates/pages must be here at least once.
func samples() []sample {
	return slices.Concat(
		frameSamples(),
		deskSamples(),
		cardSamples(),
		cardCheckSamples(),
		classSamples(),
		registrationSamples(),
		signinSamples(),
		reopenSamples(),
		setupSamples(),
		officerSamples(),
		settingsSamples(),
		visitSamples(),
		dataSamples(),
		memberSamples(),
		reportSamples(),
		trialSamples(),
		centreSamples(),
		exchangeSamples(),
		phoneSamples(),
		webCardSamples(),
		publicSamples(),
	)
}

// TestGallery renders every sample in both languages. With SIMPUL_GALLERY=dir it also writes them, in both themes, as
// pages that a browser opens from the disk:
//
//	SIMPUL_GALLERY=/tmp/gallery go test ./ui -run Gallery
//	chromium --headless --screenshot=desk.png --window-size=1280,800 file:///tmp/gallery/desk.id.light.html
func TestGallery(t *testing.T) {
	s := newTestServer(t)
	seen := make(map[string]bool)
	for _, one := range samples() {
		seen[one.page] = true
		for _, lang := range text.Languages() {
			for _, theme := range []string{"light", "dark"} {
				var page bytes.Buffer
				v := one.view(func(key string, args ...any) string { return s.words.T(lang, key, args...) })
				frameSample(s, v.Base(), lang, theme)
				if err := s.render.page(&page, lang, one.page, v); err != nil {
					t.Fatalf("%s in %s: %v", one.name, lang, err)
				}
				checkPage(t, one.name+" in "+lang, page.String())
				keep(t, s, fmt.Sprintf("%s.%s.%s.html", one.name, lang, theme), page.String())
			}
		}
	}
	for page := range s.render.pages {
		if !seen[page] {
			t.Errorf("page %q has no sample", page)
		}
	}
}

// checkPage holds every page to what makes it usable by keyboard and by ear.
func checkPage(t *testing.T, name, page string) {
	t.Helper()
	if i := strings.Index(page, "⟦"); i >= 0 {
		t.Errorf("%s: missing words %.60s", name, page[i:])
	}
	for part, want := range map[string]int{"<h1": 1, "<main ": 1, `role="status"`: 1, `role="alert"`: 1, "<title>": 1, " style=": 0, "<script>": 0, "ZgotmplZ": 0} {
		if got := strings.Count(page, part); got != want {
			t.Errorf("%s: %q stands there %d times, want %d", name, part, got, want)
		}
	}
	if got := strings.Count(page, "button-main"); got > 1 && !strings.Contains(page, "queue-row") {
		t.Logf("%s: %d primary buttons", name, got)
	}
}

func frameSample(s *server, p *view.Page, lang, theme string) {
	t := func(key string) string { return s.words.T(lang, key) }
	p.Lang, p.Theme, p.CSRF, p.Path = lang, theme, "t", "/meja"
	if p.Place == "" {
		p.Place = "Perpustakaan Genteng"
	}
	if p.Title == "" {
		p.Title = t("desk.title")
	}
	p.Badge = s.Frame(context.Background()).Badge(lang)
	if p.Officer.Name == "-" {
		p.Officer = view.Officer{}
		return
	}
	if len(p.Nav) > 0 {
		p.Badge = view.Badge{Text: s.words.T(lang, "badge.centre", "4", "5"), State: view.Warn}
		return // at the centre
	}
	p.Officer = view.Officer{Name: "Siti R.", Role: t("role.officer")}
	for i, key := range []string{"nav.desk", "nav.members", "nav.visits", "nav.reports", "nav.data"} {
		p.Nav = append(p.Nav, view.NavItem{Path: "/x", Text: t(key), Current: i == 0})
	}
}

func keep(t *testing.T, s *server, name, page string) {
	t.Helper()
	dir := os.Getenv("SIMPUL_GALLERY")
	if dir == "" {
		return
	}
	page = strings.ReplaceAll(page, assetRoot+s.assets.version+"/", "static/")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if name == "desk.id.light.html" { // the styles once, and anew: those of an earlier gallery are out of date
		if err := os.RemoveAll(filepath.Join(dir, "static")); err != nil {
			t.Fatal(err)
		}
		if err := os.CopyFS(filepath.Join(dir, "static"), os.DirFS("static")); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, name), []byte(page), 0o644); err != nil {
		t.Fatal(err)
	}
}

func minutes(m, s int) time.Duration {
	return time.Duration(m)*time.Minute + time.Duration(s)*time.Second
}
