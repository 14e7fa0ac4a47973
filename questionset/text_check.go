package questionset

import (
	"fmt"
	"unicode"
	"unicode/utf8"
)

// checkText judges a text of a question; it reports false when the question must be refused.
func (r *Report) checkText(p place, s string, limit int) bool {
	if len(s) > limit {
		r.error(p, codeTooLong, "length", len(s), "limit", limit)
		return false
	}
	replaced := false
	for _, c := range s {
		switch {
		case c == utf8.RuneError:
			replaced = true
		case c >= 0xFDD0 && c <= 0xFDEF:
			r.error(p, codeUndecodable, "encoding", string(r.Encoding))
			return false
		case unicode.IsControl(c) && c != '\n' && c != '\t':
			r.error(p, codeControl, "code", fmt.Sprintf("U+%04X", c))
			return false
		}
	}
	if replaced {
		r.warning(p, codeReplacement)
	}
	return true
}
