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

// IsChild reports whether somebody else has to consent for a person born on that day. While the PC's clock is not to be
// believed nobody's age is known.
func (d *Desk) IsChild(birth library.Date) bool { return d.rules(nil).IsChild(birth) }
