package join

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"simpul/sync/event"
	"simpul/sync/wire"
)

var update = flag.Bool("update", false, "make golden files that are not there")

// golden files are those of a joining by stick: request.txt and answer.txt as they
// travel, answer-first.txt in the form that is refused, and identity.txt, with
// which the node opens the answer. Node, centre and token are of seeds and bytes
// as below. A file of a released version is never made again.
func TestGoldenFiles(t *testing.T) {
	code := Code{Token: Token{1, 2, 3}, Fingerprint: FingerprintOf(key(3))}
	file := func(name string) []byte {
		t.Helper()
		raw, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	identity := string(bytes.TrimSpace(file("identity.txt")))
	ask := &wire.JoinAsk{Nonce: wire.Short{9}, Token: code.Token.Name(), Proof: code.Token.Proof(key(1)), Key: key(1), Seal: "age14sqmygy7sc65lwznyda4mc85l2cncl7t7se6v8qpjd5kzllv7y9suj5vde",
		Node: event.ID{6}, Role: "branch", Name: "Genteng", Code: 14, Members: 12, Machine: wire.Short{8}, Program: "1.4.0"}
	answer := &wire.JoinAnswer{State: wire.JoinApproved, Check: "ABCD-EFGH", Node: event.ID{9}, Epoch: event.ID{8}, Name: "Perpustakaan Daerah",
		Recovery: bytes.Repeat([]byte{5}, 32), Seal: "age1pusat", TagKey: bytes.Repeat([]byte{7}, wire.TagKeySize), Tags: 4}
	if *update {
		for name, written := range map[string]func() ([]byte, error){
			"request.txt": func() ([]byte, error) { return Request(private(1), ask) },
			"answer.txt": func() ([]byte, error) {
				return Answer(bytes.NewReader(make([]byte, 12)), private(3), code.Token, ask, answer)
			},
			"answer-first.txt": func() ([]byte, error) { return first(code.Token, ask, answer) },
		} {
			path := filepath.Join("testdata", name)
			if _, err := os.Stat(path); err == nil {
				continue
			}
			content, err := written()
			if err == nil {
				err = os.WriteFile(path, content, 0o644)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	if written, err := Request(private(1), ask); err != nil || !bytes.Equal(written, file("request.txt")) {
		t.Errorf("the request is now written as\n%s(%v)", written, err)
	}
	if got, err := ReadRequest(file("request.txt")); err != nil || got.Seal != ask.Seal || !code.Token.Proves(got.Key, got.Proof) {
		t.Errorf("the request reads as %+v, %v", got, err)
	}
	got, centre, err := ReadAnswer(file("answer.txt"), code, key(1), identity)
	if err != nil || !centre.Equal(key(3)) || got.Tags != 4 || !bytes.Equal(got.TagKey, answer.TagKey) || got.Node != answer.Node || got.Check != answer.Check {
		t.Errorf("the answer reads as %+v, %v", got, err)
	}
	if _, _, err := ReadAnswer(file("answer-first.txt"), code, key(1), identity); !errors.Is(err, ErrFirst) {
		t.Errorf("an answer that the code opens is not refused: %v", err)
	}
}

// first is an answer in the first form.
func first(token Token, ask *wire.JoinAsk, answer *wire.JoinAnswer) ([]byte, error) {
	plain, err := event.Encode(answer)
	if err != nil {
		return nil, err
	}
	aead, err := token.cipher()
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, aead.NonceSize())
	return write(firstAnswer, private(3), ask.Key, aead.Seal(nonce, nonce, plain, ask.Key))
}
