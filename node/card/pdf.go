package card

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"iter"
	"math"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
)

// MaxCards is the most that one PDF takes; more are printed in parts, so that memory stays bounded
// (500 cards with photos and the largest QR take under 60 MB while they are written).
const MaxCards = 500

// Options of a printed file.
type Options struct {
	// Made is the creation date inside the PDF; the same faces and date give the same bytes.
	Made time.Time
	// Title of the document as readers show it; never a member's name, since it travels as metadata.
	Title string
	// Back adds the other side: after each card, or after each sheet, mirrored for printing on both sides.
	Back bool
	// OffsetX and OffsetY move everything to the right and down, in millimetres, at most 15: what this
	// printer needs to meet the card, or the places on the paper.
	OffsetX, OffsetY float64
}

// check refuses what no printer needs.
func (o Options) check() error {
	if !(math.Abs(o.OffsetX) <= maxOffset && math.Abs(o.OffsetY) <= maxOffset) {
		return bad(KeyOffset, nil)
	}
	return nil
}

// begin is an empty PDF with these options.
func (o Options) begin() (*printer, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	return newPrinter(o.Made, o.Title)
}

// Faces makes a sequence of cards that are at hand. A caller with many writes its own and loads each
// photo only when it is asked for.
func Faces(faces ...Face) iter.Seq2[Face, error] {
	return func(yield func(Face, error) bool) {
		for _, f := range faces {
			if !yield(f, nil) {
				return
			}
		}
	}
}

// PDF writes one page of 85.60 × 53.98 mm a card, for card printers. An error of the sequence, of a
// face or of w ends it, and nothing usable has been written then.
func PDF(w io.Writer, faces iter.Seq2[Face, error], o Options) error {
	p, err := o.begin()
	if err != nil {
		return err
	}
	page := func(d drawing) {
		moved := drawing{w: Width, h: Height}
		moved.place(d, onDots(o.OffsetX), onDots(o.OffsetY))
		p.page(moved)
	}
	look := style{bleed: maxOffset}
	err = each(faces, func(f Face) error {
		d, err := front(f, p.face, look)
		if err != nil {
			return err
		}
		page(d)
		if !o.Back {
			return nil
		}
		if d, err = back(f, p.face, look); err != nil {
			return err
		}
		page(d)
		return nil
	})
	if err != nil {
		return err
	}
	return p.output(w)
}

// each gives the cards one by one. None and more than MaxCards are errors.
func each(faces iter.Seq2[Face, error], put func(Face) error) error {
	n := 0
	for f, err := range faces {
		if err != nil {
			return err
		}
		if n++; n > MaxCards {
			return bad(KeyTooMany, nil)
		}
		if err := put(f); err != nil {
			return err
		}
	}
	if n == 0 {
		return bad(KeyNothing, nil)
	}
	return nil
}

// printer puts drawings on the pages of one PDF.
type printer struct {
	pdf  *fpdf.Fpdf
	face *typeface
	high float64
}

const points = 72 / 25.4 // a millimetre in points

func newPrinter(made time.Time, title string) (*printer, error) {
	face, err := newTypeface()
	if err != nil {
		return nil, err
	}
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetCatalogSort(true)
	pdf.SetCreationDate(made.UTC())
	pdf.SetModificationDate(made.UTC())
	pdf.SetProducer("Simpul", true)
	pdf.SetTitle(face.clean(title), true)
	pdf.SetMargins(0, 0, 0)
	pdf.SetAutoPageBreak(false, 0)
	for style, file := range map[string]string{"": regularFile, "B": boldFile} {
		data, err := fontFiles.ReadFile(file)
		if err != nil {
			return nil, err
		}
		pdf.AddUTF8FontFromBytes("jakarta", style, data)
	}
	return &printer{pdf: pdf, face: face}, pdf.Error()
}

func (p *printer) output(w io.Writer) error {
	if err := p.pdf.Error(); err != nil {
		return fmt.Errorf("draw pdf: %w", err)
	}
	return p.pdf.Output(w)
}

// page adds a page of the drawing's size with the drawing on it.
func (p *printer) page(d drawing) {
	p.high = d.h
	p.pdf.AddPageFormat("P", fpdf.SizeType{Wd: d.w, Ht: d.h})
	for _, o := range d.ops {
		switch o := o.(type) {
		case bars:
			p.bars(o)
		case shape:
			p.shape(o)
		case text:
			p.text(o)
		case picture:
			p.picture(o)
		}
	}
}

// bars go into the page as one path; the library would fill each by itself, which leaves hairlines.
func (p *printer) bars(b bars) {
	p.pdf.SetFillColor(int(b.fill.R), int(b.fill.G), int(b.fill.B))
	var s strings.Builder
	for _, r := range b.rects {
		fmt.Fprintf(&s, "%.3f %.3f %.3f %.3f re\n", r.x*points, (p.high-r.y)*points, r.w*points, -r.h*points)
	}
	s.WriteString("f")
	p.pdf.RawWriteStr(s.String())
}

func (p *printer) shape(s shape) {
	p.pdf.SetFillColor(int(s.fill.R), int(s.fill.G), int(s.fill.B))
	for _, st := range s.path {
		switch st.kind {
		case 'M':
			p.pdf.MoveTo(st.p[2].x, st.p[2].y)
		case 'L':
			p.pdf.LineTo(st.p[2].x, st.p[2].y)
		case 'C':
			p.pdf.CurveBezierCubicTo(st.p[0].x, st.p[0].y, st.p[1].x, st.p[1].y, st.p[2].x, st.p[2].y)
		case 'Z':
			p.pdf.ClosePath()
		}
	}
	p.pdf.DrawPath("F")
}

func (p *printer) text(t text) {
	if t.words == "" {
		return
	}
	style := ""
	if t.bold {
		style = "B"
	}
	p.pdf.SetFont("jakarta", style, t.size*points)
	p.pdf.SetTextColor(int(t.fill.R), int(t.fill.G), int(t.fill.B))
	p.pdf.Text(t.x, t.y, t.words)
}

// picture embeds a file once, however often it is drawn.
func (p *printer) picture(i picture) {
	sum := sha256.Sum256(i.data)
	name := hex.EncodeToString(sum[:])
	o := fpdf.ImageOptions{ImageType: map[string]string{"jpeg": "JPG", "png": "PNG"}[i.kind]}
	if p.pdf.GetImageInfo(name) == nil {
		p.pdf.RegisterImageOptionsReader(name, o, bytes.NewReader(i.data))
	}
	p.pdf.ImageOptions(name, i.box.x, i.box.y, i.box.w, i.box.h, false, o, 0, "")
}
