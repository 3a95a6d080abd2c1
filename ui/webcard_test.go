package ui

import "simpul/ui/view"

// webCardSamples are the page of a card at the centre in its states.
func webCardSamples() []sample {
	state := func(word string, state view.State) func(say) view.Framed {
		return func(t say) view.Framed {
			v := &view.WebCard{Path: "/k/x", Manifest: "/k/x/kartu.webmanifest", Version: "1", State: state, Word: t("webcard." + word), QR: "/x", Picture: "/x", Save: "/x",
				Number: "014 26 0 00123 7", Until: "23-11-2029", Last: "2029-11-23", Checked: "23-11-2026 14.02"}
			v.Title = t("webcard.title")
			if word != "valid" {
				v.Text, v.Last = t("webcard."+word+".text"), ""
			}
			if word == "blocked" {
				v.QR, v.Save = "", ""
			}
			return v
		}
	}
	return []sample{
		{"webcard", "webcard", state("valid", view.OK)},
		{"webcard-expired", "webcard", state("expired", view.Warn)},
		{"webcard-blocked", "webcard", state("blocked", view.Bad)},
		{"webcard-replaced", "phone-note", func(t say) view.Framed {
			v := &view.PhoneNote{State: view.Info, Text: t("webcard.replaced.text")}
			v.Title = t("webcard.replaced")
			return v
		}},
	}
}
