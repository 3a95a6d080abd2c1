package node

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/urfave/cli/v3"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/office"
)

// codeFile holds the one-time code on a stick for a new branch.
const codeFile = "kode.txt"

// makeStick fills a folder with what a new branch needs to ask to be let in. No
// record is on it: who the PC is, and to whose key its records are to be encrypted,
// is known only after its request has come back and its check code was compared.
// So the stick goes twice, the second time with the answer and a bundle that only
// that PC opens.
func (e *env) makeStick(ctx context.Context, cmd *cli.Command) error {
	return e.withVault(ctx, cmd, func(n *Node, who desk.Actor) error {
		folder := e.path(cmd.String("folder"))
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return usageError{fmt.Errorf("--folder: %w", err)}
		}
		program, err := copyProgram(folder) // before the code: none is made for a stick that is full
		if err != nil {
			return usageError{fmt.Errorf("--folder: %w", err)}
		}
		op, err := library.NewID(n.Desk.Rand)
		if err != nil {
			return err
		}
		code, err := n.Office.NewCode(ctx, who, op, office.CodeInput{Name: cmd.String("name"), Role: library.NodeRole(cmd.String("role")), Life: cmd.Duration("life")})
		if err != nil {
			return err
		}
		for name, text := range map[string]string{codeFile: code.Text + "\n", "README.txt": stickReadme(code.Label, program, code.Until)} {
			if err := writeNew(filepath.Join(folder, name), []byte(text)); err != nil {
				return usageError{fmt.Errorf("--folder: %w", err)}
			}
		}
		facts := struct {
			Folder  string    `json:"folder"`
			Program string    `json:"program"`
			Name    string    `json:"name"`
			Until   time.Time `json:"until"`
		}{folder, program, code.Label, code.Until}
		windows := ""
		if runtime.GOOS != "windows" {
			windows = "For a PC with Windows add simpul.exe of the same version.\n"
		}
		return e.say(cmd, facts, "%s: the program %s, a code for %s that holds until %s, and README.txt. No record is on it.\n%s", folder, program, code.Label, code.Until.Format("2006-01-02 15:04"), windows)
	})
}

// program opens the running program and says what it is called on another PC.
func program() (name string, content io.ReadCloser, err error) {
	self, err := os.Executable()
	if err != nil {
		return "", nil, fmt.Errorf("node: this program: %w", err)
	}
	name = "simpul"
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	in, err := os.Open(self)
	if err != nil {
		return "", nil, fmt.Errorf("node: this program: %w", err)
	}
	return name, in, nil
}

// copyProgram copies the running program and says its name there.
func copyProgram(folder string) (name string, err error) {
	name, in, err := program()
	if err != nil {
		return "", err
	}
	defer in.Close()
	out, err := os.OpenFile(filepath.Join(folder, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o755)
	if err != nil {
		return "", err
	}
	_, err = io.Copy(out, in)
	return name, errors.Join(err, synced{out}.Close())
}

func stickReadme(label, program string, until time.Time) string {
	return "Simpul untuk " + label + "\r\n\r\n" +
		"1. Di PC baru: salin " + program + " dari stik ini ke PC, jalankan, isi pemasangan. Lalu minta bergabung:\r\n" +
		"   simpul join --code-file " + codeFile + " --export permintaan.txt\r\n" +
		"   Kode berlaku sampai " + until.Format("02-01-2006 15.04") + ", satu kali, dan dihapus dari stik.\r\n" +
		"2. Bawa stik ke pusat. Bacakan kode periksa, lalu pusat menyetujui dan menulis jawaban dan data:\r\n" +
		"   simpul node import permintaan.txt\r\n" +
		"   simpul node approve KODE-PERIKSA\r\n" +
		"   simpul node import permintaan.txt --answer jawaban.txt\r\n" +
		"   simpul bundle export --for NNN data.simpul\r\n" +
		"3. Kembali di PC baru:\r\n" +
		"   simpul join --import jawaban.txt\r\n" +
		"   simpul bundle import data.simpul\r\n\r\n" +
		"Stik hilang? Cabut kode itu di pusat. Data anggota hanya terbuka di PC baru itu.\r\n"
}

// useCode overwrites and removes a code that was used: the answer to it, which
// comes back on the same stick, is sealed with it.
func useCode(name string, size int) error {
	err := os.WriteFile(name, make([]byte, size), 0o600)
	return errors.Join(err, os.Remove(name))
}
