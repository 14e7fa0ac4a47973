package sqlstore

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"shiken/exam"
)

// errUnreadable is wrapped where stored text is not what was written.
var errUnreadable = errors.New("store: stored text cannot be read")

// document is v as a parameter of a JSON column.
func document(v any) (string, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("store: encode %T: %w", v, err)
	}
	return string(b), nil
}

// read decodes a JSON column.
func read(text string, v any) error {
	if err := json.Unmarshal([]byte(text), v); err != nil {
		return fmt.Errorf("%w: %T: %w", errUnreadable, v, err)
	}
	return nil
}

func readHash(text string, h *exam.Hash) error {
	if err := h.UnmarshalText([]byte(text)); err != nil {
		return fmt.Errorf("%w: hash: %w", errUnreadable, err)
	}
	return nil
}

// readSalt reads a salt from hexadecimal; "" is an erased one.
func readSalt(text string) (exam.Salt, error) {
	b, err := hex.DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("%w: salt: %w", errUnreadable, err)
	}
	if len(b) == 0 {
		return nil, nil
	}
	return b, nil
}

func saltText(s exam.Salt) string { return hex.EncodeToString(s) }
