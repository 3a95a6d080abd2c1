package node

import (
	"context"
	"debug/buildinfo"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"simpul/node/desk"
	"simpul/node/library"
)

// codeFile holds the one-time code on a stick for a new branch.
const codeFile = "kode.txt"

// makeStick fills a folder with what a new branch needs to ask to be let in. No
// record is on it: who the PC is, and to whose key its records are to be sealed, is
// known only after its request has come back and its check code was compared. Until
// then whoever finds the stick, with the code on it, could open what the PC could. So
// the stick goes twice, the second time with the answer and behind it everything that
// the PC may know, which only that PC opens.
func (e *env) makeStick(ctx context.Context, cmd *cli.Command) error {
	return e.withVault(ctx, cmd, func(n *Node, who desk.Actor) error {
		if cmd.String("name") == "" && cmd.String("for") == "" {
			return usageError{errors.New("say which branch the stick is for: --name of a new one, or --for NNN")}
		}
		in, err := n.codeInput(ctx, who, cmd)
		if err != nil {
			return err
		}
		folder := e.path(cmd.String("folder"))
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return usageError{fmt.Errorf("--folder: %w", err)}
		}
		programs, err := e.putPrograms(folder, cmd.StringSlice("program")) // before the code: none is made for a stick that is full
		if err != nil {
			return err
		}
		op, err := library.NewID(n.Desk.Rand)
		if err != nil {
			return err
		}
		code, err := n.Office.NewCode(ctx, who, op, in)
		if err != nil {
			return err
		}
		for name, text := range map[string]string{codeFile: code.Text + "\n", "README.txt": stickReadme(code.Label, programs, code.Until)} {
			if err := writeNew(filepath.Join(folder, name), []byte(text)); err != nil {
				return usageError{fmt.Errorf("--folder: %w", err)}
			}
		}
		facts := struct {
			Folder   string    `json:"folder"`
			Programs []string  `json:"programs"`
			Name     string    `json:"name"`
			Until    time.Time `json:"until"`
		}{folder, nil, code.Label, code.Until}
		for _, p := range programs {
			facts.Programs = append(facts.Programs, p.String())
		}
		return e.say(cmd, facts, "%s: %s, a code for %s that holds until %s, and README.txt. No record is on it: bring back the request of the PC, and the answer takes them along.\n",
			folder, strings.Join(facts.Programs, ", "), code.Label, code.Until.Format("2006-01-02 15:04"))
	})
}

// stickProgram is a program on a stick.
type stickProgram struct{ Name, System string }

// String is its name and for which PCs it is.
func (p stickProgram) String() string { return p.Name + " (" + p.System + ")" }

// putPrograms puts the running program on the stick, and those for other systems that
// were made from the same version.
func (e *env) putPrograms(folder string, others []string) ([]stickProgram, error) {
	name, in, err := program()
	if err != nil {
		return nil, err
	}
	systems, names := make([]string, len(others)), []string{name}
	for i, file := range others { // all of them before the first is copied
		systems[i], err = systemOf(e.path(file))
		if base := filepath.Base(file); err == nil && slices.Contains(names, base) {
			err = fmt.Errorf("two programs called %s", base)
		}
		if err != nil {
			return nil, errors.Join(usageError{fmt.Errorf("--program: %w", err)}, in.Close())
		}
		names = append(names, filepath.Base(file))
	}
	if err := copyNew(filepath.Join(folder, name), in); err != nil {
		return nil, usageError{fmt.Errorf("--folder: %w", err)}
	}
	out := []stickProgram{{name, runtime.GOOS + "/" + runtime.GOARCH}}
	for i, file := range others {
		in, err := os.Open(e.path(file))
		if err != nil {
			return nil, usageError{fmt.Errorf("--program: %w", err)}
		}
		if err := copyNew(filepath.Join(folder, names[1+i]), in); err != nil {
			return nil, usageError{fmt.Errorf("--program: %w", err)}
		}
		out = append(out, stickProgram{names[1+i], systems[i]})
	}
	return out, nil
}

// systemOf reads what the Go linker wrote into a program: that it is Simpul, of the
// version that runs here as far as both say, and for which system it was built.
func systemOf(file string) (string, error) {
	there, err := buildinfo.ReadFile(file)
	here, known := debug.ReadBuildInfo()
	if err != nil || !known || there.Main.Path != here.Main.Path {
		return "", fmt.Errorf("%s is no program of Simpul", file)
	}
	if theirs, ours := setting(there, "vcs.revision"), setting(here, "vcs.revision"); theirs != ours && theirs != "" && ours != "" {
		return "", fmt.Errorf("%s is of another version than this program", file)
	}
	return setting(there, "GOOS") + "/" + setting(there, "GOARCH"), nil
}

func setting(info *debug.BuildInfo, key string) string {
	for _, s := range info.Settings {
		if s.Key == key {
			return s.Value
		}
	}
	return ""
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

// copyNew copies a program into a file that is not there yet, and closes what it read.
func copyNew(name string, in io.ReadCloser) error {
	out, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o755)
	if err != nil {
		return errors.Join(err, in.Close())
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, synced{out}.Close(), in.Close())
}

func stickReadme(label string, programs []stickProgram, until time.Time) string {
	names := make([]string, len(programs))
	for i, p := range programs {
		names[i] = p.String()
	}
	return "Simpul untuk " + label + "\r\n\r\n" +
		"1. Di PC baru: salin program dari stik ini ke PC, yang cocok dengan sistemnya: " + strings.Join(names, ", ") + ". Jalankan, isi pemasangan. Lalu minta bergabung:\r\n" +
		"   simpul join --code-file " + codeFile + " --export permintaan.txt\r\n" +
		"   Kode berlaku sampai " + until.Format("02-01-2006 15.04") + ", satu kali, dan dihapus dari stik. Catat kode periksa yang tampil.\r\n" +
		"2. Bawa stik ke pusat. Cocokkan kode periksanya, lalu pusat menyetujui dan menulis jawaban beserta data untuk cabang ini:\r\n" +
		"   simpul node import permintaan.txt\r\n" +
		"   simpul node approve KODE-PERIKSA\r\n" +
		"   simpul node import permintaan.txt --answer jawaban.simpul\r\n" +
		"3. Kembali di PC baru:\r\n" +
		"   simpul join --import jawaban.simpul\r\n\r\n" +
		"Semua langkah ini ada juga di peramban: Data, Gabung ke pusat; di pusat, Cabang.\r\n" +
		"Stik hilang? Cabut kode itu di pusat. Jawaban dan data anggota hanya terbuka di PC baru itu.\r\n"
}

// useCode overwrites and removes a code that was used: the answer to it, which
// comes back on the same stick, is sealed with it.
func useCode(name string, size int) error {
	err := os.WriteFile(name, make([]byte, size), 0o600)
	return errors.Join(err, os.Remove(name))
}
