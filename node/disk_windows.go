package node

import (
	"path/filepath"
	"strings"

	"golang.org/x/sys/windows"
)

// freeBytes is the room left for this user where dir is.
func freeBytes(dir string) (int64, error) {
	name, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return 0, err
	}
	var free uint64
	if err := windows.GetDiskFreeSpaceEx(name, &free, nil, nil); err != nil {
		return 0, err
	}
	return int64(free), nil
}

// sameDisk reports whether two folders lie on the same drive; it says yes when it cannot tell.
func sameDisk(a, b string) bool {
	a, err := filepath.Abs(a)
	if err != nil {
		return true
	}
	b, err = filepath.Abs(b)
	return err != nil || strings.EqualFold(filepath.VolumeName(a), filepath.VolumeName(b))
}
