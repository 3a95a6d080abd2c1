package wire

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"simpul/sync/event"
)

// anyID draws ids that come again, so that references are met.
func anyID() *rapid.Generator[event.ID] {
	return rapid.OneOf(rapid.Map(rapid.IntRange(0, 5), func(n int) event.ID { return event.SubjectID(event.Salt{1: byte(n) + 1}) }), rapid.Make[event.ID]())
}

// anyItem draws an event with any header and any body, known or not; some are
// erased.
func anyItem() *rapid.Generator[Item] {
	return rapid.Custom(func(t *rapid.T) Item {
		if rapid.IntRange(0, 9).Draw(t, "erased") == 0 {
			return Item{Event: event.Event{Header: anyHeader().Draw(t, "header")}, Hash: rapid.Make[event.Hash]().Draw(t, "hash")}
		}
		it := Item{Salt: rapid.OneOf(rapid.Map(rapid.IntRange(1, 6), func(n int) event.Salt { return event.Salt{1: byte(n)} }), rapid.Make[event.Salt]()).Draw(t, "salt")}
		if it.Erased() {
			it.Salt[0] = 1
		}
		it.Header = anyHeader().Draw(t, "header")
		it.Subject = event.SubjectID(it.Salt)
		it.Body = anyBody(it.Type).Draw(t, "body")
		return it
	})
}

func anyHeader() *rapid.Generator[event.Header] {
	return rapid.Custom(func(t *rapid.T) event.Header {
		return event.Header{Type: rapid.OneOf(rapid.SampledFrom(event.Types()), rapid.Make[event.Type]()).Draw(t, "type"), Version: rapid.Byte().Draw(t, "version"),
			Subject: anyID().Draw(t, "subject"), Officer: anyID().Draw(t, "officer"), Wall: rapid.Int64().Draw(t, "wall"),
			Boot: rapid.Uint32Range(0, 3).Draw(t, "boot"), Mono: rapid.Int64().Draw(t, "mono")}
	})
}

func anyBody(typ event.Type) *rapid.Generator[[]byte] {
	fields := rapid.MapOf(rapid.Custom(func(t *rapid.T) event.Field { return event.Field(rapid.IntRange(1, 25).Draw(t, "field")) }),
		rapid.OneOf(rapid.StringMatching(`[0-9]{4}|[0-9]{6}|[0-9]{10}|[0-9]{16}|=.{0,3}|[LP]`), rapid.StringMatching(`20[0-9]{2}-0[1-9]-1[0-9]`), rapid.String()))
	return rapid.Custom(func(t *rapid.T) []byte {
		var body any
		switch typ {
		case event.RegistrationOpened:
			body = event.Opening{Source: "visit", Visit: anyID().Draw(t, "visit"), Arrived: rapid.Int64().Draw(t, "arrived"), Fields: fields.Draw(t, "fields")}
		case event.RegistrationFilled:
			body = event.Filling{Fields: fields.Draw(t, "fields"), Confirmed: rapid.MapOf(rapid.String(), rapid.String()).Draw(t, "confirmed")}
		case event.RegistrationVerified:
			body = rapid.Make[event.Verification]().Draw(t, "verification")
		case event.VisitRecorded:
			body = rapid.Make[event.Visit]().Draw(t, "visit")
		case event.VisitCorrected:
			body = rapid.Make[event.VisitCorrection]().Draw(t, "correction")
		case event.CardIssued, event.CardReplaced:
			body = rapid.Make[event.Card]().Draw(t, "card")
		case event.CardPrinted:
			body = event.CardMark{Card: anyID().Draw(t, "card")}
		case event.StreamOpened:
			body = rapid.Make[event.StreamOpening]().Draw(t, "opening")
		default:
			if raw := rapid.SliceOf(rapid.Byte()).Draw(t, "unknown"); len(raw) > 0 {
				return raw
			}
			return []byte{0xa0}
		}
		raw, err := event.Encode(body)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	})
}

func TestBatchesReadAsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		items := rapid.SliceOfN(anyItem(), 0, 20).Draw(t, "items")
		// References go to what earlier events brought into being.
		for i := range items {
			if items[i].Type != event.VisitRecorded && items[i].Type != event.CardIssued || items[i].Erased() || i+1 == len(items) {
				continue
			}
			hash, err := items[i].ContentHash(items[i].Salt)
			if err != nil {
				t.Fatal(err)
			}
			body, err := event.Encode([]any{event.DeriveID("visit", hash), event.DeriveID("card", hash), int64(uint64(items[i].Wall) >> 1)})
			if err != nil {
				t.Fatal(err)
			}
			if !items[i+1].Erased() && items[i+1].Type == event.CardPrinted {
				items[i+1].Body = body
			}
		}
		r := &Request{Batches: []Batch{{Stream: rapid.Make[event.ID]().Draw(t, "stream"), First: rapid.Uint64().Draw(t, "first"), Items: items, Head: rapid.Make[event.Hash]().Draw(t, "head")}, {Items: []Item{}}}}
		raw, err := EncodeRequest(r)
		if err != nil {
			t.Fatal(err)
		}
		got, err := DecodeRequest(raw)
		if err != nil || !reflect.DeepEqual(got.Batches, r.Batches) {
			t.Fatalf("%v\n%+v\n%+v", err, got, r)
		}
	})
}

func anyRow() *rapid.Generator[Row] {
	return rapid.Custom(func(t *rapid.T) Row {
		row := Row{Kind: RowKind(rapid.ByteRange(0, 6).Draw(t, "kind")), Key: rapid.OneOf(rapid.SliceOfN(rapid.Byte(), 16, 16), rapid.SliceOf(rapid.Byte())).Draw(t, "key"), Pos: rapid.Uint64().Draw(t, "pos")}
		var body any
		switch row.Kind {
		case GoneRow:
			return row
		case EntryRow:
			body = rapid.Make[Entry]().Draw(t, "entry")
		case PersonRow:
			inner, err := event.Encode(map[int]any{1: row.Key, 2: []any{rapid.Int64().Draw(t, "at"), rapid.String().Draw(t, "text")}})
			if err != nil {
				t.Fatal(err)
			}
			body = Record{Salt: rapid.Make[event.Salt]().Draw(t, "salt"), Home: 640, State: inner}
		default:
			if row.Body = rapid.SliceOf(rapid.Byte()).Draw(t, "body"); len(row.Body) == 0 {
				row.Body = nil
			}
			return row
		}
		raw, err := event.Encode(body)
		if err != nil {
			t.Fatal(err)
		}
		row.Body = raw
		return row
	})
}

func TestPagesReadAsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := &Answer{Pages: []Page{{Partition: Own, To: rapid.Uint64().Draw(t, "to"), More: rapid.Bool().Draw(t, "more"), Sum: rapid.Make[Sum]().Draw(t, "sum"),
			Rows: rapid.SliceOfN(anyRow(), 0, 20).Draw(t, "rows"), Buckets: rapid.SliceOfN(rapid.Byte(), 1, 9).Draw(t, "buckets")}},
			Tails: []Batch{{Items: []Item{anyItem().Draw(t, "item")}}}}
		if a.Pages[0].Rows == nil {
			a.Pages[0].Rows = []Row{}
		}
		raw, err := EncodeAnswer(a)
		if err != nil {
			t.Fatal(err)
		}
		got, err := DecodeAnswer(raw)
		if err != nil || !reflect.DeepEqual(got.Pages, a.Pages) || !reflect.DeepEqual(got.Tails, a.Tails) {
			t.Fatalf("%v\n%+v\n%+v", err, got, a)
		}
	})
}

func TestLongListsOfHashesTravel(t *testing.T) {
	held := make(Shorts, 3*MaxList)
	for i := range held {
		held[i] = Short{byte(i), byte(i >> 8)}
	}
	raw, err := EncodeRequest(&Request{Held: held})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := DecodeRequest(raw); err != nil || !reflect.DeepEqual(got.Held, held) {
		t.Error(err)
	}
	for _, bad := range []string{"\x47abcdefg", "\x80", "\x58\xff"} {
		if err := new(Shorts).UnmarshalCBOR([]byte(bad)); err == nil {
			t.Errorf("%q was read as hashes", bad)
		}
		if err := new(Short).UnmarshalCBOR([]byte(bad)); err == nil {
			t.Errorf("%q was read as a hash", bad)
		}
	}
}

func TestWhatIsTooLargeIsNotSent(t *testing.T) {
	big := Item{Event: event.Event{Body: bytes.Repeat([]byte{0xff}, 1<<20)}, Salt: event.Salt{1}}
	many := make([]Item, 40)
	for i := range many {
		many[i] = big
	}
	for what, r := range map[string]*Request{
		"bodies":  {Batches: []Batch{{First: 1, Items: many}}},
		"events":  {Batches: []Batch{{First: 1, Items: make([]Item, MaxEvents+1)}}},
		"batches": {Batches: make([]Batch, MaxBatches+1)},
		"talk":    {Back: []event.Ruling{{Bytes: make([]byte, MaxPayload)}}},
	} {
		if _, err := EncodeRequest(r); err == nil {
			t.Errorf("too many %s were encoded", what)
		}
	}
	if _, err := EncodeRequest(&Request{Batches: []Batch{{First: 1, Items: []Item{{Event: event.Event{Body: []byte{1}}}}}}}); err == nil {
		t.Error("a body without a salt was encoded")
	}
}

// A message that is small on the line may not become large in memory.
func TestBombsAreRefused(t *testing.T) {
	c, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	packed := func(raw []byte) []byte { return c.learned.EncodeAll(raw, nil) }
	half := packed(make([]byte, MaxPayload/2+1))
	// One long value that every event names again: 60 MB in 1,000 events.
	body, err := event.Encode(event.Visit{Kind: "guest", Name: strings.Repeat("a", 60_000)})
	if err != nil {
		t.Fatal(err)
	}
	b := Batch{First: 1}
	for i := range 500 {
		b.Items = append(b.Items, Item{Salt: event.Salt{1, byte(i), byte(i >> 8)}, Event: event.Event{Body: body}})
	}
	again, err := EncodeRequest(&Request{Batches: []Batch{b, b}})
	if err != nil {
		t.Fatal(err)
	}
	huge := binary.AppendUvarint(nil, 1<<62)
	empty := []byte{0x01, 0xa0} // a talk that says nothing
	for name, bomb := range map[string][]byte{
		"more than a payload":               packed(make([]byte, MaxPayload+1)),
		"more than a payload in two":        append(half, half...),
		"a size that cannot be":             {0x28, 0xb5, 0x2f, 0xfd, 0xe0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 0x01, 0x00, 0x00},
		"a window that nobody has":          {0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xff, 0x01, 0x00, 0x00},
		"deep CBOR":                         packed(append([]byte{0x80, 0x10}, bytes.Repeat([]byte{0x81}, 2048)...)),
		"a long list in CBOR":               packed([]byte{0x0b, 0xa1, 0x04, 0x9b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}),
		"a long text in CBOR":               packed([]byte{0x0b, 0xa1, 0x04, 0x5b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}),
		"a long talk":                       packed(huge),
		"more batches than there are":       packed(append(bytes.Clone(empty), huge...)),
		"a batch of more events than bytes": packed(append(append(append(bytes.Clone(empty), 1), make([]byte, 48)...), append([]byte{1}, huge...)...)),
		"one value named again and again":   again,
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := DecodeRequest(bomb)
		runtime.ReadMemStats(&after)
		if err == nil {
			t.Errorf("%s was read", name)
		}
		// What is made on the way is counted too, also what has become garbage.
		if took := after.TotalAlloc - before.TotalAlloc; took > 4*MaxPayload+2*maxRequest {
			t.Errorf("%s, of %d bytes, took %d MB", name, len(bomb), took>>20)
		}
	}
	if _, err := decodeAtMost[JoinAsk](packed(make([]byte, maxJoin+1)), maxJoin); err == nil {
		t.Error("more than a stranger may say was decompressed")
	}
}

func TestOnePageOfAHundredThousandRows(t *testing.T) {
	rows := entries(t, 100_000)
	raw, err := EncodeAnswer(&Answer{Pages: []Page{{Rows: rows}}})
	if err != nil {
		t.Fatal(err)
	}
	if len(raw) > 4_000_000 {
		t.Errorf("100,000 rows of the directory take %d bytes", len(raw))
	}
	if a, err := DecodeAnswer(raw); err != nil || !reflect.DeepEqual(a.Pages[0].Rows, rows) {
		t.Errorf("not what was written: %v", err)
	}
}

// seeds are messages of each kind for the fuzzers.
func seeds(t testing.TB) (requests, answers [][]byte) {
	c := newCounter(t, 3)
	c.registration()
	c.guest()
	r, err := write(c.request())
	if err != nil {
		t.Fatal(err)
	}
	a := c.answer()
	a.Pages = []Page{{Partition: Directory, Rows: entries(t, 5)}}
	a.Tails = []Batch{c.batch}
	w, err := write(a)
	if err != nil {
		t.Fatal(err)
	}
	return [][]byte{bytes.Join(r.Pieces(), nil)}, [][]byte{bytes.Join(w.Pieces(), nil)}
}

func fuzz[M Message](f *testing.F, plain [][]byte) {
	c, err := shared()
	if err != nil {
		f.Fatal(err)
	}
	for _, raw := range plain {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		_, _ = Decode[M](raw) // as it came
		m, err := Decode[M](c.learned.EncodeAll(raw, nil))
		if err != nil {
			return
		}
		again, err := Encode(m)
		if err != nil {
			return // the fuzzer found a way to say more than is ever sent
		}
		if got, err := Decode[M](again); err != nil || !same(got, m) {
			t.Fatalf("%v\n%+v\n%+v", err, m, got)
		}
	})
}

// same compares what is printed: nil and empty lists are alike.
func same(a, b any) bool { return fmt.Sprintf("%+v", a) == fmt.Sprintf("%+v", b) }

func FuzzRequest(f *testing.F) { r, _ := seeds(f); fuzz[Request](f, r) }
func FuzzAnswer(f *testing.F)  { _, a := seeds(f); fuzz[Answer](f, a) }

func FuzzOthers(f *testing.F) {
	f.Add([]byte("\x04\xa1\x02\x80\x00"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		c, err := shared()
		if err != nil {
			t.Fatal(err)
		}
		frame := c.learned.EncodeAll(raw, nil)
		_, _ = Decode[PhotoPush](frame)
		_, _ = Decode[PhotoTaken](frame)
		_, _ = Decode[PhotoPull](frame)
		_, _ = Decode[PhotoSent](frame)
		_, _ = Decode[JoinAsk](frame)
		_, _ = Decode[JoinAnswer](frame)
		_, _ = OpenJoin(nil, raw)
	})
}
