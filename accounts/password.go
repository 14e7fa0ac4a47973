package accounts

import (
	"crypto/rand"
	"errors"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Bounds of a password. The upper one keeps a long input from costing more than a short one
// before it is hashed; it leaves room for 64 characters of any script.
const (
	MinPasswordRunes = 8
	MaxPasswordBytes = 256
)

// Errors of CheckPassword.
var (
	ErrPasswordShort = errors.New("accounts: password has fewer than 8 characters")
	ErrPasswordLong  = errors.New("accounts: password has more than 256 bytes")
)

// CheckPassword says whether a new password may be used. Only its length is judged, as NIST SP
// 800-63B advises: rules on composition make passwords worse.
func CheckPassword(password string) error {
	if len(password) > MaxPasswordBytes {
		return ErrPasswordLong
	}
	if utf8.RuneCountInString(password) < MinPasswordRunes {
		return ErrPasswordShort
	}
	return nil
}

// prepared makes one form of what different keyboards and systems send for the same characters
// (NIST SP 800-63B, 5.1.1.2: NFKC).
func prepared(password string) string { return norm.NFKC.String(password) }

// passwordAlphabet leaves out what is mistaken when read or typed: 0 o, 1 l i, u v, and capitals.
const passwordAlphabet = "abcdefghjkmnpqrstvwxyz23456789"

// The characters of a made password stand in groups: log2(30) × 3 × 5 = 73 bits.
const (
	randomGroups    = 3
	randomGroupSize = 5
)

// RandomPassword makes a password of 73 random bits that can be read out and typed, such as
// kw57g-3eq8w-qk2mn. The hyphens are part of it.
func RandomPassword() string {
	// Bytes from here on would make the first characters of the alphabet likelier.
	const fair = 256 - 256%len(passwordAlphabet)
	out := make([]byte, 0, randomGroups*(randomGroupSize+1))
	var b [1]byte
	for n := 0; n < randomGroups*randomGroupSize; {
		rand.Read(b[:]) //nolint:errcheck // never fails, crypto/rand
		if int(b[0]) >= fair {
			continue
		}
		if n > 0 && n%randomGroupSize == 0 {
			out = append(out, '-')
		}
		out = append(out, passwordAlphabet[int(b[0])%len(passwordAlphabet)])
		n++
	}
	return string(out)
}
