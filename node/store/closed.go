package store

import (
	"context"
	"crypto/ed25519"

	"simpul/node/vault"
	"simpul/sync/event"
)

// What a node tells of itself while nobody can open it.

// ClosedNode is who a closed node is to its centre.
type ClosedNode struct {
	Node       event.ID          // the name that the centre gave
	Centre     ed25519.PublicKey // signs what the centre says
	CentreName string
	SealedKey  []byte // the node's signing key as it lies here, sealed for NodeKeyPlace
}

// ClosedNode needs no open vault; ErrNotFound before the PC has joined a centre.
func (s *Store) ClosedNode(ctx context.Context) (ClosedNode, error) {
	var c ClosedNode
	var node, centre []byte
	err := s.queryRow(ctx, "SELECT exchange.node, exchange.centre, exchange.centre_name, secrets.value FROM exchange, secrets WHERE exchange.id = 1 AND secrets.name = ?", nodeKeySecret).
		Scan(&node, &centre, &c.CentreName, &c.SealedKey)
	c.Node, c.Centre = toID(node), centre
	return c, notFound(err)
}

// NodeKeyPlace is where a node's signing key is sealed, as a seed of Ed25519.
func NodeKeyPlace() vault.Place { return secretPlace(nodeKeySecret) }

// OfficerLine is what is known of an officer without the vault: no name.
type OfficerLine struct {
	ID     event.ID
	Login  string
	Role   string
	Active bool
}

// OfficerLines lists the officers of this node, by login. It needs no open vault.
func (s *Store) OfficerLines(ctx context.Context) (out []OfficerLine, _ error) {
	rows, err := s.query(ctx, "SELECT id, login, role, active FROM officers WHERE node IS NULL ORDER BY login LIMIT 500")
	err = collect(rows, err, func(scan func(...any) error) error {
		var o OfficerLine
		var id []byte
		err := scan(&id, &o.Login, &o.Role, &o.Active)
		o.ID = toID(id)
		out = append(out, o)
		return err
	})
	return out, err
}
