package join

import (
	"bufio"
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"io"
	"strings"
	"testing"

	"simpul/sync/bundle"
	"simpul/sync/event"
	"simpul/sync/wire"
)

func private(fill byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{fill}, 32))
}

func TestFilesGoBothWays(t *testing.T) {
	code := Code{Token: Token{1, 2}, Fingerprint: FingerprintOf(key(3))}
	identity, recipient, err := bundle.NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	ask := &wire.JoinAsk{Token: code.Token.Name(), Proof: code.Token.Proof(key(1)), Key: key(1), Seal: recipient, Name: "Genteng", Role: "branch", Code: 14}
	request, err := Request(private(1), ask)
	if err != nil {
		t.Fatal(err)
	}
	got, err := ReadRequest(bytes.ReplaceAll(request, []byte("\n"), []byte("\r\n")))
	if err != nil || got.Name != "Genteng" || !code.Token.Proves(got.Key, got.Proof) {
		t.Fatalf("%+v, %v", got, err)
	}
	if forged, err := Request(private(2), ask); err != nil {
		t.Fatal(err)
	} else if _, err := ReadRequest(forged); !errors.Is(err, ErrFile) {
		t.Errorf("signed by another: %v", err)
	}

	want := &wire.JoinAnswer{State: wire.JoinApproved, Node: event.ID{7}, TagKey: []byte("a key of thirty-two bytes, sealed")}
	file, err := Answer(rand.Reader, private(3), code.Token, ask, want)
	if err != nil {
		t.Fatal(err)
	}
	answer, centre, err := ReadAnswer(file, code, key(1), identity)
	if err != nil || answer.Node != want.Node || !bytes.Equal(answer.TagKey, want.TagKey) || !code.Fingerprint.Is(centre) {
		t.Fatalf("%+v, %v", answer, err)
	}
	thief, err := Answer(rand.Reader, private(4), code.Token, ask, want)
	if err != nil {
		t.Fatal(err)
	}
	elsewhere, _, err := bundle.NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Answer(rand.Reader, private(3), code.Token, &wire.JoinAsk{Key: key(1)}, want); !errors.Is(err, ErrRecipient) {
		t.Errorf("to nobody: %v", err)
	}
	other := code
	other.Token[0]++
	for name, tt := range map[string]struct {
		file     []byte
		code     Code
		node     ed25519.PublicKey
		identity string
	}{
		"another centre":                     {thief, code, key(1), identity},
		"another code":                       {file, other, key(1), identity},
		"another PC":                         {file, code, key(2), identity},
		"whoever has the code and the stick": {file, code, key(1), elsewhere},
		"cut short":                          {file[:len(file)/2], code, key(1), identity},
		"a request":                          {request, code, key(1), identity},
		"too long":                           {bytes.Repeat([]byte("x"), maxFile+1), code, key(1), identity},
	} {
		t.Run(name, func(t *testing.T) {
			if _, _, err := ReadAnswer(tt.file, tt.code, tt.node, tt.identity); !errors.Is(err, ErrFile) {
				t.Errorf("%v", err)
			}
		})
	}
	if strings.Contains(string(file), "thirty-two") {
		t.Error("the key stands in the file")
	}
}

// TestSplit: what stands behind an answer comes out as it went in, and half an answer is none.
func TestSplit(t *testing.T) {
	_, recipient, err := bundle.NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	file, err := Answer(rand.Reader, private(3), Token{1}, &wire.JoinAsk{Key: key(1), Seal: recipient}, &wire.JoinAnswer{State: wire.JoinApproved})
	if err != nil {
		t.Fatal(err)
	}
	dos := bytes.ReplaceAll(file, []byte("\n"), []byte("\r\n"))
	for name, tt := range map[string]struct {
		file, answer, behind string
		err                  error
	}{
		"alone":                {string(file), string(file), "", nil},
		"with something":       {string(file) + "\x00behind\n", string(file), "\x00behind\n", nil},
		"after a mail":         {"\r\n " + string(dos) + "\r\n", string(dos), "", nil},
		"without its last end": {strings.TrimSpace(string(file)), strings.TrimSpace(string(file)), "", nil},
		"half of it":           {string(file[:len(file)/2]), "", "", bundle.ErrCut},
		"without an end":       {strings.ReplaceAll(string(file), "END", "end") + strings.Repeat("x\n", maxFile), "", "", ErrFile},
		"one endless line":     {string(file[:40]) + strings.Repeat("x", maxFile), "", "", ErrFile},
		"another file":         {"SIMPUL-BUNDLE\nand so on", "", "SIMPUL-BUNDLE\nand so on", nil},
		"nothing":              {"", "", "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			r := bufio.NewReader(strings.NewReader(tt.file))
			answer, err := Split(r)
			if !errors.Is(err, tt.err) || string(answer) != tt.answer {
				t.Fatalf("%q, %v", answer, err)
			}
			if behind, err := io.ReadAll(r); tt.err == nil && (err != nil || string(behind) != tt.behind) {
				t.Errorf("behind it: %q, %v", behind, err)
			}
		})
	}
}

func FuzzSplit(f *testing.F) {
	f.Add([]byte("-----BEGIN SIMPUL JOIN ANSWER 2-----\nAAAA\n-----END SIMPUL JOIN ANSWER 2-----\nSIMPUL-BUNDLE\n"))
	f.Add([]byte(" -----BEGIN SIMPUL JOIN ANSWER-----"))
	f.Fuzz(func(t *testing.T, content []byte) {
		r := bufio.NewReader(bytes.NewReader(content))
		answer, err := Split(r)
		if err != nil {
			return
		}
		behind, err := io.ReadAll(r)
		if err != nil || !bytes.HasSuffix(content, behind) || !bytes.Contains(content[:len(content)-len(behind)], answer) {
			t.Errorf("%q is cut into %q and %q", content, answer, behind)
		}
	})
}

func FuzzReadRequest(f *testing.F) {
	request, err := Request(private(1), &wire.JoinAsk{Key: key(1), Name: "Genteng"})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(request)
	f.Add([]byte("-----BEGIN SIMPUL JOIN REQUEST-----\n-----END SIMPUL JOIN REQUEST-----\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		if ask, err := ReadRequest(content); err == nil && len(ask.Key) != ed25519.PublicKeySize {
			t.Error("a request without a key")
		}
	})
}

func FuzzReadAnswer(f *testing.F) {
	code := Code{Token: Token{1}, Fingerprint: FingerprintOf(key(3))}
	identity, recipient, err := bundle.NewIdentity()
	if err != nil {
		f.Fatal(err)
	}
	file, err := Answer(bytes.NewReader(make([]byte, 64)), private(3), code.Token, &wire.JoinAsk{Key: key(1), Seal: recipient}, &wire.JoinAnswer{State: wire.JoinApproved})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(file)
	f.Fuzz(func(t *testing.T, content []byte) {
		if _, centre, err := ReadAnswer(content, code, key(1), identity); err == nil && !code.Fingerprint.Is(centre) {
			t.Error("an answer of another centre")
		}
	})
}
