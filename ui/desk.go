package ui

import (
	"fmt"
	"hash/fnv"
	"strings"
	"time"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui/text"
	"simpul/ui/view"
)

// queueLimit bounds what the queue shows of each kind; the tabs say how many there are.
const queueLimit = 60

// deskRoutes are the page of the counter, its two fragments that ask again, and the scanner.
func (s *server) deskRoutes() []route {
	may := officerWho(library.DraftRegistration)
	return []route{
		get("/meja", may, showDesk),
		poll("/meja/antrean", may, showQueue),
		poll("/meja/angka", may, showNumbers),
		post("/pindai", officerWho(library.RecordVisit), scan),
	}
}

// showDesk is where an officer's day begins: who is being served, and what has been done today.
func showDesk(r *request) error {
	r.takeBack()
	v := &view.Desk{Today: r.now(), Greeting: r.t(greeting(r.now().In(r.server.Zone)), firstName(r.session.Name)),
		Queue: r.queue(r.Query("tertunda") != ""), Numbers: r.numbers(), Find: r.may(library.ReadMember), Ways: r.ways()}
	v.Title = r.t("desk.title")
	return r.page("desk", v)
}

// ways are the pages beside the counter; nobody is led to one that will not open.
func (r *request) ways() []view.Way {
	var ways []view.Way
	for _, w := range []struct {
		path, icon, key string
		may             library.Permission
	}{
		{"/kelas", "class", "class.title", library.ClassMode},
		{"/kartu", "card", "cards.title", library.Register},
		{"/kartu/periksa", "check", "check.title", library.RecordVisit},
		{"/telepon/formulir", "phone", "phone.form.do", library.DraftRegistration},
		{cameraPath, "photo", "camera.title", library.Register},
		{"/daftar/selesai", "clock", "ended.title", library.DraftRegistration},
	} {
		if r.may(w.may) {
			ways = append(ways, view.Way{Link: view.Link{Path: w.path, Text: r.t(w.key)}, Icon: w.icon})
		}
	}
	return ways
}

// greeting is the key of the greeting for an hour, as Indonesians divide the day.
func greeting(at time.Time) string {
	switch h := at.Hour(); {
	case h < 11:
		return "desk.morning"
	case h < 15:
		return "desk.noon"
	case h < 18:
		return "desk.afternoon"
	}
	return "desk.evening"
}

func firstName(name string) string {
	first, _, _ := strings.Cut(name, " ")
	return first
}

// showQueue answers the queue that asks again every three seconds: nothing while nothing changed.
func showQueue(r *request) error {
	q := r.queue(r.Query("tertunda") != "")
	if strings.HasSuffix(q.Path, "v="+r.Query("v")) {
		return r.unchanged()
	}
	return r.part("desk", "queue", q)
}

func showNumbers(r *request) error {
	n := r.numbers()
	if strings.HasSuffix(n.Path, "v="+r.Query("v")) {
		return r.unchanged()
	}
	return r.part("desk", "today", n)
}

// queue reads the board: the registrations of today, or those put aside and left from earlier days.
func (r *request) queue(waiting bool) view.Queue {
	today, held := r.server.Desk.Waiting(queueLimit)
	q := view.Queue{Waiting: waiting, Today: today.Total, Postponed: held.Total}
	shown := today.Items
	if waiting {
		shown = held.Items
	}
	names, err := r.server.Desk.OfficerNames(r.ctx())
	if err != nil {
		names = nil // the rows stand without the colleagues' names
	}
	version := fnv.New64a()
	fmt.Fprint(version, q.Today, q.Postponed, r.lang)
	for _, item := range shown {
		if item.Name == "" {
			item.Name = r.draftName(item.ID)
		}
		by := r.server.Desk.Attending(item.ID)
		fmt.Fprint(version, item.ID, item.Step, item.Name, item.Paused, item.Version, by.Officer)
		q.Rows = append(q.Rows, r.queueRow(item, by, names))
	}
	q.Path = fmt.Sprintf("/meja/antrean?v=%x", version.Sum64())
	if waiting {
		q.Path = fmt.Sprintf("/meja/antrean?tertunda=1&v=%x", version.Sum64())
	}
	return q
}

// draftName is the name in a form that is half typed, so that two visitors whose forms are not valid yet can be told apart.
func (r *request) draftName(id library.ID) string {
	draft, _, err := r.server.Desk.DraftOf(r.ctx(), r.actor(), id)
	if err != nil {
		return ""
	}
	return library.CleanLine(draft.Fields[library.FieldName])
}

func (r *request) queueRow(item desk.Serving, by desk.Attendant, names map[library.ID]string) view.QueueRow {
	row := view.QueueRow{ID: item.ID.String(), Name: item.Name, Path: registrationPath(item.ID, ""), Steps: view.Steps{Current: int(item.Step)},
		Primary: by.Officer.IsZero() || by.Officer == r.actor().Officer}
	if row.Name == "" {
		row.Name = r.t("registration.new")
	}
	row.Steps.Clock = view.Clock{Elapsed: item.Elapsed, Running: !item.Paused}
	if item.Timed {
		row.Steps.Clock.Standard = r.server.Desk.StepStandards().Of(item.Step)
	}
	if item.Paused {
		row.Steps.Clock.Paused = r.pauseReason(item.Pause)
	}
	var note []string
	if doc := r.document(item.Document); doc != "" {
		note = append(note, doc)
	}
	opened := text.Time(r.lang, item.Opened.In(r.server.Zone))
	if library.DateIn(item.Opened, r.server.Zone) != r.server.Desk.Today() {
		opened = text.Date(item.Opened.In(r.server.Zone))
	}
	note = append(note, r.t("desk.since", opened))
	if item.Source != desk.SourceDesk {
		note = append(note, r.t("source."+item.Source))
	}
	if item.Source == desk.SourcePhone {
		note = append(note, r.t("desk.reference", desk.Reference(item.ID)))
	}
	if item.Source == desk.SourcePublic {
		note = append(note, r.t("desk.reference", spoken(desk.WholeReference(item.ID))))
	}
	if !by.Officer.IsZero() && by.Officer != r.actor().Officer {
		note = append(note, r.t("desk.with", names[by.Officer], text.Time(r.lang, by.At.In(r.server.Zone))))
	}
	row.Note = strings.Join(note, " · ")
	return row
}

// numbers are today's visits and cards.
func (r *request) numbers() view.Today {
	counts, _ := r.server.Desk.Counts()
	n := func(key string) int { return int(counts[key]) }
	t := view.Today{
		Visits: view.Visits{Total: n(desk.CountVisits), Members: n(desk.CountMembers) + n(desk.CountNameless), Guests: n(desk.CountGuests),
			Groups: n(desk.CountGroups), GroupPeople: n(desk.CountGrouped)},
		Issued: view.Issued{Cards: n(desk.CountIssued), Median: time.Duration(counts[desk.CountMedian]) * time.Millisecond,
			Standard: r.server.Desk.StepStandards().Sum()},
	}
	version := fnv.New64a()
	fmt.Fprint(version, t.Visits, t.Issued, r.lang)
	t.Path = fmt.Sprintf("/meja/angka?v=%x", version.Sum64())
	return t
}

// scan opens whom a card belongs to and offers the visit; a code that nobody here has says so, and a signed card that does
// not simply open its member gets its answer.
func scan(r *request) error {
	code := r.value("code")
	if code == "" {
		return r.redirect("/meja")
	}
	if open, err := r.opensMember(code); err != nil || !open {
		if err != nil {
			return err
		}
		return r.cardChecked(code)
	}
	found, err := r.server.Desk.Scan(r.ctx(), r.actor(), code)
	if library.KindOf(err) == library.KindNotFound {
		if r.may(library.ReadMember) {
			if id, away, err := r.server.Desk.Away(r.ctx(), r.actor(), code); err != nil {
				return err
			} else if away {
				return r.redirect(memberPath(id, ""))
			}
		}
		v := &view.Scanned{Code: library.CleanScan(code)}
		if library.LooksLikeNIK(v.Code) {
			v.Code = "" // a NIK is not shown back to the room
		}
		v.Title = r.t("scan.unknown")
		return r.page("scanned", v)
	}
	if err != nil {
		return err
	}
	v := &view.Scanned{Name: found.Form.Name, Person: found.ID.String()}
	v.Title = r.t("scan.found")
	v.Facts = r.likeness(found)
	if found.Member {
		v.Member = "/anggota/" + v.Person
		v.Visit = "/kunjungan/catat?anggota=" + v.Person
		v.Facts = append(v.Facts, view.Fact{Name: r.t("scan.until"), Value: found.Until.String()})
		if found.Card != nil && found.Card.Blocked {
			v.Facts = append(v.Facts, view.Fact{Name: r.t("scan.card"), Value: r.t("scan.blocked"), State: view.Bad})
		}
	} else {
		v.Member = registrationPath(found.ID, "")
	}
	return r.page("scanned", v)
}

// moment writes a day and a time of day.
func (r *request) moment(at time.Time) string {
	at = at.In(r.server.Zone)
	return text.Date(at) + ", " + text.Time(r.lang, at)
}
