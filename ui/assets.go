package ui

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// assetRoot is the path under which static files stand: /aset/<version>/<file>.
const assetRoot = "/aset/"

// assets are the static files in memory. One version, a hash over all of them, stands in every address: a browser keeps
// a file for a year and asks again only after a new release, and the relative addresses inside style sheets and modules
// carry the same version without being rewritten.
type assets struct {
	version string
	files   map[string]asset
}

type asset struct {
	body []byte
	kind string
	etag string
}

func newAssets(files fs.FS) (*assets, error) {
	a := &assets{files: make(map[string]asset)}
	all := sha256.New()
	err := fs.WalkDir(files, "static", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		body, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		short := strings.TrimPrefix(name, "static/")
		sum := sha256.Sum256(body)
		fmt.Fprintf(all, "%s %x\n", short, sum)
		a.files[short] = asset{body: body, kind: contentType(short), etag: `"` + hex.EncodeToString(sum[:12]) + `"`}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read static files: %w", err)
	}
	a.version = hex.EncodeToString(all.Sum(nil)[:8])
	return a, nil
}

// contentType is fixed for what we ship, because the tables of a Windows PC may say that .js is plain text.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	case ".md", ".txt", "":
		return "text/plain; charset=utf-8"
	}
	return mime.TypeByExtension(path.Ext(name))
}

// url returns the address of a static file. An unknown name is a mistake in a template and fails the rendering.
func (a *assets) url(name string) (string, error) {
	if _, there := a.files[name]; !there {
		return "", fmt.Errorf("no static file %q", name)
	}
	return assetRoot + a.version + "/" + name, nil
}

// serve answers a request for a static file. An address of an older release gets today's file, but not for a year.
func (a *assets) serve(c *fiber.Ctx) error {
	version, name, _ := strings.Cut(c.Params("*"), "/")
	file, there := a.files[name]
	if !there {
		return fiber.ErrNotFound
	}
	caching := "public, max-age=31536000, immutable"
	if version != a.version {
		caching = "no-cache"
	}
	c.Set(fiber.HeaderCacheControl, caching)
	c.Set(fiber.HeaderETag, file.etag)
	if c.Get(fiber.HeaderIfNoneMatch) == file.etag {
		return c.SendStatus(http.StatusNotModified)
	}
	c.Set(fiber.HeaderContentType, file.kind)
	return c.Send(file.body)
}
