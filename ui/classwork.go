package ui

import (
	"net/http"
	"strconv"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui/view"
)

// showSheets lists the children with the sheets that their guardians signed.
func showSheets(r *request) error {
	v, err := r.classSheets()
	if err != nil {
		return err
	}
	return r.page("class-sheets", v)
}

func (r *request) classSheets() (*view.ClassSheets, error) {
	_, children, head, err := r.class("sheets")
	if err != nil {
		return nil, err
	}
	v := &view.ClassSheets{ClassHead: head, Relations: r.options(library.GuardianRelations())}
	for _, c := range children {
		row := r.childRow(head.Root, c)
		row.Done, row.Waiting, row.Version = c.Consent, c.Card == nil, c.SheetVersion()
		v.Rows = append(v.Rows, row)
	}
	return v, nil
}

// tickSheets records the sheets that were ticked, and takes back those whose tick was taken away.
func tickSheets(r *request) error {
	op, err := r.operation()
	if err != nil {
		return err
	}
	v, err := r.classSheets()
	if err != nil {
		return err
	}
	var sheets []desk.SheetInput
	for i := range v.Rows {
		row := &v.Rows[i]
		id, err := library.ParseID(row.ID)
		if err != nil || !row.Waiting || r.value("version_"+row.ID) == "" {
			continue
		}
		ticked, was := r.ticked("sheet_"+row.ID), r.ticked("was_"+row.ID)
		guardian, relation := r.value("guardian_"+row.ID), r.value("relation_"+row.ID)
		if ticked == was {
			continue
		}
		row.Guardian, row.Relation, row.Ticked = guardian, relation, ticked
		sheets = append(sheets, desk.SheetInput{Child: id, Guardian: guardian, Relation: relation, NoPhoto: r.ticked("nophoto_" + row.ID),
			Withdraw: was, Version: r.value("version_" + row.ID)})
	}
	failed, err := r.server.Desk.ConsentSheets(r.ctx(), r.actor(), op, sheets)
	if err != nil {
		return err
	}
	if len(failed) == 0 {
		return r.redirect(v.Root + "/izin")
	}
	fresh, err := r.classSheets()
	if err != nil {
		return err
	}
	typed := map[string]view.ChildRow{}
	for _, row := range v.Rows {
		typed[row.ID] = row
	}
	for i := range fresh.Rows {
		if row := typed[fresh.Rows[i].ID]; row.Ticked && !fresh.Rows[i].Done {
			fresh.Rows[i].Guardian, fresh.Rows[i].Relation, fresh.Rows[i].Ticked = row.Guardian, row.Relation, true
		}
	}
	return r.refusedChildren("class-sheets", fresh, fresh.Rows, failed)
}

// showComparison lists the children to be compared with the document.
func showComparison(r *request) error {
	v, err := r.classVerify()
	if err != nil {
		return err
	}
	return r.page("class-verify", v)
}

func (r *request) classVerify() (*view.ClassVerify, error) {
	c, children, head, err := r.class("verify")
	if err != nil {
		return nil, err
	}
	v := &view.ClassVerify{ClassHead: head, Document: r.document(c.Common.Identity)}
	for _, child := range children {
		row := r.childRow(head.Root, child)
		row.Done, row.Waiting = child.Verified, child.Stage == desk.StageFilled
		if row.Waiting {
			alike, err := r.server.Desk.Alike(r.ctx(), r.actor(), child.ID)
			if err != nil {
				return nil, err
			}
			if len(alike) > 0 {
				row.Alike = "/daftar/" + row.ID + "/mirip"
			}
		}
		v.Rows = append(v.Rows, row)
	}
	return v, nil
}

func tickComparison(r *request) error {
	op, err := r.operation()
	if err != nil {
		return err
	}
	var ticks []desk.Tick
	for _, s := range r.values("child") {
		if id, err := library.ParseID(s); err == nil {
			ticks = append(ticks, desk.Tick{Child: id, Version: r.value("version_" + s)})
		}
	}
	failed, err := r.server.Desk.VerifyChildren(r.ctx(), r.actor(), op, ticks)
	if err != nil {
		return err
	}
	id, err := r.id("id")
	if err != nil {
		return err
	}
	if len(failed) == 0 {
		return r.redirect(classPath(id) + "/cocok")
	}
	v, err := r.classVerify()
	if err != nil {
		return err
	}
	return r.refusedChildren("class-verify", v, v.Rows, failed)
}

// firstPhoto opens the first child that still needs a photo.
func firstPhoto(r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	return r.nextPhoto(id, library.ID{})
}

// nextPhoto goes on with the next child, or to the cards when all are done.
func (r *request) nextPhoto(class, after library.ID) error {
	next, err := r.server.Desk.NextChild(r.ctx(), r.actor(), class, after)
	if err != nil {
		return err
	}
	if next.IsZero() {
		return r.redirect(classPath(class) + "/kartu")
	}
	return r.redirect(classPath(class) + "/foto/" + next.String())
}

func showChildPhoto(r *request) error {
	class, child, head, err := r.classChild("photos")
	if err != nil {
		return err
	}
	if r.Query("lewati") == "1" {
		r.server.Desk.Release(r.actor(), child.ID)
		return r.nextPhoto(class.ID, child.ID)
	}
	v := r.childPhoto(head, child)
	if child.Taken == "" {
		r.server.Desk.Take(r.actor(), child.ID)
	}
	return r.page("class-photo", v)
}

func (r *request) childPhoto(head view.ClassHead, child desk.Child) *view.ClassPhoto {
	action := head.Root + "/foto/" + child.ID.String()
	v := &view.ClassPhoto{ClassHead: head, Child: child.Form.Name, Version: child.Version, Action: action, Photo: r.photoOf(child.Record), State: child.Photo,
		Taken: r.taken(child), Skip: action + "?lewati=1", Picker: r.photoPicker()}
	consent, asked := child.Consents[library.ConsentPhoto]
	v.Refused = asked && !consent.Given && child.Consent
	v.Picker.Focus = true
	return v
}

func attachChildPhoto(r *request) error {
	class, child, head, err := r.classChild("photos")
	if err != nil {
		return err
	}
	if err := r.takePhoto(child.ID, r.value("version")); err != nil {
		v := r.childPhoto(head, child)
		v.Picker.Error = r.photoProblem(err)
		if library.KindOf(err) == library.KindConflict {
			v.Problems = view.Problems{{Text: r.t(asFailure(err).Key)}}
			return r.reply(http.StatusConflict, "class-photo", v)
		}
		return r.invalid("class-photo", v, err)
	}
	r.server.Desk.Release(r.actor(), child.ID)
	return r.nextPhoto(class.ID, child.ID)
}

// deferChildPhoto is "Foto menyusul", or "Tanpa foto" when the guardian does not want one.
func deferChildPhoto(r *request) error {
	class, child, _, err := r.classChild("photos")
	if err != nil {
		return err
	}
	op, err := r.operation()
	if err != nil {
		return err
	}
	use := r.server.Desk.DeferPhoto
	if r.value("without") != "" {
		use = r.server.Desk.DeclinePhoto
	}
	if _, err := use(r.ctx(), r.actor(), op, child.ID, r.value("version")); err != nil {
		return err
	}
	r.server.Desk.Release(r.actor(), child.ID)
	return r.nextPhoto(class.ID, child.ID)
}

// showClassCards says who is ready and who waits for what.
func showClassCards(r *request) error {
	v, err := r.classCards()
	if err != nil {
		return err
	}
	if n, err := strconv.Atoi(r.Query("terbit")); err == nil {
		v.Flash = r.t("class.issued", n)
	}
	return r.page("class-cards", v)
}

func (r *request) classCards() (*view.ClassCards, error) {
	c, children, head, err := r.class("cards")
	if err != nil {
		return nil, err
	}
	v := &view.ClassCards{ClassHead: head, Printing: "/kartu?kelas=" + c.ID.String(), Handing: "/kartu?daftar=serah&kelas=" + c.ID.String()}
	for _, child := range children {
		switch {
		case child.Card != nil:
		case child.Ready():
			v.Ready++
		case child.Verified && child.Consent:
			v.NoPhoto++
			v.Waiting = append(v.Waiting, r.waitingRow(head.Root, child, "class.waits.photo"))
		case !child.Consent:
			v.Waiting = append(v.Waiting, r.waitingRow(head.Root, child, "class.waits.sheet"))
		case !child.Complete:
			v.Waiting = append(v.Waiting, r.waitingRow(head.Root, child, "class.waits.form"))
		default:
			v.Waiting = append(v.Waiting, r.waitingRow(head.Root, child, "class.waits.verify"))
		}
	}
	return v, nil
}

func (r *request) waitingRow(base string, c desk.Child, why string) view.ChildRow {
	row := r.childRow(base, c)
	row.Problem = r.t(why)
	return row
}

// issueClassCards issues the card of everybody who is ready. Sending it twice issues nobody twice.
func issueClassCards(r *request) error {
	op, err := r.operation()
	if err != nil {
		return err
	}
	id, err := r.id("id")
	if err != nil {
		return err
	}
	n, failed, err := r.server.Desk.IssueClass(r.ctx(), r.actor(), op, id, r.ticked("later"))
	if err != nil {
		return err
	}
	if len(failed) == 0 {
		return r.redirect(classPath(id) + "/kartu?terbit=" + strconv.Itoa(n))
	}
	v, err := r.classCards()
	if err != nil {
		return err
	}
	v.Flash = r.t("class.issued", n)
	return r.refusedChildren("class-cards", v, v.Waiting, failed)
}
