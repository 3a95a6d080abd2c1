//go:build unix

package node

import "golang.org/x/sys/unix"

// freeBytes is the room left for this user where dir is.
func freeBytes(dir string) (int64, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return 0, err
	}
	return int64(st.Bavail) * int64(st.Bsize), nil
}

// sameDisk reports whether two folders lie on the same file system; it says yes when it cannot tell.
func sameDisk(a, b string) bool {
	var one, other unix.Stat_t
	if unix.Stat(a, &one) != nil || unix.Stat(b, &other) != nil {
		return true
	}
	return one.Dev == other.Dev
}
