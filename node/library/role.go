package library

import "slices"

// Role is what an officer is on this node.
type Role string

// The roles of a library. The two heads read and sign reports; they do not serve at the counter.
const (
	RoleVolunteer   Role = "volunteer"
	RoleOfficer     Role = "officer"
	RoleCoordinator Role = "coordinator"
	RoleSectionHead Role = "section-head"
	RoleServiceHead Role = "service-head"
)

// Permission is a set of things an officer may do; the constants are sets of one.
type Permission uint

const (
	RecordVisit       Permission = 1 << iota // write a visit into the register, and today's list
	DraftRegistration                        // open a registration and fill its form
	Register                                 // verify, refuse, attach a photo, issue, hand over, renew, replace
	ReadMember                               // find a member and see the masked record
	ReadFull                                 // see NIK and contact in full, with a reason, logged
	Correct                                  // correct a member or a visit, with a reason
	Block                                    // block and unblock a card
	ClassMode                                // register a class or a group at once
	LateEntry                                // enter days kept on paper
	ReadReports                              // see and print figures
	SignReports                              // sign a report
	Backup                                   // make and check a backup, export a bundle
	ResetPassword                            // give a colleague a new password, see Role.Covers
	ManageOfficers                           // add, change and remove officers
	ManageSettings                           // change the node's settings
	Import                                   // take members over from another system
	Export                                   // hand members' data to another system
	Erase                                    // carry out a person's request for erasure or access
	Decide                                   // decide on duplicates and quarantined records
	ManageNodes                              // enrol and revoke PCs, at the centre
	ReadAudit                                // see who looked at what
)

// Roles lists all roles, from the fewest rights at the counter to the most, then the two heads.
func Roles() []Role {
	return []Role{RoleVolunteer, RoleOfficer, RoleCoordinator, RoleSectionHead, RoleServiceHead}
}

// Valid says that the role is one we know.
func (r Role) Valid() bool { return slices.Contains(Roles(), r) }

// Permissions returns all that the role may do; nothing for an unknown role.
func (r Role) Permissions() Permission {
	const (
		volunteer = RecordVisit | DraftRegistration
		officer   = volunteer | Register | ReadMember | ReadFull | Correct | Block | ClassMode | LateEntry |
			ReadReports | Backup | ResetPassword
		coordinator = officer | ManageOfficers | ManageSettings | Import | Export | Erase | Decide | ManageNodes |
			ReadAudit
		head = ReadReports | SignReports
	)
	switch r {
	case RoleVolunteer:
		return volunteer
	case RoleOfficer:
		return officer
	case RoleCoordinator:
		return coordinator
	case RoleSectionHead, RoleServiceHead:
		return head
	}
	return 0
}

// May says that the role may do all that p asks. Nobody may do nothing: an empty p is a forgotten check, and refused.
func (r Role) May(p Permission) bool {
	return p != 0 && r.Permissions()&p == p
}

// Covers says that r may do all that other may: who resets a password could then sign in as its owner and gain nothing.
func (r Role) Covers(other Role) bool {
	return r.Valid() && other.Valid() && other.Permissions()&^r.Permissions() == 0
}
