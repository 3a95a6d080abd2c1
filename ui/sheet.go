package ui

import (
	"bytes"
	"fmt"
	"io"
	"strconv"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui/view"
)

// sheetRoutes make another recovery sheet count.
func (s *server) sheetRoutes() []route {
	manage := officerWho(library.ManageOfficers)
	return []route{
		get(sheetPath, manage, showNewSheet),
		post(sheetPath, manage, renewSheet),
		post(sheetPath+"/cetak", manage, printRenewedSheet),
	}
}

const (
	sheetPath = "/petugas/lembar"
	sheetSeal = "sheet"
)

// drawnSheet is a recovery sheet that does not count yet: its words travel sealed in the form, and stand on paper.
type drawnSheet struct {
	Until int64 // ms since 1970
	Words []string
	Ask   int  // which of them is asked for, to be sure that the paper is in hand
	Heard bool // it was right
}

func (s *server) newSheet() (drawnSheet, error) {
	code, err := s.Desk.NewRecovery()
	if err != nil {
		return drawnSheet{}, err
	}
	var ask [1]byte
	if _, err := io.ReadFull(s.Random, ask[:]); err != nil {
		return drawnSheet{}, fmt.Errorf("ui: randomness: %w", err)
	}
	words := code.Words()
	return drawnSheet{Words: words, Ask: int(ask[0])%len(words) + 1}, nil
}

// wordField asks for the word.
func (d *drawnSheet) wordField(r *request) view.Field {
	f := view.Field{Name: "word", Label: r.t("setup.word", d.Ask), Hint: r.t("setup.word.hint"), Auto: "off", Width: 14}
	if d.Heard {
		f.Hint, f.Optional = r.t("setup.word.heard"), true
	}
	return f
}

// hear takes in the word that was typed.
func (d *drawnSheet) hear(typed string) []library.Problem {
	code, err := desk.RecoveryFrom(d.Words)
	if d.Heard = d.Heard || err == nil && code.Confirms(d.Ask, typed); d.Heard {
		return nil
	}
	return []library.Problem{{Field: "word", Key: "problem.recovery_word", Args: []any{d.Ask}}}
}

func showNewSheet(r *request) error {
	sheet, err := r.server.newSheet()
	if err != nil {
		return err
	}
	return r.newSheetPage(&sheet, nil)
}

func (r *request) newSheetPage(sheet *drawnSheet, wrong error) error {
	sheet.Until = r.now().Add(setupLife).UnixMilli()
	state, err := r.server.sealed(sheetSeal, sheet)
	if err != nil {
		return err
	}
	v := &view.NewSheet{State: state, Words: sheet.Words, Print: sheetPath + "/cetak", Save: sheetPath, Word: sheet.wordField(r),
		Password: view.Field{Name: "password", Label: r.t("newsheet.password"), Kind: "password", Auto: "current-password"}}
	v.Title = r.t("newsheet.title")
	if _, err := r.office(); err == nil {
		v.Kit = r.t("newsheet.kit")
	}
	if wrong == nil {
		return r.page("new-sheet", v)
	}
	p := r.problems(wrong)
	v.Word, v.Password = v.Word.With(p), v.Password.With(p)
	return r.invalid("new-sheet", v, wrong)
}

// sheetState opens the form's seal; another sheet is drawn when it is too old or of before a start, for nothing was
// written yet.
func (r *request) sheetState() (*drawnSheet, error) {
	var sheet drawnSheet
	if !r.server.unsealed(sheetSeal, r.value("state"), &sheet) || r.now().UnixMilli() > sheet.Until {
		return nil, library.Invalid(library.Problem{Field: "word", Key: "problem.sheet_old"})
	}
	return &sheet, nil
}

// anotherSheet shows a fresh one, and says why.
func (r *request) anotherSheet(why error) error {
	sheet, err := r.server.newSheet()
	if err != nil {
		return err
	}
	return r.newSheetPage(&sheet, why)
}

func printRenewedSheet(r *request) error {
	sheet, err := r.sheetState()
	if err != nil {
		return r.anotherSheet(err)
	}
	s := r.server.Desk.Settings()
	return r.recoverySheet(sheet.Words, s.Name, strconv.Itoa(s.Code))
}

func renewSheet(r *request) error {
	sheet, err := r.sheetState()
	if err != nil {
		return r.anotherSheet(err)
	}
	if problems := sheet.hear(r.value("word")); len(problems) > 0 {
		return r.newSheetPage(sheet, library.Invalid(problems...))
	}
	code, err := desk.RecoveryFrom(sheet.Words)
	if err != nil {
		return err
	}
	err = r.server.Desk.RenewSheet(r.ctx(), r.actor(), r.session.Login, r.form.Get("password"), code)
	switch {
	case library.KindOf(err) == library.KindInvalid:
		return r.newSheetPage(sheet, err)
	case err != nil:
		return err
	}
	if _, err := r.office(); err == nil {
		return r.done("/cabang/paket", "done.sheet_kit")
	}
	return r.done("/petugas", "done.sheet")
}

// recoverySheet answers the words of a sheet for printing, with the name and code of its PC.
func (r *request) recoverySheet(words []string, name, code string) error {
	sheet, err := desk.RecoveryFrom(words)
	if err != nil {
		return err
	}
	var pdf bytes.Buffer
	err = r.server.Desk.RecoverySheet(&pdf, sheet, desk.SheetWords{Library: name, Title: r.t("sheet.title"),
		Subtitle: name + " (" + code + ")", Keep: r.t("sheet.keep"), Use: r.t("sheet.use"), Footer: r.t("sheet.footer")})
	if err != nil {
		return err
	}
	return r.pdf("lembar-pemulihan.pdf", pdf.Bytes())
}
