package ui

import (
	"fmt"
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestContrast measures the tokens of both themes by WCAG 2.2: 4.5:1 for text (1.4.3), 3:1 for controls and for the parts of
// a drawing that carry meaning (1.4.11).
func TestContrast(t *testing.T) {
	const text, control = 4.5, 3.0
	pairs := []struct {
		front, back string
		least       float64
	}{
		{"ink", "paper", text}, {"ink", "sheet", text}, {"ink-2", "paper", text}, {"ink-2", "sheet", text},
		{"ink-3", "sheet", text}, {"ink-3", "paper", text},
		{"teal", "sheet", text}, {"teal", "paper", text}, {"main-ink", "main", text}, {"main-ink", "main-over", text},
		{"bar-ink", "bar", text}, {"bar-ink-2", "bar", text}, {"bar-ink", "bar-lift", text},
		{"tint-ink", "tint", text}, {"ok-ink", "ok-1", text}, {"warn-ink", "warn-1", text}, {"bad-ink", "bad-1", text},
		{"bad", "sheet", text}, {"warn", "sheet", text}, {"bad-ink", "sheet", text}, {"warn-ink", "sheet", text},
		{"ink", "sulphur-1", text}, {"ink-2", "sulphur-1", text}, {"teal", "sulphur-1", text}, {"ink-2", "empty", text},
		{"edge", "sheet", control}, {"edge", "paper", control}, {"main", "sheet", control}, {"ok", "sheet", control},
		{"chart", "sheet", control}, {"bad-bar", "sheet", control}, {"ring", "ring-in", control},
	}
	for _, theme := range []string{"light", "dark"} {
		colours := tokens(t, theme)
		for _, pair := range pairs {
			front, back := colour(t, colours, pair.front), colour(t, colours, pair.back)
			if got := contrast(front, back); got < pair.least {
				t.Errorf("%s: %s on %s is %.2f:1, want %.1f:1", theme, pair.front, pair.back, got, pair.least)
			}
		}
	}
}

// TestDarkNamesExist: a name in dark.css that tokens.css does not have is a slip of the pen.
func TestDarkNamesExist(t *testing.T) {
	light := tokens(t, "light")
	for name := range declared(t, "static/dark.css") {
		if light[name] == "" {
			t.Errorf("dark.css sets --%s, which tokens.css lacks", name)
		}
	}
}

func tokens(t *testing.T, theme string) map[string]string {
	t.Helper()
	found := declared(t, "static/tokens.css")
	if theme == "dark" {
		for name, value := range declared(t, "static/dark.css") {
			found[name] = value
		}
	}
	return found
}

func declared(t *testing.T, file string) map[string]string {
	t.Helper()
	sheet, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	found := make(map[string]string)
	for _, m := range regexp.MustCompile(`--([a-z0-9-]+):\s*([^;]+);`).FindAllStringSubmatch(string(sheet), -1) {
		found[m[1]] = m[2]
	}
	return found
}

func colour(t *testing.T, colours map[string]string, name string) [3]float64 {
	t.Helper()
	value := colours[name]
	if other, isVar := strings.CutPrefix(value, "var(--"); isVar {
		value = colours[strings.TrimSuffix(other, ")")]
	}
	n, err := strconv.ParseUint(strings.TrimPrefix(value, "#"), 16, 32)
	if err != nil || len(value) != 7 {
		t.Fatal(fmt.Errorf("token %s is no colour: %q", name, value))
	}
	return [3]float64{float64(n>>16&255) / 255, float64(n>>8&255) / 255, float64(n&255) / 255}
}

func contrast(a, b [3]float64) float64 {
	light, dark := luminance(a), luminance(b)
	if light < dark {
		light, dark = dark, light
	}
	return (light + 0.05) / (dark + 0.05)
}

func luminance(c [3]float64) float64 {
	for i, v := range c {
		if v <= 0.04045 {
			c[i] = v / 12.92
		} else {
			c[i] = math.Pow((v+0.055)/1.055, 2.4)
		}
	}
	return 0.2126*c[0] + 0.7152*c[1] + 0.0722*c[2]
}
