package templates

import "time"

// MessagesView is where messages to the candidates of an exam are written and listed.
type MessagesView struct {
	Exam, Title string // slug and title
	Now         time.Time
	ID          string // fresh id of the message that the form sends
	To, Text    string // as typed
	Problem     MessageProblem
	Sent        []SentMessage // the newest first
}

// MessageProblem says why a message was not sent.
type MessageProblem string

// The problems of a message.
const (
	MessageFine    MessageProblem = ""
	MessageEmpty   MessageProblem = "empty"
	MessageTooLong MessageProblem = "long"
	MessageToWhom  MessageProblem = "to"   // nobody of that name sits the exam
	MessageIDUsed  MessageProblem = "used" // the form was sent before with other content
)

// SentMessage is a message in the list.
type SentMessage struct {
	ID, Text string
	At       time.Time
	To       string // whom, empty: all
	By       string
}

// RejectedAnswers are the late and rejected answers of an exam.
type RejectedAnswers struct {
	Exam, Title string
	Now         time.Time
	// All shows those too that cannot be accepted.
	All           bool
	Rows          []RejectedAnswer
	Offset, Limit int
	Total         int
	// Job is what became of the answer that was accepted a moment ago; nil for none.
	Job *AcceptJob
}

// AcceptJob is how far the acceptance of an answer is.
type AcceptJob struct {
	ID      string
	Ended   bool
	Refused string // the reason, empty: accepted
}

// RejectedAnswer is an answer that was not taken, as admins see it.
type RejectedAnswer struct {
	Attempt        string
	Number         int64
	Username, Name string
	Position       int // 0 where there is no such question
	Question       SafeHTML
	Sent, Saved    []AnswerLine
	Reason         string
	Arrived        time.Time
	// Late is how long after the end it came, 0 when it came in time or that is not known.
	Late time.Duration
	// Acceptable: it may become the answer of record; Accepted: it is.
	Acceptable, Accepted bool
}

// AcceptView asks for the reason of accepting a rejected answer.
type AcceptView struct {
	Exam, Title string
	Now         time.Time
	Answer      RejectedAnswer
	Job         string // fresh id of the job that the form asks for
	Reason      string
	Problem     PlanProblem
	Earlier     string // id of the job that was asked for with the form's id
}
