package sign_test

import (
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/veraison/go-cose"

	"simpul/node/card/sign"
)

var update = flag.Bool("update", false, "write the vectors anew")

// vector is one line of testdata/vectors.json: everything that another implementation needs to try itself.
type vector struct {
	Name     string `json:"name"`
	Seed     string `json:"seed"`   // of the Ed25519 key, RFC 8032
	Public   string `json:"public"` // its public half
	Key      string `json:"kid"`
	External string `json:"external_aad"`
	Payload  string `json:"payload"`
	Message  string `json:"cose_sign1"`
	Text     string `json:"text,omitempty"`   // of the QR; a list has none
	Claims   any    `json:"claims,omitempty"` // of a card
}

const vectorsFile = "testdata/vectors.json"

// vectors are made of keys that everybody knows.
func vectors(t *testing.T) []vector {
	t.Helper()
	seed := make([]byte, ed25519.SeedSize)
	for i := range seed {
		seed[i] = byte(i)
	}
	key := ed25519.NewKeyFromSeed(seed)
	long := ayu()
	long.Number, long.Kind, long.Branch = "014263045678", "mahasiswa", "Perpustakaan Keliling Kecamatan Glenmore"
	long.Name = "Raden Ajeng Kusumaningtyas Wijayanti Puspitasari Hadiningrat"
	other := ayu()
	other.Number, other.Name, other.Revocation = "JKT-2019/00017", "Ni Luh Putu Sé'aini", sign.Revocation{0xff, 1, 2, 3, 4, 5, 6, 0}
	first := ayu()
	first.Revocation = sign.Revocation{1, 2, 3, 4, 5, 6, 7, 8}
	var out []vector
	add := func(name, external string, message []byte) *vector {
		var m cose.Sign1Message
		if err := m.UnmarshalCBOR(message); err != nil {
			t.Fatal(err)
		}
		out = append(out, vector{Name: name, Seed: hex.EncodeToString(seed), Public: hex.EncodeToString(public(key)), Key: sign.KeyIDOf(public(key)).String(),
			External: hex.EncodeToString([]byte(external)), Payload: hex.EncodeToString(m.Payload), Message: hex.EncodeToString(message)})
		return &out[len(out)-1]
	}
	for _, c := range []struct {
		name   string
		claims sign.Claims
	}{{"worked example", first}, {"as long as they come", long}, {"number of another system", other}} {
		text := signed(t, key, c.claims)
		card, err := sign.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		v := add(c.name, "", sign.RawOf(t, text))
		v.Text, v.Claims = text, map[string]any{"number": card.Number, "name": card.Name, "branch": card.Branch, "kind": card.Kind,
			"issued": card.Issued, "expires": card.Expires, "revocation": hex.EncodeToString(card.Revocation[:])}
	}
	return out
}

// TestVectors holds the format still, and has another library verify it.
func TestVectors(t *testing.T) {
	made, err := json.MarshalIndent(vectors(t), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	made = append(made, '\n')
	if *update {
		if err := os.WriteFile(vectorsFile, made, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(vectorsFile)
	if err != nil {
		t.Fatal(err)
	}
	if string(made) != strings.ReplaceAll(string(kept), "\r\n", "\n") {
		t.Error("the format changed: cards that were printed would no longer verify")
	}
	var all []vector
	if err := json.Unmarshal(kept, &all); err != nil {
		t.Fatal(err)
	}
	for _, v := range all {
		t.Run(v.Name, func(t *testing.T) { verifyElsewhere(t, v) })
	}
}

func verifyElsewhere(t *testing.T, v vector) {
	raw := func(s string) []byte {
		b, err := hex.DecodeString(s)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	if v.Text != "" && sign.TextOf(raw(v.Message)) != v.Text {
		t.Error("the text is not the message")
	}
	var m cose.Sign1Message
	if err := m.UnmarshalCBOR(raw(v.Message)); err != nil {
		t.Fatal(err)
	}
	if alg, err := m.Headers.Protected.Algorithm(); err != nil || alg != cose.AlgorithmEdDSA {
		t.Errorf("algorithm %v, %v", alg, err)
	}
	if kid, ok := m.Headers.Protected[cose.HeaderLabelKeyID].([]byte); !ok || hex.EncodeToString(kid) != v.Key {
		t.Errorf("key id %x", kid)
	}
	verifier, err := cose.NewVerifier(cose.AlgorithmEdDSA, ed25519.PublicKey(raw(v.Public)))
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Verify(raw(v.External), verifier); err != nil {
		t.Errorf("another library refuses it: %v", err)
	}
	if err := m.Verify([]byte("something else"), verifier); err == nil {
		t.Error("the external data is not under the signature")
	}
	m.Payload[len(m.Payload)-1] ^= 1
	if err := m.Verify(raw(v.External), verifier); err == nil {
		t.Error("a changed payload is accepted")
	}
}

// TestWhatAnotherLibrarySignsIsRead has the other library write the card.
func TestWhatAnotherLibrarySignsIsRead(t *testing.T) {
	key := keyOf("genteng")
	text := signed(t, key, ayu())
	var m cose.Sign1Message
	if err := m.UnmarshalCBOR(sign.RawOf(t, text)); err != nil {
		t.Fatal(err)
	}
	signer, err := cose.NewSigner(cose.AlgorithmEdDSA, key)
	if err != nil {
		t.Fatal(err)
	}
	m.Signature = nil
	if err := m.Sign(nil, nil, signer); err != nil {
		t.Fatal(err)
	}
	raw, err := m.MarshalCBOR()
	if err != nil || sign.TextOf(raw) != text {
		t.Errorf("another text: %v", err)
	}
}

// TestTheWorkedExample compares the bytes in the package comment with the first vector.
func TestTheWorkedExample(t *testing.T) {
	comment, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	var spelled strings.Builder
	for _, line := range regexp.MustCompile(`(?m)^//\t((?:[0-9a-f]{2} ?)+)(?:  .*)?$`).FindAllStringSubmatch(string(comment), -1) {
		spelled.WriteString(strings.ReplaceAll(line[1], " ", ""))
	}
	v := vectors(t)[0]
	if spelled.String() != v.Message {
		t.Errorf("the comment spells\n%s\nand the message is\n%s", spelled.String(), v.Message)
	}
	plain := regexp.MustCompile(`(?m)^//\t`).ReplaceAllString(string(comment), "")
	if !strings.Contains(strings.ReplaceAll(plain, "\n", ""), v.Text) {
		t.Errorf("the comment does not have the text %s", v.Text)
	}
}
