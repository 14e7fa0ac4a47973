package exam_test

import "testing"

// bytesChooser reads a script's choices from bytes; when they end, so does the script.
type bytesChooser struct{ left []byte }

func (b *bytesChooser) more() bool { return len(b.left) > 0 }

func (b *bytesChooser) pick(n int) int {
	if len(b.left) == 0 {
		return 0
	}
	v := int(b.left[0]) % n
	b.left = b.left[1:]
	return v
}

// FuzzApply turns bytes into a paper and a script of commands, and holds every step against the
// rules and the twin.
func FuzzApply(f *testing.F) {
	f.Add([]byte("\x02\x00\x00\x00\x01\x00\x00\x00\x00linear, short texts, moves and again"))
	f.Add([]byte("\x03\x01\x02\x03\x04\x00\x01\x00\x01free practice with every kind of choice and check"))
	f.Add([]byte("\x00\x00\x00\x00\x01\x02\x02submitted and reopened, voided, late and accepted at last"))
	f.Add([]byte{1, 0, 7, 1, 1, 0, 0, 0, 3, 3, 3, 2, 0, 0, 0, 0, 1, 0, 0, 0, 0, 4, 4, 4, 2, 0, 0, 0, 1, 1, 0, 0, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		x, err := newScript(&bytesChooser{data})
		if err != nil {
			t.Fatal(err)
		}
		if err := x.run(60); err != nil {
			t.Fatal(err)
		}
	})
}
