package ui

import (
	"archive/zip"
	"context"
	"errors"
	"io"
	"strings"

	"simpul/ui/view"
)

// Program opens this very program, to be copied to another PC of the same system.
type Program func() (name string, content io.ReadCloser, err error)

// saveStick answers everything that a new branch needs for its first way, in one archive to be unpacked on a stick: the
// program, the one-time code, and what to do. No record is on it: to whose key records are to be sealed is known only
// after the request of the new PC has come back.
func saveStick(r *request) error {
	_, made, err := r.invitation()
	if err != nil {
		return err
	}
	return r.handOut("simpul-stik-cabang.zip", func(_ context.Context, create func(int) (io.WriteCloser, error)) error {
		name, program, err := r.server.Program()
		if err != nil {
			return err
		}
		defer program.Close()
		out, err := create(1)
		if err != nil {
			return err
		}
		z := zip.NewWriter(out)
		put := func(name string, content io.Reader) error {
			h := &zip.FileHeader{Name: name, Method: zip.Deflate, Modified: r.now()}
			h.SetMode(0o755)
			w, err := z.CreateHeader(h)
			if err == nil {
				_, err = io.Copy(w, content)
			}
			return err
		}
		return errors.Join(put(name, program),
			put("kode.txt", strings.NewReader(made.Text+"\r\n")),
			put("BACA-DULU.txt", strings.NewReader(strings.Join([]string{r.t("stick.readme.for", made.Label), r.t("stick.readme.1", name), r.t("stick.readme.2", r.moment(made.Until)), r.t("stick.readme.3"), r.t("stick.readme.4"), r.t("stick.readme.lost")}, "\r\n\r\n")+"\r\n")),
			z.Close(), out.Close())
	})
}

// addStick offers the archive where the program can be copied.
func (r *request) addStick(v *view.BranchCode, at string) {
	if r.server.Program != nil {
		v.Stick = at + "/stik.zip"
	}
}
