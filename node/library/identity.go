package library

import "slices"

// Sex is as documents in Indonesia print it: L (laki-laki) or P (perempuan).
type Sex string

// The two values that documents carry; "" is unknown.
const (
	Male   Sex = "L"
	Female Sex = "P"
)

// Valid says that s is L or P.
func (s Sex) Valid() bool { return s == Male || s == Female }

// IdentityKind is the kind of document the visitor shows in step 2 of the SOP.
type IdentityKind string

// The kinds of the SOP (KTP, KIA, copy of KK), the digital KTP, and two that only settings allow.
const (
	KTP         IdentityKind = "ktp"
	KIA         IdentityKind = "kia"
	KK          IdentityKind = "kk"
	IKD         IdentityKind = "ikd"
	Passport    IdentityKind = "passport"
	StudentCard IdentityKind = "student-card"
)

// IdentityKinds lists all kinds in the order a form offers them.
func IdentityKinds() []IdentityKind {
	return []IdentityKind{KTP, KIA, KK, IKD, Passport, StudentCard}
}

// DefaultIdentityKinds are the kinds accepted when the settings say nothing: those that bear a NIK.
func DefaultIdentityKinds() map[IdentityKind]bool {
	return map[IdentityKind]bool{KTP: true, KIA: true, KK: true, IKD: true}
}

// Valid says that the kind is one we know.
func (k IdentityKind) Valid() bool { return slices.Contains(IdentityKinds(), k) }

// HasNIK says that the document bears the holder's NIK.
func (k IdentityKind) HasNIK() bool { return k == KTP || k == KIA || k == KK || k == IKD }

// ForAdult says that the document can be shown by a guardian.
func (k IdentityKind) ForAdult() bool { return k == KTP || k == KK || k == IKD || k == Passport }
