package node

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/urfave/cli/v3"

	"simpul/node/desk"
	"simpul/node/office"
)

// bundleCommand carries the exchange on a stick. At a node a bundle goes to the
// centre; at the centre it goes to the PC with a code NNN.
func (e *env) bundleCommand() *cli.Command {
	return &cli.Command{Name: "bundle", Usage: "carry the exchange on a USB stick", Commands: []*cli.Command{
		{Name: "export", Usage: "write a bundle: at a node for the centre, at the centre for a PC", ArgsUsage: "FILE", Action: e.exportBundle,
			Description: "FILE must not exist. What is too long for a FAT32 stick goes on in FILE.2, FILE.3 and so on. Whoever finds the\nstick reads nothing. Nothing counts as sent before the centre has said so, over the network or by a bundle.",
			Flags: append(vaultFlags(), &cli.StringFlag{Name: "for", Usage: "at the centre: code `NNN` of the PC"},
				&cli.IntFlag{Name: "photos", Usage: "at the centre: at most so many `MB` of photos", Value: office.PhotosOnStick >> 20})},
		{Name: "import", Usage: "take a bundle in", ArgsUsage: "FILE", Flags: vaultFlags(), Action: e.importBundle},
	}}
}

// bundleFacts is what both print.
type bundleFacts struct {
	File    string `json:"file"`
	Parts   int    `json:"parts"`
	Records int    `json:"records"`
	Photos  int    `json:"photo_pieces"`
	Until   string `json:"until"`
	From    string `json:"from,omitempty"`
	Left    int    `json:"photos_left,omitempty"`
	Apart   int    `json:"apart,omitempty"` // records of a revoked PC, which wait to be released
}

func factsOfBundle(file string, b desk.Bundle) bundleFacts {
	return bundleFacts{File: file, Parts: b.Parts, Records: b.Events, Photos: b.Pieces, Left: b.PhotosLeft, Until: b.Until.Format("2006-01-02")}
}

func (f bundleFacts) write(w io.Writer) {
	fmt.Fprintf(w, "%s: %d records and %d pieces of photos in %d parts, to be taken in until %s\n", f.File, f.Records, f.Photos, f.Parts, f.Until)
	if f.Left > 0 {
		fmt.Fprintf(w, "%d photos had no room: raise --photos, or the network brings them\n", f.Left)
	}
	if f.From != "" {
		fmt.Fprintf(w, "from %s\n", f.From)
	}
	if f.Apart > 0 {
		fmt.Fprintf(w, "the PC was revoked: %d records wait until somebody releases them on the page of decisions\n", f.Apart)
	}
}

func (e *env) exportBundle(ctx context.Context, cmd *cli.Command) error {
	if cmd.Args().Len() != 1 {
		return usageError{errors.New("say the FILE to write")}
	}
	return e.withVault(ctx, cmd, func(n *Node, who desk.Actor) error {
		file := e.path(cmd.Args().First())
		b, err := e.writeParts(n, file, func(create func(int) (io.WriteCloser, error)) (desk.Bundle, error) {
			return n.exportTo(ctx, cmd, who, create)
		})
		if err != nil {
			return err
		}
		facts := factsOfBundle(file, b)
		return e.tell(cmd, facts, facts.write)
	})
}

// writeParts writes the parts of a bundle, none of which may be there, or none of them.
func (e *env) writeParts(n *Node, file string, export func(create func(int) (io.WriteCloser, error)) (desk.Bundle, error)) (desk.Bundle, error) {
	defer e.watchStick(n)()
	written := []string{}
	b, err := export(func(part int) (io.WriteCloser, error) {
		name := partName(file, part)
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err == nil {
			written = append(written, name)
		}
		return synced{f}, err
	})
	if err != nil {
		for _, name := range written {
			err = errors.Join(err, os.Remove(name))
		}
	}
	return b, err
}

func (n *Node) exportTo(ctx context.Context, cmd *cli.Command, who desk.Actor, create func(int) (io.WriteCloser, error)) (desk.Bundle, error) {
	if !n.Office.Centre() {
		return n.Desk.ExportBundle(ctx, who, create)
	}
	x, err := n.nodeOf(ctx, who, cmd.String("for"))
	if err != nil {
		return desk.Bundle{}, err
	}
	return n.Office.ExportBundle(ctx, who, x.ID, photoBytes(cmd), create)
}

func (e *env) importBundle(ctx context.Context, cmd *cli.Command) error {
	if cmd.Args().Len() != 1 {
		return usageError{errors.New("say the FILE to take in")}
	}
	return e.withVault(ctx, cmd, func(n *Node, who desk.Actor) error {
		file := e.path(cmd.Args().First())
		open := func(part int) (io.ReadCloser, error) { return os.Open(partName(file, part)) }
		defer e.watchStick(n)()
		if !n.Office.Centre() {
			b, err := n.Desk.ImportBundle(ctx, who, open)
			if err != nil {
				return err
			}
			facts := factsOfBundle(file, b)
			return e.tell(cmd, facts, facts.write)
		}
		c, err := n.Office.ImportBundle(ctx, who, open)
		if err != nil {
			return err
		}
		facts := factsOfBundle(file, c.Bundle)
		facts.From, facts.Apart = c.Name, c.Apart
		return e.tell(cmd, facts, facts.write)
	})
}

// watchStick shows on a terminal how far a stick has come, until the function that it
// returns is called.
func (e *env) watchStick(n *Node) (end func()) {
	stop, done := make(chan struct{}), make(chan struct{})
	show := e.progress("stick:")
	go func() {
		defer close(done)
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				return
			case <-tick.C:
				if c, carried := n.Desk.Carrying(); carried && c.Total > 0 {
					show(c.Done, c.Total)
				}
			}
		}
	}()
	return func() { close(stop); <-done }
}

func partName(file string, part int) string {
	if part == 1 {
		return file
	}
	return fmt.Sprintf("%s.%d", file, part)
}

// synced brings a file to the disk before it is closed: a stick is pulled out soon after.
type synced struct{ *os.File }

// Close syncs and closes.
func (s synced) Close() error { return errors.Join(s.Sync(), s.File.Close()) }
