// Simpul is one program for the libraries of a district: see README.md.
package main

import (
	"context"
	"embed"
	"os"
	"os/signal"
	"syscall"

	"simpul/node"
)

//go:embed ui/templates ui/static
var files embed.FS

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := node.Main(ctx, os.Args, files)
	stop()
	os.Exit(code)
}
