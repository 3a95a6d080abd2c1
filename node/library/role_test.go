package library_test

import (
	"testing"

	"simpul/node/library"
)

func TestRolesMayWhatTheirWorkNeeds(t *testing.T) {
	const v, o, c, s, h = library.RoleVolunteer, library.RoleOfficer, library.RoleCoordinator, library.RoleSectionHead, library.RoleServiceHead
	for _, row := range []struct {
		what library.Permission
		who  []library.Role
	}{
		{library.RecordVisit, []library.Role{v, o, c}},
		{library.DraftRegistration, []library.Role{v, o, c}},
		{library.Register, []library.Role{o, c}},
		{library.ReadMember, []library.Role{o, c}},
		{library.ReadFull, []library.Role{o, c}},
		{library.Correct, []library.Role{o, c}},
		{library.Block, []library.Role{o, c}},
		{library.ClassMode, []library.Role{o, c}},
		{library.LateEntry, []library.Role{o, c}},
		{library.ReadReports, []library.Role{o, c, s, h}},
		{library.SignReports, []library.Role{s, h}},
		{library.Backup, []library.Role{o, c}},
		{library.ResetPassword, []library.Role{o, c}},
		{library.ManageOfficers, []library.Role{c}},
		{library.ManageSettings, []library.Role{c}},
		{library.Import, []library.Role{c}},
		{library.Export, []library.Role{c}},
		{library.Erase, []library.Role{c}},
		{library.Decide, []library.Role{c}},
		{library.ManageNodes, []library.Role{c}},
		{library.ReadAudit, []library.Role{c}},
	} {
		allowed := map[library.Role]bool{}
		for _, role := range row.who {
			allowed[role] = true
		}
		for _, role := range library.Roles() {
			if role.May(row.what) != allowed[role] {
				t.Errorf("%s, permission %b: %v", role, row.what, role.May(row.what))
			}
		}
	}
}

func TestAForgottenOrUnknownRoleMayNothing(t *testing.T) {
	for _, role := range []library.Role{"", "admin", "OFFICER"} {
		if role.May(library.RecordVisit) || role.Valid() || role.Covers(role) {
			t.Errorf("role %q has rights", role)
		}
	}
	if library.RoleCoordinator.May(0) {
		t.Error("a forgotten check is granted")
	}
	if library.RoleVolunteer.May(library.RecordVisit | library.Register) {
		t.Error("half of what was asked is enough")
	}
}

func TestCovers(t *testing.T) {
	if !library.RoleCoordinator.Covers(library.RoleOfficer) || !library.RoleOfficer.Covers(library.RoleOfficer) {
		t.Error("a colleague of the same or lower role is not covered")
	}
	if library.RoleOfficer.Covers(library.RoleCoordinator) || library.RoleOfficer.Covers(library.RoleSectionHead) {
		t.Error("an officer covers a role with more rights")
	}
}

func TestNodeRoles(t *testing.T) {
	for _, role := range library.NodeRoles() {
		if !role.Valid() || role.HasStops() != (role == library.NodeVan) {
			t.Errorf("node role %s", role)
		}
	}
	if library.NodeRole("").Valid() {
		t.Error("no role is a role")
	}
}
