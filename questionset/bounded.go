package questionset

import (
	"bytes"
	"errors"
	"io"
)

// readBounded reads at most limit bytes, and errTooLarge when there are more. A reader that can seek is
// asked for its size before anything is read; else size is a guess of it. So memory is about that of the
// content, and twice that at most.
func readBounded(r io.Reader, size, limit int64) ([]byte, error) {
	if s, ok := r.(io.Seeker); ok {
		size = sizeOf(s, size)
	}
	if size > limit {
		return nil, errTooLarge
	}
	data := make([]byte, 0, max(size, 512)+1)
	for {
		if len(data) == cap(data) {
			grown := make([]byte, len(data), min(2*int64(cap(data)), limit+1))
			copy(grown, data)
			data = grown
		}
		n, err := r.Read(data[len(data):cap(data)])
		data = data[:len(data)+n]
		switch {
		case int64(len(data)) > limit:
			return nil, errTooLarge
		case errors.Is(err, io.EOF):
			return data, nil
		case err != nil:
			return nil, err
		}
	}
}

// sizeOf is what there is left to read, otherwise when that cannot be said.
func sizeOf(s io.Seeker, otherwise int64) int64 {
	at, err := s.Seek(0, io.SeekCurrent)
	if err != nil {
		return otherwise
	}
	end, err := s.Seek(0, io.SeekEnd)
	if err != nil {
		return otherwise
	}
	if _, err := s.Seek(at, io.SeekStart); err != nil {
		return otherwise
	}
	return max(end-at, 0)
}

// What a line of text, and what stands between two tags of XML, may hold at most: many times what any
// question does. The second holds a picture of MaxMedia in base64.
const (
	maxLine = 4 << 20
	maxRun  = 12 << 20
)

// checkRuns refuses files of one endless line, before they are decoded.
func (r *Report) checkRuns(data []byte) bool {
	end, limit := byte('\n'), maxLine
	if beginsAsXML(data) {
		end, limit = '<', maxRun
	}
	for at := 0; at < len(data); {
		n := bytes.IndexByte(data[at:], end)
		if n < 0 {
			n = len(data) - at
		}
		if n > limit {
			r.error(place{line: 1 + bytes.Count(data[:at], []byte("\n"))}, codeEndlessLine, "limit", limit>>20)
			return false
		}
		at += n + 1
	}
	return true
}

func beginsAsXML(data []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF")), " \t\r\n"), []byte("<"))
}
