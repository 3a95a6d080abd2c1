package node

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// defaultDir is one folder for the whole PC, whoever is signed in to it, or a
// folder "data" beside the program for a stick that is carried around.
func defaultDir() string {
	if exe, err := os.Executable(); err == nil {
		beside := filepath.Join(filepath.Dir(exe), "data")
		if st, err := os.Stat(beside); err == nil && st.IsDir() {
			return beside
		}
	}
	if runtime.GOOS == "windows" {
		if root := os.Getenv("ProgramData"); root != "" {
			return filepath.Join(root, "Simpul", "data")
		}
	}
	if os.Getuid() == 0 && runtime.GOOS != "windows" {
		return "/var/lib/simpul/data"
	}
	if home, err := os.UserHomeDir(); err == nil {
		return filepath.Join(home, ".local", "share", "simpul", "data")
	}
	return "data"
}

// machineID is what the system calls this machine, "" when it can't be read.
// Only a hash of it is ever kept.
func machineID() string {
	if runtime.GOOS == "windows" {
		return os.Getenv("COMPUTERNAME")
	}
	for _, name := range []string{"/etc/machine-id", "/var/lib/dbus/machine-id"} {
		if raw, err := os.ReadFile(name); err == nil {
			return strings.TrimSpace(string(raw))
		}
	}
	return ""
}
