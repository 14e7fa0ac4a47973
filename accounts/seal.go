package accounts

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"
)

// ErrUnsealable: what is to be opened was sealed under another secret, for another use, or was changed.
var ErrUnsealable = errors.New("accounts: sealed text cannot be opened")

// Sealer keeps passwords that have to wait in the store from whoever reads the database alone:
// AES-256-GCM under a key that is derived from the program's secret (HKDF, RFC 5869). It is safe for
// concurrent use.
type Sealer struct{ aead cipher.AEAD }

// NewSealer returns a sealer under a secret of at least 32 bytes.
func NewSealer(secret []byte) (*Sealer, error) {
	const keyLength = 32
	key, err := hkdf.Key(sha256.New, secret, nil, "shiken passwords in waiting", keyLength)
	if err != nil {
		return nil, fmt.Errorf("accounts: seal: %w", err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("accounts: seal: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("accounts: seal: %w", err)
	}
	return &Sealer{aead: aead}, nil
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
