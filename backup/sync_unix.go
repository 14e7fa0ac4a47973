//go:build unix

package backup

import (
	"errors"
	"fmt"
	"os"
)

// syncFolder waits until the names in a folder are on the disk.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err == nil {
		err = errors.Join(folder.Sync(), folder.Close())
	}
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	return nil
}
