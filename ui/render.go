package ui

import (
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"path"
	"strings"
	"sync"
	"time"

	"simpul/ui/text"
	"simpul/ui/view"
)

// renderer writes pages with html/template. Every page has a template set of its own over the shared layouts and parts; so two
// pages may both define "content" without meeting, and nothing is shared between requests that one of them could change.
// All files are parsed at start. The set of a page in a language, with the words bound to it, is put together when it is first
// asked for and kept: about 250 kB and half a millisecond each, so a PC pays only for the pages it uses.
type renderer struct {
	shared *template.Template
	pages  map[string]string // page → its source
	bind   func(lang string) template.FuncMap
	mu     sync.Mutex
	sets   map[string]*template.Template // "id desk" → set
}

// newRenderer parses every template. The first one that does not parse stops the program.
func newRenderer(files fs.FS, words *text.Catalogue, assets *assets, zone *time.Location, ids io.Reader) (*renderer, error) {
	r := &renderer{pages: make(map[string]string), sets: make(map[string]*template.Template)}
	r.bind = func(lang string) template.FuncMap { return functions(lang, words, assets, zone, ids) }
	r.shared = template.New("shared").Funcs(r.bind(text.Indonesian))
	for _, pattern := range []string{"templates/layouts/*.html", "templates/parts/*.html"} {
		if _, err := r.shared.ParseFS(files, pattern); err != nil {
			return nil, fmt.Errorf("parse templates: %w", err)
		}
	}
	err := fs.WalkDir(files, "templates/pages", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(name) != ".html" {
			return err
		}
		body, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		if _, err := template.New("page").Funcs(r.bind(text.Indonesian)).Parse(string(body)); err != nil {
			return fmt.Errorf("parse %s: %w", name, err)
		}
		r.pages[strings.TrimSuffix(strings.TrimPrefix(name, "templates/pages/"), ".html")] = string(body)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read pages: %w", err)
	}
	return r, nil
}

// set returns the templates of one page in one language.
func (r *renderer) set(lang, page string) (*template.Template, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	name := text.Known(lang) + " " + page
	if made := r.sets[name]; made != nil {
		return made, nil
	}
	body, there := r.pages[page]
	if !there {
		return nil, fmt.Errorf("no page %q", page)
	}
	made, err := r.shared.Clone()
	if err != nil {
		return nil, fmt.Errorf("set of page %s: %w", page, err)
	}
	if _, err := made.Funcs(r.bind(lang)).New("page").Parse(body); err != nil {
		return nil, fmt.Errorf("set of page %s: %w", page, err)
	}
	r.sets[name] = made
	return made, nil
}

// page writes a whole page.
func (r *renderer) page(w io.Writer, lang, page string, v view.Framed) error {
	return r.block(w, lang, page, "page", v)
}

// block writes one block of a page without the layout: "content", or a part that the page defines for its fragments.
func (r *renderer) block(w io.Writer, lang, page, block string, v any) error {
	set, err := r.set(lang, page)
	if err != nil {
		return err
	}
	if err := set.ExecuteTemplate(w, block, v); err != nil {
		return fmt.Errorf("render %s of %s: %w", block, page, err)
	}
	return nil
}

// functions are what templates may call. Words and formats are bound to one language.
func functions(lang string, words *text.Catalogue, assets *assets, zone *time.Location, ids io.Reader) template.FuncMap {
	return template.FuncMap{
		"t":        func(key string, args ...any) string { return words.T(lang, key, args...) },
		"number":   func(n int) string { return text.Number(lang, int64(n)) },
		"date":     func(at time.Time) string { return text.Date(at.In(zone)) },
		"clock":    func(at time.Time) string { return text.Time(lang, at.In(zone)) },
		"day":      func(at time.Time) string { return text.Day(lang, at.In(zone)) },
		"month":    func(n int) string { return text.Month(lang, n) },
		"duration": func(d time.Duration) string { return text.Duration(lang, d) },
		"running":  text.Running,
		"asset":    assets.url,
		"icon":     icon,
		"op":       func() (string, error) { return newOperation(ids) },
	}
}

// icon points at one drawing of the sprite that every layout holds (templates/parts/icons.html). It says nothing to a
// screen reader: the words stand beside it.
func icon(name string) template.HTML {
	return template.HTML(`<svg class="icon" aria-hidden="true" focusable="false"><use href="#i-` + //nolint:gosec // escaped below
		template.HTMLEscapeString(name) + `"/></svg>`)
}
