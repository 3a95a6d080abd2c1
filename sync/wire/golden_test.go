package wire

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"simpul/sync/event"
)

// Golden files are for whoever writes another node, and for those who change
// this one: what was once sent must read the same for ever. Each file has
//
//	payload  the message before compression
//	frame    the same compressed (another compressor writes other bytes)
//	body     signed, as it goes over HTTP, with the keys that key(t, 1) and (t, 2)
//	         make: seeds of 32 bytes 01 for the centre and 02 for the node
//	reads    what it says; fields that are empty are left out
//
// They are made by go test ./sync/wire -run TestGolden -update, for messages
// that have no file only. A file of a released version is never made again; who
// changes a message before the first release deletes its file first.
func TestGolden(t *testing.T) {
	c := newCounter(t, 42)
	c.batch.First = 12
	c.registration()
	erased := c.batch.Items[1]
	c.batch.Items[1] = Item{Event: event.Event{Header: erased.Header}, Hash: event.Hash{0: 0xee, 31: 0xee}}
	idle, full := c.request(), c.request()
	idle.Batches = nil
	full.Facts = &Facts{Program: "1.4.0", Free: 1 << 33, Waiting: 11, PhotosWaiting: 2, Offset: -3600000}
	full.Marks, full.Tails = []MarksAsked{{Stream: c.batch.Stream, To: 12}}, []TailAsked{{Stream: c.batch.Stream, First: 9}}
	full.Sums, full.Buckets, full.People = []Partition{Own}, []BucketAsked{{Partition: Directory, Buckets: []byte{1, 255}}}, []event.ID{{1}}
	full.Held, full.Grant, full.Used, full.Rest = Shorts{c.short(), c.short()}, true, 3, true
	ruling, err := event.Rule(key(t, 1), event.StreamGranted, 1790000000000, event.ID{5}, &event.Grant{Stream: c.batch.Stream, Code: 640, Incarnation: 2})
	if err != nil {
		t.Fatal(err)
	}
	full.Back = []event.Ruling{ruling}
	told := c.answer()
	told.Pages = []Page{{Partition: Directory, To: 99, More: true, Sum: c.sum(), Rows: append(entries(t, 3), Row{Kind: GoneRow, Key: c.bytes(16), Pos: 17}), Buckets: []byte{7}},
		{Partition: Settings, To: 3, Sum: c.sum(), Rows: []Row{{Kind: SettingRow, Key: []byte("purposes"), Pos: 3, Body: []byte(`["read"]`)}}}}
	told.Tails, told.Marks = []Batch{c.batch}, []MarksFound{{Stream: c.batch.Stream, Marks: []Mark{{Seq: 3, Chain: c.short()}}}}
	told.Sums = []BucketSums{{Partition: Own, Pos: 4, Sums: []BucketSum{{Bucket: 9, Sum: c.sum()}}}}
	told.Rulings, told.SayHeld, told.Lacking = []event.Ruling{ruling}, true, Shorts{c.short()}
	told.Asides, told.Photos, told.Wait, told.Name = []Aside{{Stream: c.batch.Stream, Seq: 4, Reason: "subject"}}, Shorts{c.short()}, 60, "Perpustakaan Daerah"
	told.Stale, told.Foreign = true, true

	hash := event.Hash(c.bytes(32))
	golden(t, "request-idle", ExchangePath, idle)
	golden(t, "request-full", ExchangePath, full)
	answered(t, "answer-idle", c.answer())
	answered(t, "answer-full", told)
	golden(t, "photo-push", PushPath, &PhotoPush{Nonce: c.short(), Parts: []PhotoPart{{Hash: hash, Offset: 64, Total: 70, Bytes: []byte("photo!")}}})
	answered(t, "photo-taken", &PhotoTaken{Has: []PhotoHas{{Hash: hash, Offset: 70, Whole: true}}, Missing: Shorts{c.short()}})
	golden(t, "photo-pull", PullPath, &PhotoPull{Nonce: c.short(), Wants: []PhotoWant{{Hash: hash, Offset: 64}}, Budget: 1 << 16})
	answered(t, "photo-sent", &PhotoSent{Parts: []PhotoPart{{Hash: hash, Offset: 64, Total: 70, Bytes: []byte("photo!")}}, More: true})
	golden(t, "join-ask", JoinPath, &JoinAsk{Nonce: c.short(), Token: c.short(), Proof: c.bytes(32), Key: key(t, 2).Public().(ed25519.PublicKey), Seal: "age1contoh",
		Node: event.ID{6}, Role: "van", Name: "Keliling 1", Code: 641, Members: 12, Machine: c.short(), Program: "1.4.0", Issuer: key(t, 3).Public().(ed25519.PublicKey)})
	answered(t, "join-answer", &JoinAnswer{State: JoinApproved, Check: "biru-17", Node: event.ID{9}, Epoch: event.ID{8}, Name: "Perpustakaan Daerah", Recovery: c.bytes(32),
		Seal: "age1pusat", TagKey: c.bytes(32), Rulings: []event.Ruling{ruling}})

	// After a theft the tags are made with another key.
	idle.Tags = 3
	golden(t, "request-tags", ExchangePath, idle)
	keyed := c.answer()
	keyed.Tags = &TagKey{Version: 4, Key: c.bytes(TagKeySize)}
	answered(t, "answer-tags", keyed)
	answered(t, "join-answer-tags", &JoinAnswer{State: JoinApproved, Check: "biru-17", Node: event.ID{9}, Epoch: event.ID{8}, Name: "Perpustakaan Daerah", Recovery: c.bytes(32),
		Seal: "age1pusat", TagKey: c.bytes(TagKeySize), Tags: 4, Rulings: []event.Ruling{ruling}})
}

// A tag is 12 bits of HMAC-SHA-256 below the version of its key, so that tags of
// neighbouring keys are never equal, and none says that there is no NIK.
func TestTagsSayWithWhichKeyTheyWereMade(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := TagKey{Version: rapid.Uint64().Draw(t, "version"), Key: rapid.SliceOfN(rapid.Byte(), TagKeySize, TagKeySize).Draw(t, "key")}
		nik := rapid.StringMatching("[0-9]{16}").Draw(t, "nik")
		tag := k.Tag(nik)
		next := TagKey{Version: k.Version/2 + 1, Key: k.Key}.Tag(nik)
		same := (k.Version/2+1)%TagVersions == k.Version%TagVersions
		if tag == NoTag || uint64(tag>>12) != k.Version%TagVersions || (next == tag) != same || next&0xfff != tag&0xfff {
			t.Errorf("version %d: %04x, and %04x", k.Version, tag, next)
		}
	})
	if tag := (TagKey{Version: 2, Key: make([]byte, TagKeySize)}).Tag("3510011708900001"); tag != 0x2f80 {
		t.Errorf("the tag of the example is %04x", tag)
	}
}

func golden[M Message](t *testing.T, name, path string, m *M) {
	node := event.ID{9}
	if path == JoinPath {
		node = event.ID{}
	}
	centre := key(t, 1).Public().(ed25519.PublicKey)
	check(t, name, m, func(frame []byte) []byte { return SealRequest(key(t, 2), centre, node, path, frame) },
		func(body []byte) ([]byte, error) {
			return OpenRequest(key(t, 2).Public().(ed25519.PublicKey), centre, node, path, body)
		})
}

// answered checks an answer to a request whose whole body is the text "request".
func answered[M Message](t *testing.T, name string, m *M) {
	check(t, name, m, func(frame []byte) []byte { return SealAnswer(key(t, 1), []byte("request"), frame) },
		func(body []byte) ([]byte, error) {
			return OpenAnswer(key(t, 1).Public().(ed25519.PublicKey), []byte("request"), body)
		})
}

func check[M Message](t *testing.T, name string, m *M, seal func([]byte) []byte, open func([]byte) ([]byte, error)) {
	t.Helper()
	file := filepath.Join("testdata", name+".txt")
	w, err := write(m)
	if err != nil {
		t.Fatal(err)
	}
	payload := bytes.Join(w.Pieces(), nil)
	if _, err := os.Stat(file); *update && os.IsNotExist(err) {
		frame, err := Encode(m)
		if err != nil {
			t.Fatal(err)
		}
		text := fmt.Sprintf("payload %x\nframe %x\nbody %x\nreads\n%s", payload, frame, seal(frame), show(m))
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	head, reads, _ := strings.Cut(string(raw), "reads\n")
	got := map[string][]byte{}
	for line := range strings.Lines(head) {
		what, digits, _ := strings.Cut(strings.TrimSpace(line), " ")
		if got[what], err = hex.DecodeString(digits); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	if !bytes.Equal(got["payload"], payload) {
		t.Errorf("%s is written in another way now: released programs may not read it\n%x", name, payload)
	}
	frame, err := open(got["body"])
	if err != nil || !bytes.Equal(frame, got["frame"]) {
		t.Fatalf("%s: signature: %v", name, err)
	}
	old, err := Decode[M](frame)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if text := show(old); text != reads {
		t.Errorf("%s reads as\n%s", name, text)
	}
}

// show prints a message field by field, bytes in hex.
func show(v any) string {
	var out strings.Builder
	showIn(&out, reflect.ValueOf(v), "")
	return out.String()
}

func showIn(out *strings.Builder, v reflect.Value, path string) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			showIn(out, v.Elem(), path)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			name := v.Type().Field(i).Name
			if name == "_" || v.Field(i).IsZero() {
				continue
			}
			showIn(out, v.Field(i), strings.TrimPrefix(path+"."+name, "."))
		}
	case reflect.Slice, reflect.Array:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			raw := make([]byte, v.Len())
			for i := range raw {
				raw[i] = byte(v.Index(i).Uint())
			}
			fmt.Fprintf(out, "%s = %x\n", path, raw)
			return
		}
		for i := range v.Len() {
			showIn(out, v.Index(i), fmt.Sprintf("%s[%d]", path, i))
		}
	case reflect.String:
		fmt.Fprintf(out, "%s = %q\n", path, v.String())
	case reflect.Uint16, reflect.Uint8, reflect.Uint32, reflect.Uint64:
		fmt.Fprintf(out, "%s = %d\n", path, v.Uint())
	default:
		fmt.Fprintf(out, "%s = %v\n", path, v.Interface())
	}
}
