package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"shiken/exam"
)

// ErrNotErasable: the person's data cannot be erased now; PlanErasure says why.
var ErrNotErasable = errors.New("store: cannot be erased now")

// ErrErased: the attempt is one of a person whose data were erased. Nothing is done with it any more.
var ErrErased = errors.New("store: erased")

// ErasureBlock says why a person's data cannot be erased now.
type ErasureBlock string

// The reasons. Jobs are imports, commands and corrections that are not finished.
const (
	ErasureFree      ErasureBlock = ""
	ErasureOpen      ErasureBlock = "open"       // an attempt is open
	ErasureUnmarked  ErasureBlock = "unmarked"   // one was closed just now, and is not marked yet
	ErasureJobs      ErasureBlock = "jobs"       //
	ErasureLastAdmin ErasureBlock = "last_admin" //
	ErasureDone      ErasureBlock = "done"       // they were erased before
)

// Erasure counts what erasing a person's data takes, and what it leaves.
type Erasure struct {
	SignIns        int `json:"sign_ins,omitempty"`
	Groups         int `json:"groups,omitempty"`
	Accommodations int `json:"accommodations,omitempty"`
	Messages       int `json:"messages,omitempty"` // to the person alone
	Gaps           int `json:"gaps,omitempty"`     // reported gaps of the connection
	Answers        int `json:"answers,omitempty"`  // responses that hold an answer or a comment
	Payloads       int `json:"payloads,omitempty"` // of journals
	Rejections     int `json:"rejections,omitempty"`
	Practised      int `json:"practised,omitempty"` // questions of practices
	Uploads        int `json:"uploads,omitempty"`   // files of the person
	Waiting        int `json:"waiting,omitempty"`   // rosters, accommodations and slips of whoever: sealed, they may name the person
	Questions      int `json:"questions,omitempty"` // that name the person as their editor, and events of questions
	Texts          int `json:"texts,omitempty"`     // reasons and notes of others that name the person

	Attempts int `json:"attempts_kept,omitempty"` // stay, without answers
	Awaiting int `json:"awaiting,omitempty"`      // of these, whose answers nobody has marked, or will

	Block ErasureBlock `json:"-"`
}

// ErasureDetails are what the audit log says of an erasure: nothing that names the person.
type ErasureDetails struct {
	Erasure
	Log ErasedEntries `json:"log"`
}

// ErasedEntries are the entries of the audit log of which an erasure took a part.
type ErasedEntries struct {
	Count  int    `json:"entries"`
	Digest string `json:"digest"` // of what was left, see RestDigest
}

// Rest is what was left of an entry of the audit log.
type Rest struct {
	Seq  int64     `json:"seq"`
	Hash exam.Hash `json:"hash"` // AuditEntry.ComputeHash of the entry as it is then
}

// RestDigest is the SHA-256, in hexadecimal, of what an erasure left of entries, by their numbers.
func RestDigest(rest []Rest) string {
	sum := sha256.Sum256(exam.Canonical(rest))
	return hex.EncodeToString(sum[:])
}

// Erasures are what admins read before they erase.
type Erasures interface {
	// PlanErasure says what erasing a user's data would take now. ErrNotFound when there is no such user.
	PlanErasure(ctx context.Context, user string) (Erasure, error)
}

// ErasureActions are recorded; see Recorder.
type ErasureActions interface {
	// Erase MUST, in one transaction, erase a user's data as PlanErasure says, and record it as the act with
	// ErasureDetails in place of its details, or write nothing and return ErrNotErasable. What is left of the user
	// is a pseudonym under the same id, that nobody can sign in as. Hashes, digests and scores stay as they are;
	// from then on Commit refuses the user's attempts, and Create further ones.
	Erase(ctx context.Context, user string) (Erasure, error)
}

// Named is how somebody is named in what others wrote.
type Named struct {
	ID, Username, Name string
	Attempts           map[string]bool // ids of the person's
	Jobs               map[string]bool // ids of those that gave commands to attempts of the person, see Commands
}

// ErasedWord stands in place of what was erased.
const ErasedWord = "erased"

// Redact takes what names the person out of the details of an entry of the audit log, canonical JSON. about
// says that the whole entry is about the person. It reports whether it took anything. Names of members stay,
// whoever is called like one: they are those of the program.
func (n *Named) Redact(details json.RawMessage, about bool) (json.RawMessage, bool) {
	var value any
	decoder := json.NewDecoder(bytes.NewReader(details))
	decoder.UseNumber()
	if decoder.Decode(&value) != nil {
		return details, false
	}
	if value = n.value(value); about {
		value = erasedObject()
	}
	left := exam.Canonical(value)
	return left, !bytes.Equal(left, details)
}

func erasedObject() map[string]any { return map[string]any{ErasedWord: true} }

func (n *Named) value(value any) any {
	switch v := value.(type) {
	case string:
		if n.names(v) {
			return ErasedWord
		}
	case []any:
		for i := range v {
			v[i] = n.value(v[i])
		}
	case map[string]any:
		return n.object(v)
	}
	return value
}

// object: one that has the person's username, or id, as its own is about the person and goes whole. Of one
// that is about an attempt of the person the free texts go.
func (n *Named) object(v map[string]any) any {
	aboutAttempt := n.commanded(v)
	for _, member := range v {
		switch text, _ := member.(string); {
		case text != "" && (text == n.Username || text == n.ID):
			return erasedObject()
		case n.Attempts[text], n.Jobs[text]:
			aboutAttempt = true
		}
	}
	out := make(map[string]any, len(v))
	for name, member := range v {
		if _, isText := member.(string); aboutAttempt && isText && slices.Contains(freeTexts, name) {
			out[name] = ErasedWord
		} else {
			out[name] = n.value(member)
		}
	}
	return out
}

// commanded reports whether an object is a command to attempts among which is one of the person. The reason
// why those of many are marked anew is about a question.
func (n *Named) commanded(v map[string]any) bool {
	kind, _ := v["kind"].(string)
	attempts, _ := v["attempts"].([]any)
	if kind == "" || kind == string(exam.Regrade) && len(attempts) > 1 {
		return false
	}
	return slices.ContainsFunc(attempts, func(attempt any) bool {
		text, _ := attempt.(string)
		return n.Attempts[text]
	})
}

// Commands reports whether the arguments of a job are a command to an attempt of the person: the audit log
// names the job alone, beside the reason.
func (n *Named) Commands(args json.RawMessage) bool {
	var v map[string]any
	return n.mentionsAttempt(string(args)) && json.Unmarshal(args, &v) == nil && n.commanded(v)
}

// freeTexts are the members of details that somebody wrote freely.
var freeTexts = []string{"text", "reason", "note", "message"}

// Shortest names that are looked for inside of texts, in characters: shorter ones are words of their own.
const (
	shortestUsername = 3
	shortestName     = 2
)

func (n *Named) names(text string) bool {
	switch {
	case text == "":
		return false
	case text == n.ID, text == n.Username, text == n.Name:
		return true
	case utf8.RuneCountInString(n.Name) >= shortestName && hasWord(text, n.Name):
		return true
	}
	return utf8.RuneCountInString(n.Username) >= shortestUsername && hasWord(text, n.Username)
}

// hasWord reports whether a text holds another one as a word: letters of scripts with spaces, and digits, do
// not follow or come before it.
func hasWord(text, word string) bool {
	for from := 0; ; {
		next := strings.Index(text[from:], word)
		if next < 0 {
			return false
		}
		at := from + next
		before, _ := utf8.DecodeLastRuneInString(text[:at])
		after, _ := utf8.DecodeRuneInString(text[at+len(word):])
		if !joins(before) && !joins(after) {
			return true
		}
		_, size := utf8.DecodeRuneInString(text[at:])
		from = at + size
	}
}

func joins(c rune) bool { return c < 0x2E80 && (unicode.IsLetter(c) || unicode.IsDigit(c)) }

// Mentions reports whether a text, plain or JSON, can name the person at all: whatever Redact takes something
// from does.
func (n *Named) Mentions(text string) bool {
	for _, part := range []string{n.ID, n.Username, n.Name} {
		if part == "" {
			continue
		}
		for _, form := range written(part) {
			if strings.Contains(text, form) {
				return true
			}
		}
	}
	return len(n.Attempts) > 0 && n.mentionsAttempt(text)
}

// Names reports whether a plain text names the person.
func (n *Named) Names(text string) bool { return n.names(text) }

// written are the forms in which a text may stand somewhere: plain, in canonical JSON, and in that of
// json.Marshal, which quotes some more characters.
func written(text string) []string {
	canonical := exam.Canonical(text)
	forms := []string{text, string(canonical[1 : len(canonical)-1])}
	if marshalled, err := json.Marshal(text); err == nil {
		forms = append(forms, string(marshalled[1:len(marshalled)-1]))
	}
	return forms
}

// uuidLength is the length of a UUID as text, and uuidDash where its first dash stands.
const (
	uuidLength = 36
	uuidDash   = 8
)

func (n *Named) mentionsAttempt(details string) bool {
	for from := 0; ; {
		at := strings.IndexByte(details[from:], '-')
		if at < 0 {
			return false
		}
		if begin := from + at - uuidDash; begin >= 0 && begin+uuidLength <= len(details) {
			if id := details[begin : begin+uuidLength]; n.Attempts[id] || n.Jobs[id] {
				return true
			}
		}
		from += at + 1
	}
}
