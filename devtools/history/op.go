package history

import "time"

// Kind is what a request was.
type Kind string

// The kinds of request.
const (
	Start  Kind = "start"  // POST /exams/{exam}/attempts
	Save   Kind = "save"   // PUT of a response through the API
	Form   Kind = "form"   // POST of a question's form, whatever its button
	Submit Kind = "submit" // POST of the review form
	// TakeOver is the POST of the form that moves the attempt to the device that sends it.
	TakeOver Kind = "take_over"
	Read     Kind = "read"  // GET of a question's page
	Marks    Kind = "marks" // GET of a result's page
	// SignOut ends the sign-in of the operation's Session: POST /logout, or what an admin or a change of
	// password did to it.
	SignOut Kind = "sign_out"
	// Order is an admin's command to one attempt, as far as the run gives it: it bounds when it was done. One
	// with an Action was followed to its end: it was Applied, or Rejected.
	Order Kind = "order"
)

// Result is what a client learnt of a request.
type Result string

// The results. A form's 303 does not tell applied from replayed: it is Acknowledged. Unknown is
// everything after which the command may or may not have taken effect, then or later: 5xx, a time-out,
// a cut connection, a truncated reply. Refused is an answer that judged no command: 400, 401, 404
// without data-outcome, 413, 429.
const (
	Acknowledged Result = "acknowledged"
	Applied      Result = "applied"  // the API's word, which also means overtaken
	Replayed     Result = "replayed" // the API's word
	Rejected     Result = "rejected"
	Refused      Result = "refused"
	Unknown      Result = "unknown"
)

// NotTold stands in numbers and times that the client was not told.
const NotTold = -1

// Receipt is what an answer or a page told of the journal. Fields that it did not tell are zero.
type Receipt struct {
	Seq  int64  `json:"seq,omitempty"`
	Hash string `json:"hash,omitempty"` // 64 hexadecimal digits
	Code string `json:"code,omitempty"`
}

// Op is one request and what came back: a command that is sent twice is two of them with the same
// Command. New makes one that was told nothing yet. Times are monotonic, since the run began.
type Op struct {
	Client int  `json:"client"`
	Tab    int  `json:"tab"`
	Kind   Kind `json:"kind"`
	// Session names the sign-in under which it was sent (never its token); "" = not told.
	Session string `json:"session,omitempty"`
	User    string `json:"user,omitempty"` // id of the candidate, of a start
	Exam    string `json:"exam,omitempty"` // slug, of a start

	Attempt  string `json:"attempt,omitempty"` // of a start: where it led, "" = not told
	Position int    `json:"position,omitempty"`
	Opening  int    `json:"opening,omitempty"`
	Command  string `json:"command,omitempty"`
	Page     string `json:"page,omitempty"`
	Seq      int64  `json:"seq,omitempty"`
	// Rev is what the request named: of a submit the changes seen, of a start the attempts seen.
	Rev    int64  `json:"rev"`
	Draft  bool   `json:"draft,omitempty"`
	Action string `json:"action,omitempty"` // of a form: the button; "" = none; of an order: its kind
	Amount int64  `json:"amount,omitempty"` // of an order: the time that it gives, in µs
	Target int    `json:"target,omitempty"` // where the button leads, n + 1 = review; 0 = it stays
	Answer string `json:"answer,omitempty"` // canonical JSON as the paper has it, "null" = unanswered
	Flag   *bool  `json:"flag,omitempty"`   // nil = unchanged
	Skip   bool   `json:"skip,omitempty"`

	Sent time.Duration `json:"sent"`
	Done time.Duration `json:"done"` // < 0: nothing came back
	// Delivered is when the whole request had come to an instance, where the run knows it.
	Delivered time.Duration `json:"delivered"`

	Result  Result  `json:"result"`
	Reason  string  `json:"reason,omitempty"` // of a rejection
	Status  int     `json:"status,omitempty"` // HTTP, 0 = none
	NewRev  int64   `json:"new_rev"`          // rev that the client was told to adopt
	Led     int     `json:"led"`              // position that a 303 led to, n + 1 = review
	Receipt Receipt `json:"receipt,omitzero"`
	// What a read or a rejection showed as saved: Saved is canonical JSON, "" = not told.
	Saved     string `json:"saved,omitempty"`
	SavedRev  int64  `json:"saved_rev"`
	SavedFlag *bool  `json:"saved_flag,omitempty"`
	// Shown is a digest of question and options in the order of a read's page; "" = not told (R14).
	Shown string `json:"shown,omitempty"`
	// Points and Most are the score that a result's page showed and its maximum, in 1/10,000 point; Most 0 =
	// it showed none.
	Points int `json:"points,omitempty"`
	Most   int `json:"most,omitempty"`
	// Deadline that the answer told, in µs since the Unix epoch; 0 = untimed.
	Deadline int64 `json:"deadline"`
}

// New is a request about to be sent, of which nothing is known.
func New(kind Kind) Op {
	return Op{
		Kind: kind, Result: Unknown,
		Done: NotTold, Delivered: NotTold, NewRev: NotTold, Led: NotTold, SavedRev: NotTold, Deadline: NotTold,
	}
}

// Ok reports whether the client may rely on what it sent (R1).
func (o *Op) Ok() bool {
	return o.Result == Acknowledged || o.Result == Applied || o.Result == Replayed
}

// looks: the request asks for nothing but a page.
func (o *Op) looks() bool { return o.Kind == Read || o.Kind == Marks }

// onQuestion: the request is a command that carries an answer.
func (o *Op) onQuestion() bool { return o.Kind == Save || o.Kind == Form }
