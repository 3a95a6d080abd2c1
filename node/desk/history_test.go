package desk

import (
	"testing"

	"simpul/sync/event"
	"simpul/ui/text"
)

func TestEveryEventOfAMemberHasWords(t *testing.T) {
	words, err := text.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range event.Types() {
		if kind == event.StreamAdmitted || kind == event.DecisionMade {
			continue // of the centre's log, about nobody
		}
		switch kind.Aggregate() {
		case event.PersonState, event.NoState:
			if !words.Has(HistoryKey(kind)) {
				t.Errorf("no sentence for %s", HistoryKey(kind))
			}
		}
	}
	for _, key := range []string{"history.unknown", "history.erased", "history.consent.given.refused", "history.registration.compared.same"} {
		if !words.Has(key) {
			t.Errorf("no sentence for %s", key)
		}
	}
}
