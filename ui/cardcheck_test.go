package ui

import (
	"simpul/node/desk"
	"simpul/ui/view"
)

// cardCheckSamples are the page before a card and each kind of answer.
func cardCheckSamples() []sample {
	facts := func(t say) []view.Fact {
		return []view.Fact{{Name: t("check.name"), Value: "Ayu Lestari Wulandari"}, {Name: t("check.number"), Value: "014 26 0 00123 7"},
			{Name: t("check.kind"), Value: "Umum"}, {Name: t("check.branch"), Value: "Perpustakaan Genteng"}, {Name: t("check.issued"), Value: "23-11-2026"}, {Name: t("check.until"), Value: "23-11-2029"}}
	}
	page := func(t say) *view.CardCheck {
		v := &view.CardCheck{Code: view.Field{Name: "code", Label: t("check.code"), Hint: t("check.code.hint"), NoSpell: true, Focus: true}, List: t("check.list.days", 3)}
		v.Title = t("check.title")
		return v
	}
	answer := func(outcome desk.CardOutcome, why string, change func(say, *view.CardAnswer)) func(say) view.Framed {
		return func(t say) view.Framed {
			v := page(t)
			key := "check." + string(outcome)
			if why != "" {
				key += "." + why
			}
			v.Answer = &view.CardAnswer{State: cardStates[outcome], Title: t(key), Text: t(key + ".do")}
			if v.Answer.State == "" {
				v.Answer.State = view.Warn
			}
			if change != nil {
				change(t, v.Answer)
			}
			return v
		}
	}
	known := func(t say, a *view.CardAnswer) {
		a.Person, a.Member, a.Visit, a.Facts = true, "/x", "/y", facts(t)
	}
	return []sample{
		{"card-check", "card-check", func(t say) view.Framed { return page(t) }},
		{"card-check-empty", "card-check", func(t say) view.Framed {
			v := page(t)
			v.Problems = view.Problems{{Field: "code", Text: t("problem.card.missing")}}
			v.Code = v.Code.With(v.Problems)
			v.List, v.Old = t("check.list.stale", 21), true
			return v
		}},
		{"card-check-valid", "card-check", answer(desk.CardValid, "", known)},
		{"card-check-expired", "card-check", answer(desk.CardExpired, "", func(t say, a *view.CardAnswer) { known(t, a); a.Renew, a.Clock = "/z", t("check.clock") })},
		{"card-check-blocked", "card-check", answer(desk.CardBlocked, "replaced", known)},
		{"card-check-unknown", "card-check", answer(desk.CardUnknownIssuer, "", func(t say, a *view.CardAnswer) { a.FactsOf, a.Facts = t("check.said"), facts(t) })},
		{"card-check-forged", "card-check", answer(desk.CardForged, "", nil)},
		{"card-check-number", "card-check", answer(desk.CardRegistered, "", known)},
		{"card-check-foreign", "card-check", answer(desk.CardForeign, "", nil)},
	}
}
