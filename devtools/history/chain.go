package history

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"

	"shiken/exam"
)

// canonical is RFC 8785 for what the journal holds: ASCII names, strings and whole numbers.
func canonical(v any) []byte {
	var tree any
	d := json.NewDecoder(strings.NewReader(string(plain(v))))
	d.UseNumber()
	if err := d.Decode(&tree); err != nil {
		panic(err) // plain wrote it
	}
	return plain(tree)
}

// codeOf is the short form of a receipt: the first 60 bits in Crockford's Base32.
func codeOf(h exam.Hash) string {
	const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	var code []byte
	for i := range 12 {
		value := 0
		for bit := 5 * i; bit < 5*i+5; bit++ {
			value = value<<1 | int(h[bit/8]>>(7-bit%8)&1)
		}
		if i > 0 && i%4 == 0 {
			code = append(code, '-')
		}
		code = append(code, alphabet[value])
	}
	return string(code)
}

// chain computes every hash anew: the paper's, each entry's, each digest's (R11, R14).
func (v *walker) chain() {
	prev := sha256.Sum256(canonical(v.s.paper))
	for i := range v.s.stored.Records {
		r := &v.s.stored.Records[i]
		e := &r.Entry
		if e.Prev != prev {
			v.found("R11", 0, "entry %d does not name the hash before it", e.Seq)
		}
		prev = sha256.Sum256(canonical(e))
		if e.Hash != prev {
			v.found("R11", 0, "entry %d: its hash is %s, and should be %s", e.Seq, e.Hash, hex.EncodeToString(prev[:]))
			prev = e.Hash
		}
		if r.Payload != nil && digest(r.Salt, r.Payload) != e.Digest {
			v.found("R11", 0, "entry %d: its digest is not that of its payload", e.Seq)
		}
	}
	for i := range v.s.stored.Rejections {
		r := &v.s.stored.Rejections[i]
		if r.Payload.Kind != "" && digest(r.Salt, &r.Payload) != r.Digest {
			v.found("R15", r.Payload.Position, "rejection %d: its digest is not that of its payload", r.Number)
		}
	}
}

func digest(salt exam.Salt, p *exam.Payload) exam.Hash {
	h := sha256.New()
	h.Write(salt)
	h.Write(canonical(p))
	return exam.Hash(h.Sum(nil))
}
