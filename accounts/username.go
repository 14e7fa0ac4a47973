package accounts

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Bounds of usernames, in characters, and of what is looked at before they are normalised, in
// bytes.
const (
	MaxUsernameRunes = 64
	maxUsernameInput = 1024
)

// Errors of NormalizeUsername.
var (
	ErrUsernameEmpty      = errors.New("accounts: username is empty")
	ErrUsernameLong       = errors.New("accounts: username has more than 64 characters")
	ErrUsernameCharacters = errors.New("accounts: username holds something else than letters, digits and . _ - @ +")
	ErrUsernameStart      = errors.New("accounts: username begins with neither letter nor digit")
)

// NormalizeUsername makes the one form under which a username is stored and compared: trimmed,
// NFKC, lower case, so that full-width letters of a Japanese keyboard mean the same account.
// Letters and digits of every script are allowed, and . _ - @ + behind the first character.
func NormalizeUsername(typed string) (string, error) {
	if len(typed) > maxUsernameInput {
		return "", ErrUsernameLong
	}
	name := norm.NFKC.String(strings.ToLower(norm.NFKC.String(typed)))
	name = strings.TrimSpace(name)
	switch {
	case name == "":
		return "", ErrUsernameEmpty
	case utf8.RuneCountInString(name) > MaxUsernameRunes:
		return "", ErrUsernameLong
	case strings.ContainsFunc(name, notInUsername) || !utf8.ValidString(name):
		return "", ErrUsernameCharacters
	}
	if first, _ := utf8.DecodeRuneInString(name); !unicode.IsLetter(first) && !unicode.IsDigit(first) {
		return "", ErrUsernameStart
	}
	return name, nil
}

func notInUsername(c rune) bool {
	// Marks belong to letters: Hindi and Thai cannot be written without them.
	return !unicode.IsLetter(c) && !unicode.IsMark(c) && !unicode.IsDigit(c) && !strings.ContainsRune("._-@+", c)
}
