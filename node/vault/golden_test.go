package vault

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"os"
	"testing"
)

// hexBytes are bytes that stand as hexadecimal text in a test file.
type hexBytes []byte

func (h *hexBytes) UnmarshalText(text []byte) (err error) {
	*h, err = hex.DecodeString(string(text))
	return err
}

// What the first release wrote is on disks and printed sheets. It must open for ever, whatever is changed here.
func TestWhatTheFirstReleaseWroteOpens(t *testing.T) {
	content, err := os.ReadFile("testdata/first-release.json")
	if err != nil {
		t.Fatal(err)
	}
	var kept struct {
		Password, Words string
		KeyFile         hexBytes `json:"key_file"`
		CentrePrivate   hexBytes `json:"centre_private"`
		Slots           []hexBytes
		Sealed, Boxed   hexBytes
		File, Tag       hexBytes
	}
	if err := json.Unmarshal(content, &kept); err != nil {
		t.Fatal(err)
	}
	var slots []Slot
	for _, b := range kept.Slots {
		var s Slot
		if err := s.UnmarshalBinary(b); err != nil {
			t.Fatal(err)
		}
		slots = append(slots, s)
	}
	code, err := ParseRecoveryCode(kept.Words)
	if err != nil {
		t.Fatal(err)
	}
	key, err := ParseKeyFile(kept.KeyFile)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]Credential{
		"password": Password(kept.Password), "sheet": Recovery(code), "key file": key,
		"centre": CentreKey([32]byte(kept.CentrePrivate)),
	} {
		v, err := restarted(t, slots, c)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		wantPlain(t, v, kept.Sealed, place, "Wayan Kertasih")
		if plain, err := v.Unbox(kept.Boxed); err != nil || string(plain) != "kunjungan" {
			t.Errorf("%s: box: %q, %v", name, plain, err)
		}
		if plain, err := v.UnsealFile([32]byte{1, 2, 3}, kept.File); err != nil || string(plain) != "photo" {
			t.Errorf("%s: file: %q, %v", name, plain, err)
		}
		if tag, err := v.Tag("nik", "3510014107990001"); err != nil || !bytes.Equal(tag, kept.Tag) {
			t.Errorf("%s: tag %x, %v", name, tag, err)
		}
	}
}
