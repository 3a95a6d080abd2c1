package ui

import (
	"testing"
	"time"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui/view"
)

// TestTheBadgeSaysWhatKeepsRecordsBack: each failure that is told apart has words of its own, with and without records that
// wait, and none of them speaks of a centre that cannot be reached when that is not so.
func TestTheBadgeSaysWhatKeepsRecordsBack(t *testing.T) {
	s := newWordsOnly()
	s.Now, s.Zone = testConfig().Now, library.WIB()
	r := &request{server: s, lang: "id"}
	noon := s.Now()
	since := r.when(noon)
	for _, c := range []struct {
		name, failure string
		state         desk.ExchangeState
		waits, none   string
		bad           view.State
	}{
		{"nobody has signed in there", "closed", desk.ExchangeWaiting, "Pusat belum bisa menerima · 12 catatan menunggu", "Pusat belum bisa menerima", view.Warn},
		{"its disk is full", "full", desk.ExchangeWaiting, "Pusat belum bisa menerima · 12 catatan menunggu", "Pusat belum bisa menerima", view.Warn},
		{"it has much to do", "busy", desk.ExchangeWaiting, "Pusat belum bisa menerima · 12 catatan menunggu", "Pusat belum bisa menerima", view.Warn},
		{"our disk is full", "disk", desk.ExchangeWaiting, "Penyimpanan penuh", "Penyimpanan penuh", view.Bad},
		{"the data plan is used up", "budget", desk.ExchangeWaiting, "Kuota hari ini habis · 12 catatan menunggu", "Kuota hari ini habis", view.Warn},
		{"the line moves nothing", "stalled", desk.ExchangeWaiting, "Sambungan macet · 12 catatan menunggu", "Sambungan macet", view.Warn},
		{"somebody else is at its address", "other-centre", desk.ExchangeWaiting, "Bukan pusat yang menjawab · 12 catatan menunggu", "Bukan pusat yang menjawab", view.Warn},
		{"keys that it never signed", "keys", desk.ExchangeWaiting, "Bukan pusat yang menjawab · 12 catatan menunggu", "Bukan pusat yang menjawab", view.Warn},
		{"nobody answers", "offline", desk.ExchangeWaiting, "Pusat tidak terjangkau sejak " + since + " · 12 catatan menunggu", "Pusat tidak terjangkau sejak " + since, view.Warn},
		{"by stick only", "", desk.ExchangeByStick, "12 catatan menunggu stik USB", "Lewat stik USB · tidak ada yang menunggu", view.Warn},
		{"nobody has signed in here", "", desk.ExchangePaused, "12 catatan menunggu · masuk untuk mengirim", "Berhenti dulu · masuk untuk mengirim", view.Warn},
		{"revoked", "", desk.ExchangeRevoked, "Dicabut dari pusat", "Dicabut dari pusat", view.Bad},
	} {
		e := desk.Exchange{State: c.state, Failure: c.failure, Tried: noon.Add(time.Minute), Succeeded: noon, Waiting: 12}
		if b := r.badge(Facts{Exchange: e}); b.Text != c.waits || b.State != c.bad {
			t.Errorf("%s: %q %v", c.name, b.Text, b.State)
		}
		e.Waiting = 0
		if b := r.badge(Facts{Exchange: e}); b.Text != c.none {
			t.Errorf("%s, nothing waits: %q", c.name, b.Text)
		}
	}
}
