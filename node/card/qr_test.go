package card

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"simpul/node/library"
)

func TestQRAlone(t *testing.T) {
	content := "https://pusat.example#abcdef-ghijkl-mnopqr-stuvwx"
	q, err := NewQR(content, 60)
	if err != nil {
		t.Fatal(err)
	}
	svg, err := q.SVG("Kode <cabang>")
	if err != nil || !bytes.Contains(svg, []byte("<title>Kode &lt;cabang&gt;</title>")) || bytes.Contains(svg, []byte(content)) {
		t.Fatalf("%v %.200s", err, svg)
	}
	rects := q.at(10, 20).rects
	n := float64(q.symbol.Bounds().Dx())
	m := 60 / (n + 2*quietQR)
	for _, r := range rects {
		if r.x < 10+quietQR*m-1e-9 || r.y < 20+quietQR*m-1e-9 || r.right() > 70-quietQR*m+1e-9 || r.bottom() > 80-quietQR*m+1e-9 {
			t.Fatalf("%v lies in the quiet zone", r)
		}
	}
	var pdf bytes.Buffer
	if err := Print(&pdf, time.Unix(0, 0), "Kode", Paper{Title: "Kode", Blocks: []Block{q, Paragraph{Text: "Sekali pakai"}}}); err != nil || !bytes.HasPrefix(pdf.Bytes(), []byte("%PDF")) {
		t.Fatalf("%v, %d bytes", err, pdf.Len())
	}
	if _, err := NewQR(strings.Repeat("x", 4000), 60); library.KindOf(err) != library.KindInvalid {
		t.Fatalf("4,000 letters: %v", err)
	}
}
