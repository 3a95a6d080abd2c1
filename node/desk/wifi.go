package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"simpul/node/library"
	"simpul/node/store"
)

// WiFi is the network that visitors' phones join. It is no setting: settings go to
// the centre, and this stays here, sealed.
type WiFi struct {
	Name     string `json:"name"`     // SSID; "" when nobody has written it down
	Password string `json:"password"` // WPA; "" for a network without one
}

const wifiSecret = "wifi"

// WiFi returns the network for visitors.
func (d *Desk) WiFi(ctx context.Context, who Actor) (WiFi, error) {
	if err := who.may(library.DraftRegistration); err != nil {
		return WiFi{}, err
	}
	raw, err := d.Store.Secret(ctx, wifiSecret)
	if err != nil || raw == nil {
		return WiFi{}, told(err)
	}
	var w WiFi
	if err := json.Unmarshal(raw, &w); err != nil {
		return WiFi{}, fmt.Errorf("desk: the Wi-Fi for visitors: %w", err)
	}
	return w, nil
}

// SetWiFi writes the network for visitors down; an empty name forgets it. Problems
// stand at "wifi_name" and "wifi_password".
func (d *Desk) SetWiFi(ctx context.Context, who Actor, w WiFi) error {
	if err := who.may(library.ManageSettings); err != nil {
		return err
	}
	if problems := w.check(); len(problems) > 0 {
		return library.Invalid(problems...)
	}
	_, err := d.write(ctx, library.ID{}, func(tx *store.Tx) error {
		if w.Name == "" {
			return tx.DropSecret(wifiSecret)
		}
		raw, err := json.Marshal(w)
		if err != nil {
			return fmt.Errorf("desk: the Wi-Fi for visitors: %w", err)
		}
		return tx.PutSecret(wifiSecret, raw)
	})
	return err
}

// check holds a network to what the standard allows (IEEE 802.11: a name of 32
// bytes; a passphrase of 8 to 63 characters, or 64 hexadecimal digits).
func (w WiFi) check() (out []library.Problem) {
	if len(w.Name) > 32 || !utf8.ValidString(w.Name) {
		out = append(out, library.Problem{Field: "wifi_name", Key: "problem.wifi_name"})
	}
	if w.Name == "" && w.Password != "" {
		out = append(out, library.Problem{Field: "wifi_name", Key: library.KeyMissing})
	}
	if n := len(w.Password); n > 0 && (n < 8 || n > 64) {
		out = append(out, library.Problem{Field: "wifi_password", Key: "problem.wifi_password"})
	}
	return out
}

// Code is what a phone's camera reads to join the network, in the form that
// Android and iOS understand.
func (w WiFi) Code() string {
	quote := strings.NewReplacer(`\`, `\\`, `;`, `\;`, `,`, `\,`, `:`, `\:`, `"`, `\"`)
	if w.Password == "" {
		return "WIFI:T:nopass;S:" + quote.Replace(w.Name) + ";;"
	}
	return "WIFI:T:WPA;S:" + quote.Replace(w.Name) + ";P:" + quote.Replace(w.Password) + ";;"
}
