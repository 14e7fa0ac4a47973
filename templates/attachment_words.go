package templates

import "strconv"

// fileSize says in words how large a file is.
func fileSize(page Page, bytes int64) string {
	const mb = 1 << 20
	if bytes < mb {
		return page.T("attachment.kb", "n", int((bytes+1023)>>10))
	}
	return page.T("attachment.mb", "mb", strconv.FormatFloat(float64(bytes)/mb, 'f', 1, 64))
}

// entryAction asks something of the entry at a 0-based place.
func entryAction(action string, i int) string { return action + ":" + strconv.Itoa(i+1) }
