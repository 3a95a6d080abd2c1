// Package sign proves a member's card genuine without a network: it writes and reads the signed content of the QR, holds
// the list of whom to trust, and judges a card by it.
//
// It is pure: bytes in, answers out. It must not read a clock, keep a key, draw, or know a screen; and no NIK, birth
// date or address may ever enter a card. A QR can be copied: what is proven is that the library said these words,
// not that the bearer is meant. Somebody has to compare the name and the photo.
//
// # The format
//
// The text of a QR is "KTA1:" and the base45 (RFC 9285) of a COSE_Sign1 message (RFC 9052), tagged, whose payload is a set
// of CWT claims (RFC 8392). Everything is CBOR in its one deterministic form (RFC 8949, 4.2.1).
//
//	protected header    1 alg: -8 (EdDSA, with Ed25519), 4 kid: the first 8 bytes of SHA-256 over the public key
//	unprotected header  empty
//	external data       empty
//	claims              2 sub: member number, 4 exp, 6 iat, 7 cti: the revocation id, 8 bytes,
//	                    -65537 (private range): an array of name, branch, key of the member kind
//
// iat is the first second (UTC) of the day of issue; exp that of the day after the last valid one, so both are
// multiples of 86,400. The revocation id is the beginning of the card's id. Names are cut between letters until the
// message has at most 204 bytes, which are 311 characters: a QR of version 10 at level M or of version 13 at level Q.
//
// A message has one accepted spelling. [Parse] writes what it read once more and refuses what differs, because the
// unprotected header, the tag and the lengths are not under the signature.
//
// An example. The Ed25519 seed is 00 01 … 1f; testdata/vectors.json has it with others, and tests have them verified
// by another COSE library.
//
//	d2                                                   tag 18, COSE_Sign1
//	84                                                   array of four
//	4d a2                                                protected header: 13 bytes, a map of two
//	01 27                                                alg: -8, EdDSA
//	04 48 56 47 5a a7 54 63 47 4c                        kid: 8 bytes
//	a0                                                   unprotected header
//	58 5b a5                                             payload: 91 bytes, a map of five
//	02 6c 30 31 34 32 36 30 30 30 31 32 33 37            sub: "014260001237"
//	04 1a 70 a8 6e 00                                    exp: 1890086400, day 21876
//	06 1a 6b 03 82 00                                    iat: 1795392000, day 20780
//	07 48 01 02 03 04 05 06 07 08                        cti
//	3a 00 01 00 00 83                                    -65537: an array of three
//	75 41 79 75 20 4c 65 73 74 61 72 69                  "Ayu Lestari Wulandari"
//	20 57 75 6c 61 6e 64 61 72 69
//	74 50 65 72 70 75 73 74 61 6b 61 61 6e               "Perpustakaan Genteng"
//	20 47 65 6e 74 65 6e 67
//	64 75 6d 75 6d                                       "umum"
//	58 40                                                signature: 64 bytes over the Sig_structure
//	5c 98 2f b9 80 af ac 2f cb 2c 10 cc e2 96 c5 6c
//	00 0d 65 ec e2 ee 78 ec 50 ae 8e c5 c7 48 6e 7e
//	0b 64 9e ec 81 c6 7e b5 e3 da 76 14 d0 4f ca fb
//	8e 21 e4 2d f5 3d 91 f6 a1 e0 b8 00 6b 0d 56 06
//
// As text, without the line breaks:
//
//	KTA1:RRQT 9P60GO0$+AWKB3UAR098CKGQBZD0746.Q6C%6646*96GL6FN0+AEZ+DWY0ZNDPJGJ-0X507H0QS00+0/
//	E7V50-202$E/FFX346$C3WE*KE:340%ECEC2VC*KEVVE5$CY9E QE9EC:DCM-D719G/D1$C83D1%E1%E27BYVBM163
//	CGOYL$UPP521TS5/OD00$*C:US-CF:8A92IV8PQ/D J144KCIG$0GA SX-E2FQXTPP/H3%S60VGKI+KKYBN0ODH*A
//
// # Whom to trust
//
// [List] has no format of its own. It is made from the decisions of the centre, which are signed one by one, held by every
// node and brought by every exchange: an enrolment names the PC's key for cards, a revocation ends it, a bar blocks a
// card. Who reads cards without being a node needs those decisions (simpul/sync/event), or the public keys alone.
//
// An issuer's key is bound to the numbers that it gives out itself (NNN of the member number). A number outside them
// (renewed at another branch, from another system) is bound by a directory that knows the card, by its number and
// revocation id; where nothing binds it, the answer is to exchange data first. It is never called forged.
//
// When a key is revoked, the cards that the directory knows stand, and the others are refused: from a revoked PC nothing
// gets into the directory any more. While that is closed (Trust.Blind) nothing can be said. A thief who has the key and
// knows an honest card's number and id can put another name on them: a screen shows the directory's name too.
//
// # Tests
//
// TestNoMutatedCardIsAccepted tries 20,000 changed cards; all of a million with -mutations 1000000 (a minute or two).
// BenchmarkCheck reports the 99th of a hundred checks in a district of 100 issuers and 10,000 blocked cards.
package sign
