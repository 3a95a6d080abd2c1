package library

import "slices"

// NodeRole is what one running Simpul is for.
type NodeRole string

// The four roles of a node.
const (
	NodeBranch  NodeRole = "branch"
	NodeVan     NodeRole = "van"
	NodeVillage NodeRole = "village"
	NodeCentre  NodeRole = "centre"
)

// NodeRoles lists all roles in the order the first-run page offers them.
func NodeRoles() []NodeRole { return []NodeRole{NodeBranch, NodeVan, NodeVillage, NodeCentre} }

// Valid says that the role is one we know.
func (r NodeRole) Valid() bool { return slices.Contains(NodeRoles(), r) }

// HasStops says that visits and registrations of this node belong to a stop.
func (r NodeRole) HasStops() bool { return r == NodeVan }
