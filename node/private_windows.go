package node

import (
	"errors"
	"fmt"

	"golang.org/x/sys/windows"
)

// onlyOwner lets a file be read by its owner, by services and by administrators, and takes nothing over from the folder:
// every user of the PC may read what lies in ProgramData. A stick with FAT knows no rights, for anybody.
func onlyOwner(name string) error {
	rights, err := windows.SecurityDescriptorFromString("D:P(A;;FA;;;OW)(A;;FA;;;SY)(A;;FA;;;BA)")
	if err != nil {
		return fmt.Errorf("node: rights of a file: %w", err)
	}
	list, _, err := rights.DACL()
	if err != nil {
		return fmt.Errorf("node: rights of a file: %w", err)
	}
	err = windows.SetNamedSecurityInfo(name, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION|windows.PROTECTED_DACL_SECURITY_INFORMATION, nil, nil, list, nil)
	if err != nil && !errors.Is(err, windows.ERROR_INVALID_FUNCTION) && !errors.Is(err, windows.ERROR_NOT_SUPPORTED) {
		return fmt.Errorf("node: rights of a file: %w", err)
	}
	return nil
}
