package questionset

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	"shiken/exam"
)

// Question is a sound question of a file, on its way into a question set.
type Question struct {
	// SourceKey says which question of an earlier load a changed one replaces. It is unique within
	// a file, and the same file gives the same keys.
	SourceKey  string
	Number     string // number or name in the source, as written
	Category   string
	Year       int // 0 = none
	Reference  string
	Difficulty string
	Tags       []string
	Question   exam.Question
	Key        exam.Key
	Feedback   exam.Feedback
	// ContentHash is the hex SHA-256 of the canonical JSON of content, key and feedback. Two
	// questions of a file may share it when category or year differ.
	ContentHash string
	Line        int    // 1-based line where the question begins
	Nth         int    // its place among the questions seen in the file, from 1
	Set         string // that a package of several names; "" else
}

// NeedsMarker reports whether a person has to mark answers to the question.
func (q *Question) NeedsMarker() bool { return q.Question.Type == exam.Essay }

func (q *Question) seal() {
	q.Key.Revision = 1
	q.ContentHash = ContentHash(q.Question, q.Key, q.Feedback)
}

// ContentHash is the hex SHA-256 of the canonical JSON of a question as it was loaded: the key's
// revision does not count.
func ContentHash(question exam.Question, key exam.Key, feedback exam.Feedback) string {
	key.Revision = 1
	sum := sha256.Sum256(exam.Canonical(struct {
		Question exam.Question `json:"question"`
		Key      exam.Key      `json:"key"`
		Feedback exam.Feedback `json:"feedback"`
	}{question, key, feedback}))
	return hex.EncodeToString(sum[:])
}

// keyer makes source keys. A key that was given before gets the number of its occurrence.
type keyer struct{ seen map[digest]int }

func newKeyer() *keyer { return &keyer{seen: map[digest]int{}} }

// maxSourceKey keeps keys short enough for a database index.
const maxSourceKey = 400

var keyEscapes = strings.NewReplacer("%", "%25", "/", "%2F", "#", "%23", "~", "%7E")

// named makes the key of a question that has an id or a name of its own.
func (k *keyer) named(parts ...string) string { return k.unique(joinEscaped(parts)) }

// repeated reports whether a key was made more than once of the same parts.
func (k *keyer) repeated(parts ...string) bool {
	return k.seen[digestOf(shortKey(joinEscaped(parts)))] > 1
}

// unnamed makes the key of a question without one: the same stem means the same question. It is told by its "/~"
// (store.Unnamed).
func (k *keyer) unnamed(stem string, parts ...string) string {
	sum := sha256.Sum256([]byte(foldText(stem)))
	return k.unique(joinEscaped(parts) + "/~" + hex.EncodeToString(sum[:12]))
}

// joinEscaped joins parts so that different parts never give the same text.
func joinEscaped(parts []string) string {
	escaped := make([]string, len(parts))
	for i, p := range parts {
		escaped[i] = keyEscapes.Replace(p)
	}
	return strings.Join(escaped, "/")
}

func (k *keyer) unique(s string) string {
	s = shortKey(s)
	k.seen[digestOf(s)]++
	if n := k.seen[digestOf(s)]; n > 1 {
		s += "#" + strconv.Itoa(n)
	}
	return s
}

// shortKey is a key that is no longer than keys may be.
func shortKey(s string) string {
	if len(s) <= maxSourceKey {
		return s
	}
	sum := sha256.Sum256([]byte(s))
	return "~" + hex.EncodeToString(sum[:])
}

// optionID names the option at a 0-based place: a..z, then o27, o28 and so on.
func optionID(i int) string {
	if i < 26 {
		return string(rune('a' + i))
	}
	return "o" + strconv.Itoa(i+1)
}
