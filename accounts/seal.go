package accounts

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
)

// ErrUnsealable: what is to be opened was sealed under another secret, for another use, or was changed.
var ErrUnsealable = errors.New("accounts: sealed text cannot be opened")

// Sealer keeps passwords that have to wait in the store from whoever reads the database alone:
// AES-256-GCM under a key that is derived from the program's secret (HKDF, RFC 5869). It is safe for
// concurrent use.
type Sealer struct{ aead cipher.AEAD }

// NewSealer returns a sealer under the program's secret.
func NewSealer(secret []byte) *Sealer {
	const keyLength = 32
	// None of these fails but for a length of key or output that is not this one.
	key, _ := hkdf.Key(sha256.New, secret, nil, "shiken passwords in waiting", keyLength)
	block, _ := aes.NewCipher(key)
	aead, _ := cipher.NewGCMWithRandomNonce(block)
	return &Sealer{aead: aead}
}

// Seal encrypts a text for one use, which Open must name again.
func (s *Sealer) Seal(text []byte, use string) []byte {
	return s.aead.Seal(nil, nil, text, []byte(use))
}

// Open is Seal undone, or ErrUnsealable.
func (s *Sealer) Open(sealed []byte, use string) ([]byte, error) {
	text, err := s.aead.Open(nil, nil, sealed, []byte(use))
	if err != nil {
		return nil, ErrUnsealable
	}
	return text, nil
}
