package exam_test

import (
	"crypto/sha256"
	"strings"
	"testing"

	"shiken/exam"
)

// A code is read as people write it, and leads back to the hash that it was made of.
func TestReceiptCodesAreReadAsPeopleWriteThem(t *testing.T) {
	hash := exam.Hash{0x00, 0x44, 0x32, 0x14, 0xc7, 0x42, 0x54, 0xb6, 0x35}
	code := exam.Receipt{Seq: 3, Hash: hash}.Code()
	if code != "0123-4567-89AB" {
		t.Fatal(code)
	}
	for _, text := range []string{"0123-4567-89AB", "0123456789ab", " oL23 4567 89aB ", "oi23-4567-89ab", "0123－4567－89AB", "0123\u30004567\u300089ab"} {
		got, ok := exam.ParseReceiptCode(text)
		if !ok || got != "0123-4567-89AB" || !got.Of(hash) {
			t.Errorf("%q is read as %q, %t", text, got, ok)
		}
	}
	for _, text := range []string{"", "0123-4567-89A", "0123-4567-89ABC", "0123-4567-89AU", "0123-4567-89A*", "0123-4567-89Aé", strings.Repeat(" ", 100)} {
		if got, ok := exam.ParseReceiptCode(text); ok {
			t.Errorf("%q is read as %q", text, got)
		}
	}
}

func TestReceiptCodesAreTheBeginningOfTheHash(t *testing.T) {
	for i := range 200 {
		hash := exam.Hash(sha256.Sum256([]byte{byte(i)}))
		code, ok := exam.ParseReceiptCode(exam.Receipt{Seq: 1, Hash: hash}.Code())
		if !ok || !strings.HasPrefix(hash.String(), code.Digits()) || len(code.Digits()) != 15 {
			t.Fatalf("%s: %q, %q", hash, code, code.Digits())
		}
		hash[7] ^= 0x10 // the last bit that it holds
		if code.Of(hash) {
			t.Fatalf("%s is the code of another hash", code)
		}
	}
	if exam.ReceiptCode("").Digits() != "" || exam.ReceiptCode("").Of(exam.Hash{}) {
		t.Error("no code is the code of something")
	}
}
