package ui

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"simpul/node/library"
	"simpul/ui/view"
)

func generalSettings(f *settingsForm) {
	f.text("name", f.s.Name, 0)
	f.values["language"] = f.choice("language", f.s.Language, "id", "en")
	f.number("lock_minutes", f.s.LockMinutes)
}

// visitSettings: purposes are renamed, hidden and added, never deleted: lines of the register name them for ever.
func visitSettings(f *settingsForm) {
	f.heading("purposes")
	var shown, hidden []library.Code
	for _, c := range append(slices.Clone(f.s.Purposes), f.s.OldPurposes...) {
		name := "purpose_" + c.Key
		c.Label, c.English = f.typed(name, c.Label), f.typed(name+"_en", c.English)
		if c.Label == "" {
			f.problem(name, library.KeyMissing)
		}
		f.row(view.Field{Name: name, Label: f.label("purpose"), Value: c.Label, Auto: "off", Maximum: 60},
			view.Field{Name: name + "_en", Label: f.label("purpose_en"), Value: c.English, Auto: "off", Width: 18, Maximum: 60})
		_, offered := library.Find(f.s.Purposes, c.Key)
		if f.tick(name+"_on", f.r.t("settings.offered"), offered) {
			shown = append(shown, c)
		} else {
			hidden = append(hidden, c)
		}
	}
	added := library.CleanLine(f.typed("purpose_new", ""))
	f.row(view.Field{Name: "purpose_new", Label: f.label("purpose_new"), Value: added, Optional: true, Auto: "off", Maximum: 60})
	if added != "" {
		key := freeKey(added, func(key string) bool {
			_, taken := library.Find(append(slices.Clone(shown), hidden...), key)
			return taken
		})
		shown = append(shown, library.Code{Key: key, Label: added, English: added})
	}
	f.values["purposes"], f.values["old_purposes"] = shown, hidden
	f.heading("van")
	f.lines("stops", f.s.Stops)
	f.text("current_stop", f.s.CurrentStop, 0)
}

// freeKey makes the key of something new from its label: it stands in events for ever and never changes with the label.
func freeKey(label string, taken func(string) bool) string {
	key := strings.Trim(strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
			return c
		}
		return '-'
	}, strings.ToLower(label)), "-")
	if len(key) > 30 {
		key = key[:30]
	}
	free := key
	for n := 2; free == "" || taken(free); n++ {
		free = key + "-" + strconv.Itoa(n)
	}
	return free
}

func memberSettings(f *settingsForm) {
	f.heading("member_kinds")
	kinds := slices.Clone(f.s.MemberKinds)
	for i, k := range kinds {
		name := "kind_" + k.Key
		days := f.typed(name+"_days", strconv.Itoa(k.Days))
		kinds[i].Label = f.typed(name, k.Label)
		kinds[i].Days = f.whole(name+"_days", days)
		if kinds[i].Label == "" {
			f.problem(name, library.KeyMissing)
		}
		f.row(view.Field{Name: name, Label: f.label("kind"), Value: kinds[i].Label, Auto: "off", Maximum: 40},
			view.Field{Name: name + "_days", Label: f.label("kind_days"), Value: days, Mode: "numeric", Width: 6, Auto: "off"})
	}
	added, days := library.CleanLine(f.typed("kind_new", "")), f.typed("kind_new_days", "")
	f.row(view.Field{Name: "kind_new", Label: f.label("kind_new"), Value: added, Optional: true, Auto: "off", Maximum: 40},
		view.Field{Name: "kind_new_days", Label: f.label("kind_days"), Value: days, Mode: "numeric", Width: 6, Auto: "off"})
	if added != "" {
		key := freeKey(added, func(key string) bool {
			_, taken := library.FindMemberKind(kinds, key)
			return taken
		})
		kinds = append(kinds, library.MemberKind{Key: key, Label: added, English: added, Days: f.whole("kind_new_days", days)})
	}
	f.values["member_kinds"] = kinds
	f.heading("identity_kinds")
	allowed := maps.Clone(f.s.IdentityKinds)
	for _, kind := range library.IdentityKinds() {
		if on := f.tick("identity_"+string(kind), f.r.t("settings.identity."+string(kind)), allowed[kind]); on != allowed[kind] {
			allowed[kind] = on // the key must stay once it was there, or an old true would come back
		}
	}
	f.values["identity_kinds"] = allowed
	f.heading("periods")
	f.number("adult_age", f.s.AdultAge)
	from := "end"
	if f.s.RenewFromToday {
		from = "today"
	}
	f.values["renew_from_today"] = f.choice("renew", from, "end", "today") == "today"
	f.number("lapse_days", f.s.LapseDays)
}

// retentionSettings: in a district the centre sets them for everybody.
func retentionSettings(f *settingsForm) {
	f.number("draft_days", f.s.DraftDays)
	f.number("ended_days", f.s.EndedDays)
	f.number("visit_months", f.s.VisitMonths)
	f.number("keep_years", f.s.KeepYears)
}

// consentSettings: a changed text is a new version. What people read before stands in the log, with its hash.
func consentSettings(f *settingsForm) {
	var texts []library.ConsentText
	for _, kind := range []library.ConsentKind{library.ConsentMembership, library.ConsentPhoto} {
		now := f.s.Consent(kind)
		name := "consent_" + string(kind)
		next := now
		f.parts = append(f.parts, view.SettingPart{Heading: f.label(name), Text: f.r.t("settings.version", now.Version)})
		next.Title = f.add(view.Field{Name: name + "_title", Label: f.label("consent_title"), Value: f.typed(name+"_title", now.Title), Auto: "off", Maximum: 100})
		next.Body = strings.ReplaceAll(f.add(view.Field{Name: name, Label: f.label("consent_body"), Hint: f.hint("consent_body"),
			Value: f.typed(name, now.Body), Lines: 12, Auto: "off"}), "\r\n", "\n")
		if next.Title == "" {
			f.problem(name+"_title", library.KeyMissing)
		}
		if next.Body == "" {
			f.problem(name, library.KeyMissing)
		}
		if next != now {
			next.Version = nextVersion(now.Version)
		}
		texts = append(texts, next)
	}
	f.values["consents"] = texts
}

// nextVersion counts up the number behind the last hyphen: "foto-1" becomes "foto-2".
func nextVersion(version string) string {
	i := strings.LastIndexByte(version, '-')
	n, err := strconv.Atoi(version[i+1:])
	if err != nil {
		return version + "-2"
	}
	return version[:i+1] + strconv.Itoa(n+1)
}

// standardSettings: standards are added with the day from which they hold; those before stay, so that old reports stay right.
func standardSettings(f *settingsForm) {
	for _, s := range f.s.Standards {
		minutes := make([]string, len(s.Times))
		for i, d := range s.Times {
			minutes[i] = strconv.Itoa(int(d / time.Minute))
		}
		f.parts = append(f.parts, view.SettingPart{Text: f.r.t("settings.standard", s.From.String(), strings.Join(minutes, " · "), int(s.Times.Sum()/time.Minute), s.Source)})
	}
	f.heading("standard_new")
	from := f.add(view.Field{Name: "standard_from", Label: f.label("standard_from"), Hint: f.hint("standard_from"), Value: f.typed("standard_from", ""), Auto: "off", Width: 12})
	source := f.add(view.Field{Name: "standard_source", Label: f.label("standard_source"), Value: f.typed("standard_source", ""), Auto: "off", Maximum: 80})
	var next library.Standard
	var fields []view.Field
	held := f.s.Standards.At(library.DateIn(f.r.now(), f.r.server.Zone)).Times
	for i, step := range library.Steps() {
		name := "standard_" + strconv.Itoa(i+1)
		typed := f.typed(name, strconv.Itoa(int(held.Of(step)/time.Minute)))
		if f.sent && from != "" {
			n := f.whole(name, typed)
			if n < 1 || n > 120 {
				f.problem(name, "problem.between", 1, 120)
			}
			next.Times[i] = time.Duration(n) * time.Minute
		}
		fields = append(fields, view.Field{Name: name, Label: f.r.t("step." + strconv.Itoa(i+1)), Value: typed, Mode: "numeric", Width: 4, Auto: "off"})
	}
	f.row(fields...)
	if !f.sent {
		return
	}
	var err error
	if next.From, err = library.ParseDate(from); err != nil || next.From.IsZero() {
		f.problem("standard_from", library.KeyDateUnreadable)
		return
	}
	if next.Source = library.CleanLine(source); next.Source == "" {
		f.problem("standard_source", library.KeyMissing)
	}
	f.values["standards"] = append(slices.Clone(f.s.Standards), next)
}

func backupSettings(f *settingsForm) {
	f.number("backup_keep", f.s.BackupKeep)
	f.text("backup_folder", f.s.BackupFolder, 0)
}

// exchangeSettings: the centre says where it is reached; a branch, how much it may send in a day.
func exchangeSettings(f *settingsForm) {
	if f.s.Role == library.NodeCentre {
		f.lines("addresses", f.s.Addresses)
		return
	}
	f.number("day_megabytes", f.s.DayMegabytes)
}

// publicSettings: where people at home reach the centre.
func publicSettings(f *settingsForm) {
	f.text("public_url", f.s.PublicURL, 0)
	f.flag("public_here", f.s.PublicHere)
	f.number("public_daily", f.s.PublicDaily)
}
