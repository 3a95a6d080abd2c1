package desk

import (
	"context"
	"math"
	"net/netip"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"

	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/event"
	"simpul/sync/join"
)

// limits of the settings that are numbers, both included.
var limits = map[string][2]float64{
	"adult_age": {12, 25}, "lapse_days": {1, 365}, "lock_minutes": {1, 120},
	"backup_keep": {2, 365}, "day_megabytes": {0, 100_000}, "lan_port": {1024, 65535}, "public_daily": {1, 1000},
	"draft_days":   between(library.RetentionLeast.DraftDays, library.RetentionMost.DraftDays),
	"ended_days":   between(library.RetentionLeast.EndedDays, library.RetentionMost.EndedDays),
	"visit_months": between(library.RetentionLeast.VisitMonths, library.RetentionMost.VisitMonths),
	"keep_years":   between(library.RetentionLeast.MemberYears, library.RetentionMost.MemberYears),
}

func between(least, most int) [2]float64 { return [2]float64{float64(least), float64(most)} }

// bandContrast is the least contrast of a card's colours with what is written on them (WCAG 2.2, 1.4.3).
const bandContrast = 4.5

// CheckSettings finds what is wrong with new values, by the JSON names of the settings.
func CheckSettings(values map[string]any) []library.Problem {
	var out []library.Problem
	add := func(field, key string, args ...any) {
		out = append(out, library.Problem{Field: field, Key: key, Args: args})
	}
	for key, value := range values {
		if l, limited := limits[key]; limited {
			if n, ok := number(value); !ok || n < l[0] || n > l[1] || math.IsNaN(n) {
				add(key, "problem.between", int(l[0]), int(l[1]))
			}
		}
		switch v := value.(type) {
		case []library.Code:
			if len(v) == 0 && key == "purposes" {
				add(key, "problem.one_at_least")
			}
		case []library.MemberKind:
			if len(v) == 0 {
				add(key, "problem.one_at_least")
			}
			for _, k := range v {
				if k.Days < 1 || k.Days > 36500 {
					add(key, "problem.days")
				}
			}
		case []Printer:
			if len(v) == 0 {
				add(key, "problem.one_at_least")
			}
			out = append(out, checkPrinters(key, v)...)
		case []byte:
			if key == "card_emblem" && len(v) > 0 {
				out = append(out, library.ProblemsOf(checkEmblem(v))...)
			}
		case map[library.IdentityKind]bool:
			if !v[library.KTP] && !v[library.KIA] && !v[library.KK] {
				add(key, "problem.one_at_least")
			}
		}
	}
	if ink, ok := values["card_ink"].(string); ok {
		if c := contrast(ink, "#ffffff"); c < bandContrast {
			add("card_ink", "problem.contrast_white")
		}
		if accent, ok := values["card_accent"].(string); ok && contrast(accent, ink) < bandContrast {
			add("card_accent", "problem.contrast_band")
		}
	}
	if list, ok := values["addresses"].([]string); ok {
		if _, err := join.ParseAddresses(strings.Join(list, " ")); err != nil {
			add("addresses", "problem.addresses")
		}
	}
	if address, ok := values["lan_address"].(string); ok && address != "" {
		if ip, err := netip.ParseAddr(address); err != nil || !ip.Is4() || ip.IsUnspecified() || ip.IsMulticast() {
			add("lan_address", library.KeyChoose)
		}
	}
	if address, ok := values["public_url"].(string); ok && address != "" && !publicAddress(address) {
		add("public_url", "problem.public_url")
	}
	if folder, ok := values["backup_folder"].(string); ok && folder != "" && !filepath.IsAbs(folder) {
		add("backup_folder", "problem.folder")
	}
	return out
}

// publicAddress reports whether s is an address for people at home: https and a
// host, or plain http on this PC; no path, no name and password.
func publicAddress(s string) bool {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.Hostname() == "" || s != u.Scheme+"://"+u.Host || strings.ToLower(s) != s {
		return false
	}
	if u.Scheme == "https" {
		return true
	}
	ip, err := netip.ParseAddr(u.Hostname())
	return u.Scheme == "http" && (u.Hostname() == "localhost" || err == nil && ip.IsLoopback())
}

func number(v any) (float64, bool) {
	switch n := v.(type) {
	case int:
		return float64(n), true
	case float64:
		return n, true
	}
	return 0, false
}

// contrast is the ratio of two colours "#rrggbb" by WCAG 2.2, 1 to 21; 0 when one is no colour.
func contrast(a, b string) float64 {
	la, okA := luminance(a)
	lb, okB := luminance(b)
	if !okA || !okB {
		return 0
	}
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func luminance(colour string) (float64, bool) {
	hex, found := strings.CutPrefix(colour, "#")
	n, err := strconv.ParseUint(hex, 16, 32)
	if !found || err != nil || len(hex) != 6 {
		return 0, false
	}
	linear := func(v uint64) float64 {
		s := float64(v&0xff) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(n>>16) + 0.7152*linear(n>>8) + 0.0722*linear(n), true
}

// Rename changes the name of the library. Role and code stay what they were at
// set-up: member numbers that are printed already hold the code.
func (d *Desk) Rename(ctx context.Context, who Actor, op library.ID, name string) error {
	if err := who.may(library.ManageSettings); err != nil {
		return err
	}
	name = library.CleanLine(name)
	if name == "" {
		return library.Invalid(library.Problem{Field: "name", Key: library.KeyMissing})
	}
	if len([]rune(name)) > 80 {
		return library.Invalid(library.Problem{Field: "name", Key: library.KeyTooLong, Args: []any{80}})
	}
	s := d.Settings()
	if name == s.Name {
		return nil
	}
	_, err := d.write(ctx, op, func(tx *store.Tx) error {
		_, err := d.append(tx, who, event.NodeConfigured, s.Node, &event.NodeConfig{Role: string(s.Role), Name: name, Code: uint16(s.Code)})
		return err
	})
	return err
}
