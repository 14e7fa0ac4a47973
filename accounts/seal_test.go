package accounts_test

import (
	"bytes"
	"errors"
	"testing"

	"shiken/accounts"
)

func TestSealer(t *testing.T) {
	sealer := func(secret string) *accounts.Sealer { return accounts.NewSealer([]byte(secret)) }
	s, text := sealer("0123456789abcdef0123456789abcdef"), []byte("correct horse")
	sealed := s.Seal(text, "a use")
	if opened, err := s.Open(sealed, "a use"); err != nil || !bytes.Equal(opened, text) {
		t.Errorf("opened %q, %v", opened, err)
	}
	if bytes.Contains(sealed, text[:7]) || bytes.Equal(sealed, s.Seal(text, "a use")) {
		t.Error("the text shows")
	}
	changed := bytes.Clone(sealed)
	changed[len(changed)-1] ^= 1
	for name, open := range map[string]func() ([]byte, error){
		"another use":    func() ([]byte, error) { return s.Open(sealed, "another use") },
		"another secret": func() ([]byte, error) { return sealer("another 89abcdef0123456789abcdef").Open(sealed, "a use") },
		"changed":        func() ([]byte, error) { return s.Open(changed, "a use") },
		"nothing":        func() ([]byte, error) { return s.Open(nil, "a use") },
	} {
		if text, err := open(); !errors.Is(err, accounts.ErrUnsealable) || text != nil {
			t.Errorf("%s: %q, %v", name, text, err)
		}
	}
}
