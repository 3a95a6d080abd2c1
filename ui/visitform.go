package ui

import (
	"strconv"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui/text"
	"simpul/ui/view"
)

// levelField begins the name of the box that counts people of one education in a group.
const levelField = "level_"

// codeLabel is the label of a code in the reader's language.
func (r *request) codeLabel(c library.Code) string {
	if r.lang == text.English && c.English != "" {
		return c.English
	}
	return c.Label
}

// codeOptions are the options of a list of codes.
func (r *request) codeOptions(codes []library.Code) []view.Option {
	options := make([]view.Option, len(codes))
	for i, c := range codes {
		options[i] = view.Option{Value: c.Key, Text: r.codeLabel(c)}
	}
	return options
}

// visitInput reads one line of the register from the form. What is no number becomes one that is refused.
func (r *request) visitInput(kind string) desk.VisitInput {
	in := desk.VisitInput{Kind: kind, Number: r.value("number"), Purpose: r.value("purpose"), Stop: r.value("stop"), Name: r.value("name"),
		Sex: library.Sex(r.value("sex")), AgeGroup: r.value("age"), Education: r.value("education"), Occupation: r.value("occupation"),
		Origin: r.value("district"), Institution: r.value("institution"), Phone: r.value("phone"),
		BirthDay: r.count("day"), BirthMonth: r.count("month"), Men: r.count("men"), Women: r.count("women")}
	if words := r.value("origin"); words != "" {
		in.Origin = words
	}
	for _, e := range library.Educations() {
		if n := r.count(levelField + e.Key); n > 0 {
			if in.Levels == nil {
				in.Levels = map[string]int{}
			}
			in.Levels[e.Key] = n
		}
	}
	return in
}

// count reads a number; -1 is none.
func (r *request) count(name string) int {
	typed := r.value(name)
	if typed == "" {
		return 0
	}
	n, err := strconv.Atoi(typed)
	if err != nil || n < 0 {
		return -1
	}
	return n
}

// typed is what stands in a box: what was sent, else what is recorded.
func (r *request) typed(name, recorded string) string {
	if r.form.Has(name) {
		return r.value(name)
	}
	return recorded
}

// visitFields are the boxes for one kind of visitor, filled with what was sent or recorded.
func (r *request) visitFields(in desk.VisitInput, problems view.Problems) view.VisitFields {
	settings := r.server.Desk.Settings()
	f := view.VisitFields{Kind: in.Kind}
	f.Person = view.Field{Name: "name", Label: r.t("kiosk.name"), Value: r.typed("name", in.Name), NoSpell: true, Auto: "off", Maximum: 100}
	f.Purpose = view.Choice{Name: "purpose", Label: r.t("visits.purpose"), Value: r.typed("purpose", in.Purpose), Inline: true,
		Options: r.codeOptions(settings.Purposes)}
	if f.Purpose.Value == "" && len(settings.Purposes) > 0 {
		f.Purpose.Value = settings.Purposes[0].Key
	}
	f.Stop = r.stopChoice(settings, in)
	switch in.Kind {
	case desk.VisitNameless:
		r.birthdayFields(&f, problems)
	case desk.VisitGuest:
		r.guestFields(&f, in, problems)
	case desk.VisitGroup:
		r.groupFields(&f, in, problems)
	}
	f.Person = f.Person.With(problems)
	return f
}

func (r *request) birthdayFields(f *view.VisitFields, problems view.Problems) {
	f.Day = view.Field{Name: "day", Label: r.t("date.day"), Value: r.value("day"), Width: 3, Mode: "numeric", Auto: "off", Maximum: 2}
	f.Month = view.Choice{Name: "month", Label: r.t("date.month"), Value: r.value("month")}
	for m := 1; m <= 12; m++ {
		f.Month.Options = append(f.Month.Options, view.Option{Value: strconv.Itoa(m), Text: text.Month(r.lang, m)})
	}
	f.Born, _ = problems.At("birth")
}

func (r *request) guestFields(f *view.VisitFields, in desk.VisitInput, problems view.Problems) {
	f.Sex = view.Choice{Name: "sex", Label: r.t("kiosk.sex"), Value: r.typed("sex", string(in.Sex)), Inline: true,
		Options: []view.Option{{Value: "L", Text: r.t("kiosk.male")}, {Value: "P", Text: r.t("kiosk.female")}}}
	f.Sex = f.Sex.With(problems)
	var ages, schools, jobs []library.Code
	for _, a := range library.DefaultAgeGroups() {
		ages = append(ages, a.Code)
	}
	for _, e := range library.Educations() {
		schools = append(schools, e.Code)
	}
	for _, o := range library.ShortOccupations() {
		jobs = append(jobs, o.Code)
	}
	// The list knows the villages of the home regency only: these are the districts a visitor may come from.
	var districts []view.Option
	regions := r.server.Desk.Regions()
	for _, d := range regions.Districts("") {
		if len(regions.Villages(d.Code)) > 0 {
			districts = append(districts, view.Option{Value: d.Code, Text: d.Name})
		}
	}
	district, words := in.Origin, ""
	if !regions.Known(district) {
		district, words = "", in.Origin
	}
	f.Choices = []view.Choice{
		{Name: "age", Label: r.t("kiosk.age"), Value: r.typed("age", in.AgeGroup), Options: r.codeOptions(ages), Optional: true},
		{Name: "education", Label: r.t("kiosk.education"), Value: r.typed("education", in.Education), Options: r.codeOptions(schools), Optional: true},
		{Name: "occupation", Label: r.t("kiosk.occupation"), Value: r.typed("occupation", in.Occupation), Options: r.codeOptions(jobs), Optional: true},
		{Name: "district", Label: r.t("kiosk.district"), Value: r.typed("district", district), Options: districts, Optional: true},
	}
	f.Texts = []view.Field{{Name: "origin", Label: r.t("kiosk.origin_other"), Value: r.typed("origin", words), Optional: true, Auto: "off", Maximum: 100}}
	f.Texts[0] = f.Texts[0].With(problems)
}

func (r *request) groupFields(f *view.VisitFields, in desk.VisitInput, problems view.Problems) {
	f.Person.Label = r.t("kiosk.leader")
	f.Texts = []view.Field{
		{Name: "institution", Label: r.t("kiosk.institution"), Value: r.typed("institution", in.Institution), Auto: "off", Maximum: 100},
		{Name: "phone", Label: r.t("kiosk.phone"), Value: r.typed("phone", in.Phone), Optional: true, Kind: "tel", Auto: "off", Maximum: 30},
	}
	f.Counts = []view.Field{
		{Name: "men", Label: r.t("kiosk.men"), Value: r.typed("men", number(in.Men)), Width: 5, Mode: "numeric", Auto: "off", Maximum: 4},
		{Name: "women", Label: r.t("kiosk.women"), Value: r.typed("women", number(in.Women)), Width: 5, Mode: "numeric", Auto: "off", Maximum: 4},
	}
	for i := range f.Texts {
		f.Texts[i] = f.Texts[i].With(problems)
	}
	for i := range f.Counts {
		f.Counts[i] = f.Counts[i].With(problems)
	}
	for _, e := range library.Educations() {
		name := levelField + e.Key
		f.Levels = append(f.Levels, view.Field{Name: name, Label: r.codeLabel(e.Code), Value: r.typed(name, number(in.Levels[e.Key])), Width: 5, Mode: "numeric", Auto: "off", Maximum: 4})
	}
}

// number writes a count into a box; none leaves it empty.
func number(n int) string {
	if n <= 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// stopChoice asks a van where it stands when nobody has said it for today, and where it stood on a day long past.
func (r *request) stopChoice(s desk.Settings, in desk.VisitInput) view.Choice {
	c := view.Choice{Name: "stop", Label: r.t("visits.stop"), Value: r.typed("stop", in.Stop)}
	if !s.Role.HasStops() || s.CurrentStop != "" && in.Stop == "" && in.At.IsZero() {
		return c
	}
	if c.Value == "" && in.At.IsZero() {
		c.Value = r.rememberedStop()
	}
	for _, stop := range s.Stops {
		c.Options = append(c.Options, view.Option{Value: stop, Text: stop})
	}
	return c
}

// purposeLabels are the words for the purposes of visits, by key.
func (r *request) purposeLabels() map[string]string {
	labels := map[string]string{}
	for _, c := range append(library.DefaultPurposes(), r.server.Desk.Settings().Purposes...) {
		labels[c.Key] = r.codeLabel(c)
	}
	return labels
}
