package desk

import (
	"context"
	"encoding/json"
	"fmt"

	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/event"
	"simpul/sync/merge"
)

// Settings is what the node is and what officers have set. It is a value that
// nobody changes; a new one replaces it after each change.
type Settings struct {
	Node     library.ID       `json:"-"`
	Role     library.NodeRole `json:"-"`
	Name     string           `json:"-"` // "Perpustakaan Genteng"
	Code     int              `json:"-"` // NNN of the member numbers
	Revision int              `json:"-"` // how many settings were ever changed

	Purposes       []library.Code                `json:"purposes"`
	OldPurposes    []library.Code                `json:"old_purposes"` // no longer offered; still named in reports
	MemberKinds    []library.MemberKind          `json:"member_kinds"`
	IdentityKinds  map[library.IdentityKind]bool `json:"identity_kinds"`
	Stops          []string                      `json:"stops"`
	CurrentStop    string                        `json:"current_stop"`
	AdultAge       int                           `json:"adult_age"`        // years
	RenewFromToday bool                          `json:"renew_from_today"` // else from the old end
	LapseDays      int                           `json:"lapse_days"`       // an unfinished registration lapses after
	DraftDays      int                           `json:"draft_days"`
	EndedDays      int                           `json:"ended_days"`   // a registration that came to nothing
	VisitMonths    int                           `json:"visit_months"` // names of visitors who are no members
	LockMinutes    int                           `json:"lock_minutes"`
	KeepYears      int                           `json:"keep_years"` // a record after the membership ended
	BackupKeep     int                           `json:"backup_keep"`
	BackupFolder   string                        `json:"backup_folder"` // a second place, a USB stick for example
	Standards      library.StandardList          `json:"standards"`
	Consents       []library.ConsentText         `json:"consents"`
	CardHeading    string                        `json:"card_heading"`
	CardSubheading string                        `json:"card_subheading"`
	CardInk        string                        `json:"card_ink"`
	CardAccent     string                        `json:"card_accent"`
	CardRules      []string                      `json:"card_rules"`
	CardEmblem     []byte                        `json:"card_emblem"` // as card.PrepareEmblem makes it; none is Simpul's own mark
	Printers       []Printer                     `json:"printers"`
	PrintWay       string                        `json:"print_way"`     // the way of printing lists that was chosen last
	PrintWayOne    string                        `json:"print_way_one"` // the same for a single card
	PrinterX       float64                       `json:"printer_x"`     // mm; what one printer had before there were several
	PrinterY       float64                       `json:"printer_y"`
	LAN            bool                          `json:"lan"`           // phones may come in
	LANAddress     string                        `json:"lan_address"`   // of this PC, where they do; "" is the one of the default route
	LANInterface   string                        `json:"lan_interface"` // that had this address when it was chosen
	LANPort        int                           `json:"lan_port"`
	LANHTTPS       bool                          `json:"lan_https"`     // phones come in by https, when there is a certificate
	Addresses      []string                      `json:"addresses"`     // where nodes reach the centre, as it says itself
	PublicURL      string                        `json:"public_url"`    // where people at home reach the centre; "" is nowhere
	PublicHere     bool                          `json:"public_here"`   // cards from home can be collected at the centre too
	PublicClosed   bool                          `json:"public_closed"` // the public form is closed
	PublicDaily    int                           `json:"public_daily"`  // registrations from home that a branch takes a day
	DayMegabytes   int                           `json:"day_megabytes"` // that the exchange may take a day; 0 is any number
	Demo           bool                          `json:"demo"`
	Language       string                        `json:"language"`
}

// defaults are the settings before anybody changed one.
func defaults() Settings {
	keep := library.DefaultRetention()
	return Settings{
		Purposes: library.DefaultPurposes(), MemberKinds: library.DefaultMemberKinds(), IdentityKinds: library.DefaultIdentityKinds(),
		AdultAge: library.DefaultAdultAge, LapseDays: 30, LockMinutes: 10, BackupKeep: 14,
		DraftDays: keep.DraftDays, EndedDays: keep.EndedDays, VisitMonths: keep.VisitMonths, KeepYears: keep.MemberYears,
		Standards:   library.DefaultStandards(),
		Consents:    library.DefaultConsents("Dinas Perpustakaan dan Kearsipan Kabupaten Banyuwangi", keep.MemberYears),
		CardHeading: "Kartu Tanda Anggota Perpustakaan", CardSubheading: "Dinas Perpustakaan dan Kearsipan · Kabupaten Banyuwangi",
		LANPort: 8712, PublicDaily: 40,
		CardInk: "#0a3f47", CardAccent: "#f2c230", Language: "id",
		CardRules: []string{"Kartu ini berlaku di semua perpustakaan Kabupaten Banyuwangi.", "Bawa kartu setiap berkunjung. Kartu tidak dapat dipindahtangankan.", "Bila hilang, lapor ke perpustakaan untuk diganti."},
	}
}

// Settings returns the present settings.
func (d *Desk) Settings() Settings {
	if s := d.settings.Load(); s != nil {
		return *s
	}
	s := defaults()
	s.Printers = firstPrinters(s)
	return s
}

// applySettings reads the settings out of the node's state. A value that cannot
// be read keeps its default, so one bad setting never stops a node.
func (d *Desk) applySettings(n *merge.Node) {
	s := defaults()
	s.Node, s.Role = library.ID(n.ID), library.NodeRole(n.Config.Value.Role)
	s.Name, s.Code = n.Config.Value.Name, int(n.Config.Value.Code)
	s.Revision = len(n.Settings)
	for key, v := range n.Settings {
		d.applySetting(&s, key, v.Value)
	}
	// What holds in the whole district is the centre's to say.
	district, err := d.Store.CentreSettings(context.Background())
	if err != nil {
		d.Log.Error("read the settings of the centre", "err", err)
	}
	for key, value := range district {
		d.applySetting(&s, key, value)
	}
	if len(s.Printers) == 0 {
		s.Printers = firstPrinters(s)
	}
	d.settings.Store(&s)
	if d.Changed != nil {
		d.Changed()
	}
}

func (d *Desk) applySetting(s *Settings, key, value string) {
	if err := json.Unmarshal(fmt.Appendf(nil, "{%q:%s}", key, value), s); err != nil {
		d.Log.Warn("setting left at its default", "key", key)
	}
}

// SetSetting changes one setting by its JSON name; value is anything that
// encodes to the type of that field.
func (d *Desk) SetSetting(ctx context.Context, who Actor, op library.ID, key string, value any) error {
	if err := who.may(library.ManageSettings); err != nil {
		return err
	}
	return d.setSettings(ctx, who, op, map[string]any{key: value})
}

// SetSettings changes several settings at once.
func (d *Desk) SetSettings(ctx context.Context, who Actor, op library.ID, values map[string]any) error {
	if err := who.may(library.ManageSettings); err != nil {
		return err
	}
	return d.setSettings(ctx, who, op, values)
}

// SetStop says where the van stands today; any officer on it may.
func (d *Desk) SetStop(ctx context.Context, who Actor, op library.ID, stop string) error {
	if err := who.may(library.RecordVisit); err != nil {
		return err
	}
	return d.setSettings(ctx, who, op, map[string]any{"current_stop": library.CleanLine(stop)})
}

func (d *Desk) setSettings(ctx context.Context, who Actor, op library.ID, values map[string]any) error {
	if problems := CheckSettings(values); len(problems) > 0 {
		return library.Invalid(problems...)
	}
	now, err := d.encodedSettings()
	if err != nil {
		return err
	}
	district, err := d.Store.CentreSettings(ctx)
	if err != nil {
		return told(err)
	}
	encoded := map[string]string{}
	for key, value := range values {
		raw, err := json.Marshal(value)
		if err != nil {
			return fmt.Errorf("desk: setting %s: %w", key, err)
		}
		probe := defaults()
		if err := json.Unmarshal(fmt.Appendf(nil, "{%q:%s}", key, raw), &probe); err != nil {
			return library.E(library.KindInvalid, "error.setting").Because(err)
		}
		// What stays as it is makes no event, so two who change different things do not undo each other.
		if string(raw) == string(now[key]) {
			continue
		}
		if _, fixed := district[key]; fixed {
			return library.E(library.KindForbidden, "error.setting_of_centre").Hinted("error.setting_of_centre.hint")
		}
		encoded[key] = string(raw)
	}
	if len(encoded) == 0 {
		return nil
	}
	_, err = d.write(ctx, op, func(tx *store.Tx) error {
		for key, value := range encoded {
			if _, err := d.append(tx, who, event.SettingChanged, d.Settings().Node, &event.Setting{Key: key, Value: value}); err != nil {
				return err
			}
		}
		return nil
	})
	return err
}

// encodedSettings are the present settings by their JSON names.
func (d *Desk) encodedSettings() (map[string]json.RawMessage, error) {
	raw, err := json.Marshal(d.Settings())
	if err != nil {
		return nil, fmt.Errorf("desk: settings: %w", err)
	}
	var now map[string]json.RawMessage
	if err := json.Unmarshal(raw, &now); err != nil {
		return nil, fmt.Errorf("desk: settings: %w", err)
	}
	return now, nil
}

// Purpose returns the label of a purpose of visit, the key when it is unknown.
func (s Settings) Purpose(key string) string {
	if c, ok := library.Find(s.Purposes, key); ok {
		return c.Label
	}
	if c, ok := library.Find(s.OldPurposes, key); ok {
		return c.Label
	}
	return key
}

// Consent returns the text that is shown for a purpose now.
func (s Settings) Consent(kind library.ConsentKind) library.ConsentText {
	for _, c := range s.Consents {
		if c.Kind == kind {
			return c
		}
	}
	return library.DefaultConsent(kind, s.CardSubheading, s.KeepYears)
}
