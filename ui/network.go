package ui

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"net/url"
	"strconv"
	"strings"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/ui/text"
	"simpul/ui/view"
)

// networkSettings: whether phones may come in, and where.
func networkSettings(f *settingsForm) {
	f.flag("lan", f.s.LAN)
	if d := f.r.secureDoor(); d.There || f.s.LANHTTPS {
		f.parts[len(f.parts)-1].Check.Hint = f.r.t("settings.lan.hint_tls")
		f.flag("lan_https", f.s.LANHTTPS)
		hint := f.r.t("settings.lan_https.none")
		if d.ForPhones != "" {
			hint = f.r.t("settings.lan_https.at", d.ForPhones)
		}
		f.parts[len(f.parts)-1].Check.Hint = hint
	}
	now := f.s.LANAddress
	if now != "" {
		now = cmp.Or(OwnAddress(f.s, f.r.door().Addresses), now)
	}
	c := view.Choice{Name: "lan_address", Label: f.label("lan_address"), Hint: f.hint("lan_address"), Value: f.typed("lan_address", now),
		Options: []view.Option{{Text: f.label("lan_address.auto")}}}
	here, named := c.Value == "", ""
	for _, a := range f.r.door().Addresses {
		o := view.Option{Value: a.IP, Text: a.IP, Hint: a.Interface}
		if a.Main {
			c.Options[0].Hint = a.IP
		}
		if a.IP == c.Value {
			here, named = true, a.Interface
		}
		c.Options = append(c.Options, o)
	}
	if !here {
		named = f.s.LANInterface
		c.Options = append(c.Options, view.Option{Value: c.Value, Text: c.Value, Hint: f.label("lan_address.gone")})
	}
	f.parts = append(f.parts, view.SettingPart{Radios: &c})
	f.values["lan_address"], f.values["lan_interface"] = c.Value, named
	f.number("lan_port", f.s.LANPort)
	var wifi desk.WiFi
	if f.r.may(library.ManageSettings) && !f.sent {
		var err error
		if wifi, err = f.r.server.Desk.WiFi(f.r.ctx(), f.r.actor()); err != nil {
			f.r.server.Log.Warn("the Wi-Fi for visitors cannot be read", "err", err)
		}
	}
	f.heading("wifi")
	w := desk.WiFi{Name: f.add(view.Field{Name: "wifi_name", Label: f.label("wifi_name"), Hint: f.hint("wifi_name"), Value: f.typed("wifi_name", wifi.Name), Auto: "off", NoSpell: true, Maximum: 64, Optional: true}),
		Password: f.add(view.Field{Name: "wifi_password", Label: f.label("wifi_password"), Hint: f.hint("wifi_password"), Value: f.typed("wifi_password", wifi.Password), Auto: "off", NoSpell: true, Maximum: 80, Optional: true})}
	f.values[wifiValue] = w
}

// wifiValue is where the page of the network leaves what is no setting.
const wifiValue = "wifi"

// wifiCode is the code that brings a phone onto the Wi-Fi, to be scanned first; nil when nobody has written the Wi-Fi down.
func (r *request) wifiCode() *view.WiFiCode {
	w, err := r.server.Desk.WiFi(r.ctx(), r.actor())
	if err != nil {
		r.server.Log.Warn("the code of the Wi-Fi is left out", "err", err)
	}
	if err != nil || w.Name == "" {
		return nil
	}
	return &view.WiFiCode{Image: "/telepon/wifi.svg", Alt: r.t("phone.wifi.join", w.Name), Name: w.Name}
}

// drawWiFi is that code.
func drawWiFi(r *request) error {
	w, err := r.server.Desk.WiFi(r.ctx(), r.actor())
	if err != nil {
		return err
	}
	if w.Name == "" {
		return library.E(library.KindNotFound, "error.not_found")
	}
	return r.scanCode(w.Code(), r.t("phone.wifi.join", w.Name))
}

// network is what stands under the form: the door, a code for trying it, and help.
func (r *request) network() *view.Network {
	ports := strconv.Itoa(r.server.Desk.Settings().LANPort)
	v := &view.Network{Door: r.doorView(), WiFi: r.wifiCode(), TLS: r.tls()}
	if u, err := url.Parse(v.TLS.URL); err == nil && u.Port() != "" {
		ports += "," + u.Port()
	}
	v.Rule = fmt.Sprintf(`netsh advfirewall firewall add rule name="Simpul" dir=in action=allow protocol=TCP localport=%s profile=private`, ports)
	for _, one := range []string{"firewall", "no_internet", "router"} {
		v.Guide = append(v.Guide, view.Guide{Title: r.t("lan.guide." + one), Steps: strings.Split(r.t("lan.guide."+one+".steps"), "|")})
	}
	return v
}

// showDoor answers the part that asks every two seconds: nothing while nothing changed.
func showDoor(r *request) error {
	d := r.doorView()
	if strings.HasSuffix(d.Ask, "v="+r.Query("v")) {
		return r.unchanged()
	}
	return r.part("settings", "network-door", d)
}

func (r *request) doorView() view.Door {
	now := r.door()
	d := view.Door{State: view.Quiet, Text: r.t("lan.closed")}
	switch {
	case now.Problem != "":
		d.State, d.Text = view.Bad, r.t(now.Problem)
	case now.URL != "":
		d.State, d.Text = view.OK, r.t("lan.open", now.URL)
		d.URL, d.Code, d.Alt = strings.TrimPrefix(now.URL, "http://")+"/coba", "/pengaturan/jaringan/coba.svg?di="+url.QueryEscape(now.URL), r.t("lan.try.code")
		d.Seen = r.t("lan.try.none")
		if !now.Seen.IsZero() {
			d.Seen = r.t("lan.try.seen", text.Time(r.lang, now.Seen.In(r.server.Zone)))
		}
	case r.server.Desk.Settings().LAN:
		d.Text = r.t("lan.opening")
	}
	mark := fnv.New64a()
	fmt.Fprint(mark, d, r.lang)
	d.Ask = fmt.Sprintf("/pengaturan/jaringan/pintu?v=%x", mark.Sum64())
	return d
}

// drawTry is the code that leads a phone to the page for trying.
func drawTry(r *request) error { return r.scanCode(r.door().URL+"/coba", r.t("lan.try.code")) }

// scanCode answers with a QR. What it leads to stands in no address of ours.
func (r *request) scanCode(content, title string) error {
	svg, err := desk.CodeToScan(content, title)
	if err != nil {
		return err
	}
	return r.content("image/svg+xml", "", svg)
}
