package ui

import (
	"testing"
	"time"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui/view"
)

// settingsSamples draws the pages from the settings of a new node.
func settingsSamples() []sample {
	var all []sample
	for i, page := range settingsPages {
		all = append(all, sample{"settings-" + settingsKey(i), "settings", func(t say) view.Framed {
			s := newWordsOnly()
			s.Now, s.Zone, s.Desk = testConfig().Now, library.WIB(), desk.New(desk.Options{})
			f := newSettingsForm(&request{server: s, lang: languageOf(t)}, false)
			page.page(f)
			v := &view.Settings{Action: "/x", Parts: f.parts, Save: t("common.save"), Text: t("settings.page." + settingsKey(i) + ".text")}
			v.Title = t("settings.page." + settingsKey(i))
			for j := range settingsPages {
				v.Side = append(v.Side, view.NavItem{Path: "/x", Text: t("settings.page." + settingsKey(j)), Current: i == j})
			}
			if page.path == "/kartu" {
				v.Look = newLookSample(t)
			}
			if page.path == "/jaringan" {
				r := &request{server: s, lang: languageOf(t)}
				v.Network = &view.Network{Rule: "netsh", TLS: view.TLS{State: view.Warn, Text: t("tls.ending", "12-12-2026"), Hint: t("tls.ending.hint"), URL: "https://perpus.example:8714",
					Facts: r.certificateFacts(certificateSample()), Choose: r.certificateForm(), Replace: true,
					Drop: &view.Confirm{Action: "/x", Text: t("tls.drop"), Explain: t("tls.drop.explain"), Button: t("tls.drop.do"), Danger: true, Bare: true}}}
				v.Network.TLS.Choose.Open = true
				v.Network.TLS.Choose.Key.Error = t("problem.tls.mismatch")
			}
			if page.path == "/cadangan" {
				v.KeyFile = &view.KeyFile{Path: view.Field{Name: "key_file", Label: t("settings.key_file.path"), Hint: t("settings.key_file.path.hint")}}
			}
			return v
		}})
	}
	return append(all, sample{"certificate", "certificate", func(t say) view.Framed {
		s := newWordsOnly()
		s.Zone = library.WIB()
		return (&request{server: s, lang: languageOf(t)}).certificateView(certificateSample())
	}})
}

func certificateSample() Certificate {
	from := time.Date(2026, 11, 1, 0, 0, 0, 0, library.WIB())
	return Certificate{Mark: "x", Names: []string{"perpus.example", "192.0.2.20"}, From: from, Until: from.AddDate(0, 3, 0), Issuer: "Penerbit Contoh",
		Warnings: []*library.Error{library.E(library.KindInvalid, "tls.by_name").With("perpus.example").Hinted("tls.by_name.hint"), library.E(library.KindInvalid, "tls.self").Hinted("tls.self.hint")}}
}

func newLookSample(t say) *view.CardLook {
	side := dataURL("image/svg+xml", []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 856 540"><rect width="856" height="540" fill="#fff"/></svg>`))
	return &view.CardLook{Front: side, Back: side, Emblem: side, Problems: []string{t("problem.contrast_white")}, EmblemProblem: t("error.card.emblem_unreadable")}
}

func TestNextVersion(t *testing.T) {
	for version, want := range map[string]string{"foto-1": "foto-2", "keanggotaan-9": "keanggotaan-10", "baru": "baru-2", "": "-2"} {
		if got := nextVersion(version); got != want {
			t.Errorf("after %q comes %q, want %q", version, got, want)
		}
	}
}
