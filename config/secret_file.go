package config

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// SigningKey returns the key for signed values: SHIKEN_SECRET, or, in the embedded shape without
// one, what the data folder keeps, made at the first call with mode 0600. Of several processes
// that call it at once on one folder all get the same key.
func (c *Config) SigningKey() ([]byte, error) {
	if c.secret.IsSet() {
		return []byte(c.secret.Reveal()), nil
	}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return nil, fmt.Errorf("config: data folder: %w", err)
	}
	path := filepath.Join(c.Data, SecretFile)
	key, err := readSecret(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	if err := makeSecret(c.Data, path); err != nil {
		return nil, err
	}
	return readSecret(path)
}

func readSecret(path string) ([]byte, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("config: secret: %w", err)
	}
	key := strings.TrimRight(string(data), "\r\n")
	if len(key) < MinSecretBytes {
		return nil, fmt.Errorf("config: secret: %s holds fewer than %d bytes", path, MinSecretBytes)
	}
	return []byte(key), nil
}

// makeSecret writes a new secret beside its place and links it there, which fails when another
// process was faster: a reader never sees half a secret, and nobody's secret is replaced.
func makeSecret(folder, path string) error {
	key := make([]byte, MinSecretBytes)
	rand.Read(key) //nolint:errcheck // never fails, crypto/rand
	beside, err := os.CreateTemp(folder, SecretFile+".*")
	if err != nil {
		return fmt.Errorf("config: secret: %w", err)
	}
	defer os.Remove(beside.Name()) //nolint:errcheck // nothing depends on it
	_, err = beside.WriteString(base64.RawURLEncoding.EncodeToString(key) + "\n")
	err = errors.Join(err, beside.Sync(), beside.Close())
	if err != nil {
		return fmt.Errorf("config: secret: %w", err)
	}
	if err := os.Link(beside.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("config: secret: %w", err)
	}
	return nil
}
