package cli

// Progress is Terminal.longWork.
func Progress(t *Terminal, line func(int) string) func(int) { return t.longWork(line) }
