// Package text holds the words that people read: Indonesian first, English second, one file per area and language.
//
// A file is lines of "key = sentence". A sentence may hold {0}, {1} … for what is put in. Lines that start with # are
// remarks for translators. It also writes numbers, dates and times the way readers of a language do. It knows nothing
// of HTTP or Fiber, and must not hold words that depend on data.
package text

import (
	"bufio"
	"embed"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
)

//go:embed id/*.txt en/*.txt
var files embed.FS

// The languages, Indonesian first.
const (
	Indonesian = "id"
	English    = "en"
)

// Languages returns the codes of all languages; the first is the default.
func Languages() []string { return []string{Indonesian, English} }

// Known returns lang when there are words in it, else Indonesian.
func Known(lang string) string {
	if lang == English {
		return English
	}
	return Indonesian
}

// Catalogue is every sentence in every language. It is never changed after Load and is safe for concurrent use.
type Catalogue struct {
	words map[string]map[string]string // language → key → sentence
}

// Load reads the embedded files. It fails on a line it cannot read, on a key given twice, on an empty sentence, and on a
// key that one language has and another lacks.
func Load() (*Catalogue, error) { return load(files) }

func load(from fs.FS) (*Catalogue, error) {
	c := &Catalogue{words: make(map[string]map[string]string)}
	for _, lang := range Languages() {
		c.words[lang] = make(map[string]string)
		names, err := fs.Glob(from, path.Join(lang, "*.txt"))
		if err != nil {
			return nil, fmt.Errorf("list texts: %w", err)
		}
		for _, name := range names {
			if err := c.add(from, lang, name); err != nil {
				return nil, err
			}
		}
	}
	return c, c.complete()
}

func (c *Catalogue) add(from fs.FS, lang, name string) error {
	file, err := from.Open(name)
	if err != nil {
		return fmt.Errorf("open texts: %w", err)
	}
	defer file.Close()
	words, err := parse(file)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	for key, sentence := range words {
		if _, twice := c.words[lang][key]; twice {
			return fmt.Errorf("%s: %q is also in another file", name, key)
		}
		c.words[lang][key] = sentence
	}
	return nil
}

func parse(r io.Reader) (map[string]string, error) {
	words := make(map[string]string)
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		key, sentence, found := strings.Cut(line, "=")
		key, sentence = strings.TrimSpace(key), strings.TrimSpace(sentence)
		switch {
		case !found || key == "" || strings.ContainsAny(key, " \t\""):
			return nil, fmt.Errorf("line %d: want key = sentence", n)
		case sentence == "":
			return nil, fmt.Errorf("line %d: %q has no sentence", n, key)
		case words[key] != "":
			return nil, fmt.Errorf("line %d: %q is there twice", n, key)
		}
		words[key] = sentence
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read texts: %w", err)
	}
	return words, nil
}

// complete checks that every language has the same keys and the same places to fill in.
func (c *Catalogue) complete() error {
	for _, lang := range Languages() {
		for key, sentence := range c.words[Indonesian] {
			other, there := c.words[lang][key]
			if !there {
				return fmt.Errorf("text %q has no sentence in %q", key, lang)
			}
			if places(other) != places(sentence) {
				return fmt.Errorf("text %q: %q fills in other places than Indonesian", key, lang)
			}
		}
		for key := range c.words[lang] {
			if _, there := c.words[Indonesian][key]; !there {
				return fmt.Errorf("text %q is in %q but not in Indonesian", key, lang)
			}
		}
	}
	return nil
}

// places lists which of {0} … {9} a sentence holds.
func places(sentence string) string {
	var found strings.Builder
	for n := range 10 {
		if strings.Contains(sentence, "{"+strconv.Itoa(n)+"}") {
			found.WriteString(strconv.Itoa(n))
		}
	}
	return found.String()
}

// Keys returns every key in order.
func (c *Catalogue) Keys() []string { return slices.Sorted(maps.Keys(c.words[Indonesian])) }

// Has reports whether there is a sentence for key.
func (c *Catalogue) Has(key string) bool { return c.words[Indonesian][key] != "" }

// T returns the sentence for key with args put in for {0}, {1} … An unknown key comes back as ⟦key⟧, which the tests of
// the pages look for.
func (c *Catalogue) T(lang, key string, args ...any) string {
	sentence, there := c.words[Known(lang)][key]
	if !there {
		return "⟦" + key + "⟧"
	}
	if len(args) == 0 {
		return sentence
	}
	pairs := make([]string, 0, 2*len(args))
	for n, arg := range args {
		pairs = append(pairs, "{"+strconv.Itoa(n)+"}", fill(lang, arg))
	}
	return strings.NewReplacer(pairs...).Replace(sentence)
}

// fill writes one value into a sentence; whole numbers get the dots of the language.
func fill(lang string, arg any) string {
	switch value := arg.(type) {
	case string:
		return value
	case int:
		return Number(lang, int64(value))
	case int64:
		return Number(lang, value)
	}
	return fmt.Sprint(arg)
}
