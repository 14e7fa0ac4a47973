package exam

import (
	"encoding/hex"
	"strings"
)

// ReceiptCode is the short form of a receipt, as Receipt.Code writes it: XXXX-XXXX-XXXX.
type ReceiptCode string

// maxCodeText bounds what is read as a code, in bytes: it leaves room for spaces.
const maxCodeText = 64

// misread are the letters that are not in the alphabet, and what they were written for (Crockford).
var misread = strings.NewReplacer("O", "0", "I", "1", "L", "1", "-", "", "‐", "", "－", "", " ", "", "\u3000", "", "\t", "")

// ParseReceiptCode reads a code as people write it down: in lower case, O for 0, I or L for 1, without
// dashes or with other ones. False when it cannot be one.
func ParseReceiptCode(text string) (ReceiptCode, bool) {
	if len(text) > maxCodeText {
		return "", false
	}
	plain := misread.Replace(strings.ToUpper(text))
	if len(plain) != codeSymbols {
		return "", false
	}
	for i := range len(plain) {
		if !strings.Contains(crockfordSymbols, plain[i:i+1]) {
			return "", false
		}
	}
	return ReceiptCode(plain[:4] + "-" + plain[4:8] + "-" + plain[8:]), true
}

// Of reports whether the code is that of an entry with the hash.
func (c ReceiptCode) Of(h Hash) bool { return c != "" && Receipt{Seq: 1, Hash: h}.Code() == string(c) }

// Digits are the hexadecimal digits with which the hash of the code's entry begins: 15 of 64.
func (c ReceiptCode) Digits() string {
	symbols := strings.ReplaceAll(string(c), "-", "")
	if len(symbols) != codeSymbols {
		return ""
	}
	// A last symbol makes whole bytes of the 60 bits.
	raw, err := crockford.DecodeString(symbols + "0")
	if err != nil {
		return ""
	}
	return hex.EncodeToString(raw)[:codeDigits]
}

// A code has 12 symbols of 5 bits, which are 15 digits of 4.
const (
	codeSymbols = 12
	codeDigits  = codeSymbols * 5 / 4
)
