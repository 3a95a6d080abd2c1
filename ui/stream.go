package ui

import (
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/url"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"simpul/node/library"
)

// streamed is a post whose files may be larger than memory: its handler takes them as they arrive, with files.
func streamed(path string, who access, handle func(*request) error) route {
	r := post(path, who, handle)
	r.stream = true
	return r
}

// streamTime bounds a file that is read from a slow stick.
const streamTime = 2 * time.Hour

// files hands over the files of a form one after the other, while they arrive. The form's fields come before them in the
// page; its token is checked before the first file is touched. A file's name is the visitor's: never use it as a path.
func (r *request) files(each func(ctx context.Context, name string, content io.Reader) error) (err error) {
	defer func() {
		if err != nil { // the rest of the body is on the line still
			r.discard(r.Request().Header.ContentLength())
		}
	}()
	reader, err := r.parts()
	if err != nil {
		return err
	}
	_ = r.Context().Conn().SetReadDeadline(time.Time{}) // the server's is for forms
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.ctx()), streamTime)
	defer cancel()
	for {
		part, err := reader.NextPart()
		switch {
		case errors.Is(err, io.EOF):
			if !r.tokenMatches() {
				return oldForm()
			}
			return nil
		case err != nil:
			return library.E(library.KindInvalid, "error.invalid").Because(errors.New("multipart encoding"))
		case part.FileName() == "" && part.FormName() != "":
			if err := r.takeField(part); err != nil {
				return err
			}
			continue
		case part.FileName() == "":
			continue // a file input without a file
		case !r.tokenMatches():
			return oldForm()
		}
		if err := each(ctx, part.FileName(), part); err != nil {
			return err
		}
	}
}

func oldForm() error {
	return library.E(library.KindForbidden, "error.form_old").Hinted("error.form_old.hint")
}

func (r *request) parts() (*multipart.Reader, error) {
	kind, parameters, _ := strings.Cut(r.Get(fiber.HeaderContentType), ";")
	_, boundary, _ := strings.Cut(parameters, "boundary=")
	body := r.Context().RequestBodyStream()
	if strings.TrimSpace(strings.ToLower(kind)) != fiber.MIMEMultipartForm || boundary == "" || body == nil {
		return nil, oldForm() // no page of ours sends this
	}
	r.form = url.Values{}
	return multipart.NewReader(body, strings.Trim(boundary, `" `)), nil
}

func (r *request) takeField(part *multipart.Part) error {
	value, err := io.ReadAll(io.LimitReader(part, formLimit))
	if err != nil {
		return library.E(library.KindInvalid, "error.invalid").Because(errors.New("multipart encoding"))
	}
	r.form.Add(part.FormName(), string(value))
	return nil
}
