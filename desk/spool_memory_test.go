package desk

// SetSpoolMemory makes what spools keep in memory smaller for a test, until restore is called.
func SetSpoolMemory(bytes int) (restore func()) {
	before := spoolMemory
	spoolMemory = bytes
	return func() { spoolMemory = before }
}
