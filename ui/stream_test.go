package ui

import (
	"bytes"
	"context"
	"crypto/sha256"
	"io"
	"mime/multipart"
	"net/http"
	"testing"

	"simpul/node/library"
)

// TestStreamedFiles: files larger than any form are taken while they arrive, and only with a good token that comes before them.
func TestStreamedFiles(t *testing.T) {
	var names []string
	var got [][32]byte
	s := withRoutes(t, streamed("/aliran", officerWho(library.RecordVisit), func(r *request) error {
		return r.files(func(_ context.Context, name string, content io.Reader) error {
			h := sha256.New()
			if _, err := io.Copy(h, content); err != nil {
				return err
			}
			names, got = append(names, name), append(got, [32]byte(h.Sum(nil)))
			return nil
		})
	}))
	client := listen(t, s)
	client.token = string(library.RoleOfficer)
	token := (&request{token: client.token, known: true}).csrf()
	big := bytes.Repeat([]byte("simpul"), 4<<20)
	send := func(token string, last bool) int {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		if !last {
			_ = form.WriteField(csrfField, token)
		}
		for _, name := range []string{"a.simpul", "b.simpul"} {
			part, err := form.CreateFormFile("file", name)
			if err != nil {
				t.Fatal(err)
			}
			_, _ = part.Write(big)
		}
		if last {
			_ = form.WriteField(csrfField, token)
		}
		_ = form.Close()
		res, _ := client.send("POST", "/aliran", form.FormDataContentType(), &body)
		return res.StatusCode
	}
	if status := send(token, false); status != http.StatusOK || len(got) != 2 || got[0] != sha256.Sum256(big) || got[1] != got[0] || names[1] != "b.simpul" {
		t.Fatalf("two files of 24 MB: %d, %v", status, names)
	}
	for name, status := range map[string]int{"a wrong token": send("x", false), "a token behind the files": send(token, true)} {
		if status != http.StatusForbidden || len(got) != 2 {
			t.Errorf("%s: %d, %d files taken", name, status, len(got))
		}
	}
	if res, _ := client.post("/aliran", csrfField+"="+token); res.StatusCode != http.StatusForbidden {
		t.Errorf("no multipart: %d", res.StatusCode)
	}
	client.token = ""
	if status := send(token, false); status != http.StatusUnauthorized || len(got) != 2 {
		t.Errorf("nobody: %d", status)
	}
}
