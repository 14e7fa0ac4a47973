package store

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"shiken/exam"
)

// ErrReceipts wraps what makes a receipts file unreadable.
var ErrReceipts = errors.New("store: receipts file")

// maxReceiptLine bounds a line of a receipts file, in bytes: a UUID, a number and a hash.
const maxReceiptLine = 256

// Verify folds the journal of every attempt and compares the result with what is stored: status,
// times, marking, score, cursor, responses, version, head and the cached deadlines (R11, R16), and
// what lists show of it: exam, candidate, number, start command, title and length of the paper. It
// writes one line per fault to w, each with the attempt's id, and counts them. The contents of attachments are
// read whole, each once. Then it checks the chain of the audit log; lines about that begin with "audit" and the number of the entry.
//
// receipts, when not nil, has lines `attempt seq hash`, where the hash may be the receipt's short code;
// '#' begins a comment. Each must be an entry of that attempt's journal; those that are not are listed
// in Verified, too. Receipts show what an unkeyed chain cannot: a tail that was cut off or
// computed anew. Content that was erased by law is no fault; it is reported in a line of its own
// that says "erased".
//
// Rejections are kept beside the journal, outside of the chain. Their numbers, their count, and what
// their salted digests cover (kind, position, answer) are checked; reason, arrival, page, seq and rev
// of a rejection, and one that was forged together with its digest, cannot be. Numbers of attempts
// are checked among each other: a candidate's attempts of an exam count from 1 without gaps.
func Verify(ctx context.Context, s Verifiable, receipts io.Reader, w io.Writer) (Verified, error) {
	wanted, err := readReceipts(receipts)
	if err != nil {
		return Verified{}, err
	}
	v := &verifier{w: w, wanted: wanted, numbers: map[series]numbers{}, contents: map[content]string{}}
	err = s.EachAttempt(ctx, func(a StoredAttempt) error {
		v.Attempts++
		v.attempt(&a)
		return v.err
	})
	if err != nil {
		return v.Verified, err
	}
	v.unclaimed()
	if err := v.series(ctx, s); err != nil {
		return v.Verified, err
	}
	if err := v.attachments(ctx, s); err != nil {
		return v.Verified, err
	}
	if err := v.audit(ctx, s); err != nil {
		return v.Verified, err
	}
	return v.Verified, v.err
}

// Verifiable is what Verify reads, see Attempts and Audit.
type Verifiable interface {
	MediaReader
	EachAttempt(ctx context.Context, fn func(StoredAttempt) error) error
	OfCandidate(ctx context.Context, user string) ([]Summary, exam.Instant, error)
	EachAudit(ctx context.Context, left func(by int64, r Rest) error, fn func(AuditEntry, error) error) (exam.Receipt, error)
}

// Verified counts what Verify looked at, attempts, entries of the audit log and receipts, and what it found.
type Verified struct {
	Attempts, Entries, Receipts, Faults int
	// Denied are the receipts that the journals do not confirm, in the order of the file; all count as faults.
	Denied []Denied
}

// Denied is a receipt of a file that its journal does not confirm.
type Denied struct {
	Line    int // of the file, 1..
	Attempt string
	Seq     int64
	Why     Denial
}

// Denial says why a receipt is not confirmed.
type Denial string

// The denials.
const (
	NoAttempt  Denial = "no_attempt" // there is no such attempt
	NoEntry    Denial = "no_entry"   // the journal is shorter
	OtherEntry Denial = "other"      // another entry stands there
	Unreadable Denial = "unreadable" // the attempt is damaged
)

// receipt is a line of a receipts file. What names the entry is its hash or, when that is zero, its code.
type receipt struct {
	line int
	seq  int64
	hash exam.Hash
	code exam.ReceiptCode
}

func (r *receipt) of(h exam.Hash) bool {
	if r.code != "" {
		return r.code.Of(h)
	}
	return r.hash == h
}

func readReceipts(r io.Reader) (map[string][]receipt, error) {
	wanted := map[string][]receipt{}
	if r == nil {
		return wanted, nil
	}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxReceiptLine)
	for n := 1; lines.Scan(); n++ {
		text, _, _ := strings.Cut(lines.Text(), "#")
		fields := strings.Fields(text)
		if len(fields) == 0 {
			continue
		}
		kept, err := parseReceipt(n, fields)
		if err != nil {
			return nil, fmt.Errorf("%w: line %d: %w", ErrReceipts, n, err)
		}
		id := strings.ToLower(fields[0])
		wanted[id] = append(wanted[id], kept)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrReceipts, err)
	}
	return wanted, nil
}

var errReceiptForm = errors.New("want: attempt seq hash")

func parseReceipt(line int, fields []string) (receipt, error) {
	r := receipt{line: line}
	if len(fields) != 3 {
		return r, errReceiptForm
	}
	var err error
	if r.seq, err = strconv.ParseInt(fields[1], 10, 64); err != nil || r.seq < 1 {
		return r, errReceiptForm
	}
	if code, ok := exam.ParseReceiptCode(fields[2]); ok {
		r.code = code
		return r, nil
	}
	return r, r.hash.UnmarshalText([]byte(fields[2]))
}

// verifier collects faults.
type verifier struct {
	Verified
	w      io.Writer
	wanted map[string][]receipt
	// numbers of attempts, as they were met
	numbers map[series]numbers
	// contents of attachments, each with an attempt that has it
	contents map[content]string
	err      error // of writing
}

func (v *verifier) line(attempt, format string, args ...any) {
	if _, err := fmt.Fprintf(v.w, "%s: %s\n", attempt, fmt.Sprintf(format, args...)); err != nil {
		v.err = err
	}
}

func (v *verifier) fault(attempt, format string, args ...any) {
	v.Faults++
	v.line(attempt, format, args...)
}

// unclaimed reports receipts of attempts that are not stored.
func (v *verifier) unclaimed() {
	ids := make([]string, 0, len(v.wanted))
	for id := range v.wanted {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		v.fault(id, "attempt of a receipt is missing")
		v.deny(id, NoAttempt)
	}
	slices.SortFunc(v.Denied, func(a, b Denied) int { return a.Line - b.Line })
}

// deny lists all receipts of an attempt for one reason.
func (v *verifier) deny(id string, why Denial) {
	for _, r := range v.wanted[id] {
		v.Receipts++
		v.Denied = append(v.Denied, Denied{r.line, id, r.seq, why})
	}
	delete(v.wanted, id)
}

// attempt checks one attempt. When the journal is broken the comparison goes on with what its sound
// part tells, except that nothing is said of what a cut-off part may have changed.
func (v *verifier) attempt(s *StoredAttempt) {
	id := s.Attempt.ID
	v.count(s)
	if s.Damage != nil {
		for _, line := range strings.Split(s.Damage.Error(), "\n") {
			v.fault(id, "cannot be read: %s", line)
		}
		v.deny(id, Unreadable)
		return
	}
	v.attached(s)
	told, erased, err := exam.Replay(&s.Paper, s.Records)
	v.receipts(s)
	v.rejections(s)
	if err != nil {
		v.fault(id, "%v", err)
		return
	}
	v.attemptFields(s, &told)
	v.copies(s)
	v.times(s, &told)
	v.responses(s, &told, erased)
	if n := erasedPayloads(s.Records); n > 0 {
		v.line(id, "erased: %d of %d payloads", n, len(s.Records))
		return
	}
	if s.Tally != nil {
		v.compare(id, "tally", *s.Tally, TallyOf(told.Responses, s.Records))
	}
	v.practised(s, &told)
}

func erasedPayloads(records []exam.Record) int {
	n := 0
	for i := range records {
		if records[i].Payload == nil {
			n++
		}
	}
	return n
}

func (v *verifier) receipts(s *StoredAttempt) {
	id := s.Attempt.ID
	for _, r := range v.wanted[id] {
		v.Receipts++
		switch {
		case r.seq > int64(len(s.Records)):
			v.fault(id, "receipt names entry %d, the journal has %d", r.seq, len(s.Records))
			v.Denied = append(v.Denied, Denied{r.line, id, r.seq, NoEntry})
		case !r.of(s.Records[r.seq-1].Entry.Hash):
			v.fault(id, "entry %d is not the one of the receipt", r.seq)
			v.Denied = append(v.Denied, Denied{r.line, id, r.seq, OtherEntry})
		}
	}
	delete(v.wanted, id)
}

// attemptFields compares an attempt's row with what its journal tells.
func (v *verifier) attemptFields(s *StoredAttempt, told *exam.Attempt) {
	is := &s.Attempt
	for _, f := range []struct {
		name         string
		stored, told any
	}{
		{"id", is.ID, told.ID},
		{"exam", s.Exam, s.Paper.Exam},
		{"candidate", is.Candidate, told.Candidate},
		{"opening", is.Opening, told.Opening},
		{"status", is.Status, told.Status},
		{"status before", is.Before, told.Before},
		{"marking", is.Marking, told.Marking},
		{"cursor", is.Cursor, told.Cursor},
		{"changes", is.Changes, told.Changes},
		{"started", is.Started, told.Started},
		{"extended", is.Extended, told.Extended},
		{"paused for", is.PausedFor, told.PausedFor},
		{"stopped", is.Stopped, told.Stopped},
		{"device", is.Device, told.Device},
		{"device since", is.DeviceSince, told.DeviceSince},
		{"version", s.Version, told.Head.Seq},
		{"head hash", is.Head.Hash, told.Head.Hash},
		{"score", canonical(is.Score), canonical(told.Score)},
	} {
		v.compare(is.ID, f.name, f.stored, f.told)
	}
}

// copies compares what is stored a second time, for lists, with where it comes from.
func (v *verifier) copies(s *StoredAttempt) {
	id := s.Attempt.ID
	v.compare(id, "start command", s.StartCommand, s.Records[0].Entry.Command)
	v.compare(id, "title", canonical(s.Title), canonical(s.Paper.Title))
	v.compare(id, "length", s.Count, s.Paper.Len())
	v.compare(id, "answers marked by hand", canonical(s.HandItems), canonical(HandItems(&s.Paper)))
}

// times compares the cached deadlines with those that the journal gives (R16).
func (v *verifier) times(s *StoredAttempt, told *exam.Attempt) {
	deadline, _ := told.Deadline(&s.Paper)
	expires, _ := told.ExpiresAt(&s.Paper)
	v.compare(s.Attempt.ID, "deadline", s.Deadline, deadline)
	v.compare(s.Attempt.ID, "time of expiry", s.ExpiresAt, expires)
}

func (v *verifier) responses(s *StoredAttempt, told *exam.Attempt, erased map[int]bool) {
	for _, position := range positions(s.Attempt.Responses, told.Responses) {
		is, has := s.Attempt.Responses[position]
		was, had := told.Responses[position]
		switch {
		case !has:
			v.fault(s.Attempt.ID, "response %d is missing", position)
		case !had:
			v.fault(s.Attempt.ID, "response %d is not in the journal", position)
		default:
			v.response(s.Attempt.ID, position, &is, &was, erased[position])
			v.comment(s, position, is.Comment, &was)
		}
	}
}

func positions(a, b map[int]exam.Response) []int {
	var list []int
	for p := range a {
		list = append(list, p)
	}
	for p := range b {
		if _, ok := a[p]; !ok {
			list = append(list, p)
		}
	}
	slices.Sort(list)
	return list
}

// response compares one response with what the journal tells of it.
func (v *verifier) response(id string, position int, is, told *exam.Response, erased bool) {
	for _, f := range []struct {
		name         string
		stored, told any
	}{
		{"rev", is.Rev, told.Rev},
		{"answer", canonical(is.Answer), canonical(told.Answer)},
		{"flag", is.Flagged, told.Flagged},
		{"checked", is.Checked, told.Checked},
		{"points", canonical(is.Points), canonical(told.Points)},
		{"mark", is.Marked, told.Marked},
		{"kept", canonical(is.Kept), canonical(told.Kept)},
		{"change", is.Change, told.Change},
		{"saved at", is.SavedAt, told.SavedAt},
		{"pages", canonical(marks(is.Pages)), canonical(marks(told.Pages))},
	} {
		name := fmt.Sprintf("response %d: %s", position, f.name)
		if f.name == "answer" && f.stored != f.told {
			v.answer(id, name, erased)
			continue
		}
		v.compare(id, name, f.stored, f.told)
	}
}

// comment compares what a marker says to the candidate, unless the mark's payload was erased.
func (v *verifier) comment(s *StoredAttempt, position int, stored string, told *exam.Response) {
	if stored == told.Comment {
		return
	}
	erased := told.Marked > 0 && s.Records[told.Marked-1].Payload == nil
	v.answer(s.Attempt.ID, fmt.Sprintf("response %d: comment", position), erased)
}

// answer reports an answer that differs without repeating it: reports travel further than answers
// may. What was erased from the journal cannot be compared.
func (v *verifier) answer(id, name string, erased bool) {
	if erased {
		v.line(id, "%s cannot be compared: erased", name)
		return
	}
	v.fault(id, "%s differs from the journal's", name)
}

func marks(pages map[string]exam.PageMark) map[string]exam.PageMark {
	if pages == nil {
		return map[string]exam.PageMark{}
	}
	return pages
}

func canonical(v any) string { return string(exam.Canonical(v)) }

func (v *verifier) compare(id, name string, stored, told any) {
	if stored != told {
		v.fault(id, "%s: stored %v, journal %v", name, stored, told)
	}
}
