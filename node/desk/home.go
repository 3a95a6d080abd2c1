package desk

import "simpul/node/library"

// HomeRegency is the code of the regency whose district libraries run Simpul:
// Banyuwangi (Kemendagri code 35.10). Forms begin with it; "" when an imported
// file of areas does not have it.
func (d *Desk) HomeRegency() string {
	const banyuwangi = "3510"
	if d.Regions().Known(banyuwangi) {
		return banyuwangi
	}
	return ""
}

// IsChild says whether a guardian has to consent for somebody born on that day.
func (s Settings) IsChild(birth, today library.Date) bool {
	return library.Rules{Today: today, AdultAge: s.AdultAge}.IsChild(birth)
}
