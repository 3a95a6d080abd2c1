package card

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"simpul/node/card/sign"
	"simpul/node/library"
)

// cards is how many made-up members have their cards printed and read back. The full form:
// SIMPUL_CARDS=1000 go test ./node/card -run Signed -v -timeout 2h
func cards(t *testing.T) int {
	asked := os.Getenv("SIMPUL_CARDS")
	if asked == "" {
		return 24
	}
	n, err := strconv.Atoi(asked)
	if err != nil || n < 1 {
		t.Fatalf("SIMPUL_CARDS is %q", asked)
	}
	return n
}

var (
	firstNames = []string{"Ayu", "Bagus", "Citra", "Dwi", "Endah", "Made", "Ni Luh Putu", "Muhammad Abdurrahman", "Raden Ajeng", "I Gusti Ngurah", "Siti Nur'aini", "Wahyuningtyas"}
	lastNames  = []string{"", "Lestari", "Prasetyo", "Wulandari", "Kusumaningtyas", "Hidayatullah Al-Banjari", "Puspitasari Hadiningrat", "Wijayanti Mangunkusumo", "S.Pd., M.Hum."}
	branches   = []string{"Genteng", "Perpustakaan Rogojampi", "Perpustakaan Keliling Kecamatan Glenmore"}
)

// members are made up, each with a signed card; names have one to sixty letters.
func members(t testing.TB, count int) []Face {
	t.Helper()
	r := rand.New(rand.NewPCG(4, 2026))
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	pick := func(from []string) string { return from[r.IntN(len(from))] }
	var faces []Face
	for i := range count {
		name := strings.TrimSpace(pick(firstNames) + " " + pick(lastNames) + " " + pick(lastNames))
		switch {
		case i == 0:
			name = "Raden Ajeng Kusumaningtyas Wijayanti Puspitasari Hadiningrat"
		case i == 1:
			name = "U"
		}
		number, err := library.NewMemberNumber(1+r.IntN(999), 2026+r.IntN(9), r.IntN(10), r.IntN(100_000))
		if err != nil {
			t.Fatal(err)
		}
		f := sample()
		f.Name, f.NumberRaw, f.NumberGrouped, f.Branch = name, string(number), number.Grouped(), pick(branches)
		c := sign.Claims{Number: f.NumberRaw, Name: name, Branch: f.Branch, Kind: "pelajar", Issued: 20_000 + r.Int64N(9000), Expires: 30_000 + r.Int64N(9000)}
		for j := range c.Revocation {
			c.Revocation[j] = byte(r.Uint32())
		}
		text, err := sign.Sign(key, c)
		if err != nil {
			t.Fatal(err)
		}
		f.QR = []byte(text)
		faces = append(faces, f)
	}
	return faces
}

// TestSignedCardsAreReadByAScanner prints the cards of made-up members at 300 dpi and reads both codes back with zbarimg.
func TestSignedCardsAreReadByAScanner(t *testing.T) {
	var missed atomic.Int64
	t.Run("all", func(t *testing.T) {
		for faces := range slices.Chunk(members(t, cards(t)), 20) { // as many pictures as a small disk holds
			t.Run("", func(t *testing.T) {
				t.Parallel()
				var pdf bytes.Buffer
				if err := PDF(&pdf, Faces(faces...), Options{Made: made()}); err != nil {
					t.Fatal(err)
				}
				read := scan(t, t.TempDir(), "card", pdf.Bytes())
				for _, f := range faces {
					for _, want := range []string{"QR-Code:" + string(f.QR), "CODE-128:" + f.NumberRaw} {
						if !slices.Contains(read, want) {
							missed.Add(1)
							t.Errorf("%s: %s was not read", f.Name, want)
						}
					}
				}
			})
		}
	})
	t.Logf("%d cards printed, %d codes missed", cards(t), missed.Load())
}

// TestFoldedCardsAreReadByAScanner holds each card of a sheet to fold, with a photo in grey, under the scanner.
func TestFoldedCardsAreReadByAScanner(t *testing.T) {
	faces := members(t, PerFold)
	for i := range faces {
		faces[i].Photo = drawnPhoto()
	}
	var pdf bytes.Buffer
	if err := Fold(&pdf, Faces(faces...), FoldOptions{SheetOptions: SheetOptions{Options: Options{Made: made(), OffsetX: 0.4}}}); err != nil {
		t.Fatal(err)
	}
	px := func(mm float64) string { return strconv.Itoa(int(mm / dot)) }
	for place, f := range faces {
		read := scan(t, t.TempDir(), "fold", pdf.Bytes(), "-x", px(foldX), "-y", px(foldTop(place)), "-W", px(2*Width), "-H", px(Height))
		for _, want := range []string{"QR-Code:" + string(f.QR), "CODE-128:" + f.NumberRaw} {
			if !slices.Contains(read, want) {
				t.Errorf("%s: %s was not read", f.Name, want)
			}
		}
	}
}

// TestSignedQRSurvivesDirt covers 8 % of the symbol with one spot, dark, light or grey, wherever that falls. What limits it
// are the three squares by which a scanner finds the symbol: of such spots on 69 modules 96.4 % leave of each square a whole
// row and column through its middle, by which readers of lines find it (of 57 modules, which hold the card at level M,
// 94.7 %). Away from the squares nearly all are read.
func TestSignedQRSurvivesDirt(t *testing.T) {
	for _, tt := range []struct {
		name        string
		anywhere    bool
		least, many int // of a hundred: of few tries, where chance counts, and of a thousand
	}{{"beside the squares", false, 95, 98}, {"anywhere", true, 90, 95}} {
		t.Run(tt.name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(8, 2026))
			faces, name := members(t, 12), filepath.Join(t.TempDir(), "qr.png")
			tried, read, zbar := 5*cards(t), 0, 0
			for n := range tried {
				f := faces[n%len(faces)]
				img := symbol(t, f)
				spot(img, r, 0.08, tt.anywhere)
				byZbar := scans(t, img, name, string(f.QR))
				if byZbar {
					zbar++
				}
				if byZbar || decodes(img, string(f.QR)) {
					read++
				}
			}
			t.Logf("%d of %d read, %d of them by zbar alone", read, tried, zbar)
			least := tt.least
			if tried >= 1000 {
				least = tt.many
			}
			if read*100 < tried*least {
				t.Errorf("only %d of %d were read", read, tried)
			}
		})
	}
}

// symbol is the QR of a card with its quiet zone, as a 300 dpi printer puts it.
func symbol(t *testing.T, f Face) *image.Gray {
	t.Helper()
	c, err := qrOf(f.QR, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	side := int(math.Round(qrSide / dot))
	img := image.NewGray(image.Rect(0, 0, side, side))
	draw.Draw(img, img.Bounds(), image.White, image.Point{}, draw.Src)
	px := func(mm float64) int { return int(mm/dot + 0.5) }
	for _, b := range c.bars.rects {
		draw.Draw(img, image.Rect(px(b.x), px(b.y), px(b.right()), px(b.bottom())), image.Black, image.Point{}, draw.Src)
	}
	return img
}

// spot covers a share of the symbol.
func spot(img *image.Gray, r *rand.Rand, share float64, anywhere bool) {
	side, quiet := img.Bounds().Dx(), 0
	for img.GrayAt(quiet, quiet).Y > 0 {
		quiet++
	}
	finder := 0 // the width of its edge, seven modules
	for img.GrayAt(quiet+finder, quiet).Y == 0 {
		finder++
	}
	inner := side - 2*quiet
	ratio := 0.5 + 1.5*r.Float64()
	w := int(math.Sqrt(share * float64(inner*inner) * ratio))
	h := int(float64(w) / ratio)
	square := finder * 8 / 7 // with the line around it
	for {
		x, y := quiet+r.IntN(inner-w), quiet+r.IntN(inner-h)
		left, right := x < quiet+square, x+w > quiet+inner-square
		top, bottom := y < quiet+square, y+h > quiet+inner-square
		if !anywhere && (top && (left || right) || bottom && left) {
			continue
		}
		shade := color.Gray{Y: []uint8{0, 255, 128}[r.IntN(3)]}
		draw.Draw(img, image.Rect(x, y, x+w, y+h), image.NewUniform(shade), image.Point{}, draw.Src)
		return
	}
}

func scans(t *testing.T, img image.Image, name, want string) bool {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("zbarimg", "--quiet", "--nodbus", "--raw", name).Output()
	var exit *exec.ExitError // its answer when it reads nothing
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("zbarimg: %v", err)
	}
	return strings.TrimSpace(string(out)) == want
}

func decodes(img image.Image, want string) bool {
	bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		return false
	}
	got, err := qrcode.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]interface{}{gozxing.DecodeHintType_TRY_HARDER: true})
	return err == nil && got.GetText() == want
}
