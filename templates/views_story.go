package templates

import "time"

// StoryView is everything that happened in one attempt, for the people who run the exam.
type StoryView struct {
	Head StoryHead
	// Events are in the order in which they happened.
	Events []StoryEvent
	// Position leaves out what is not about one question, 0 for everything.
	Position int
	// Devices are the sign-ins of the candidate during the attempt, the first one first.
	Devices []StoryDevice
	// Gaps are what the candidate's pages reported of their connection, the first one first.
	Gaps []GapLine
	// Now is the server's time of rendering.
	Now time.Time
}

// StoryHead says whose attempt it is and how it stands.
type StoryHead struct {
	Attempt, ExamSlug, ExamTitle string
	User, Username, Name         string
	Number                       int
	Status, Marking              string
	// StartedAt, ClosedAt and Deadline are zero where there is none.
	StartedAt, ClosedAt, Deadline time.Time
	Answered, Total               int
	Score                         *ScoreView
	Erased                        bool // the candidate's data were: answers and comments are gone
	Awaiting                      bool // it waits for a marker: there is no score yet
	Receipt                       Receipt
	// Verified says that the journal was folded and gives what is stored; Fault is what does not.
	Verified bool
}

// StoryEvent is one journal entry, or one rejected command.
type StoryEvent struct {
	At time.Time
	// Seq and Receipt are those of the journal entry; 0 for a rejected command.
	Seq     int64
	Receipt Receipt
	// What words the event by the catalogue: "story.event." + What.
	What string
	// Position is the question that it is about, 0 for none; Target the one that the candidate went
	// to, Review when that was the review page.
	Position, Target int
	Review           bool
	// Who is the name of who did it; empty: the candidate. Server says that nobody did.
	Who    string
	Server bool
	// Before and After word the answers; HasAnswer tells "no answer" from "about no answer".
	HasAnswer     bool
	Before, After []AnswerLine
	// Counted says that the answer is the one of record.
	Counted bool
	// Draft says that the page saved by itself; Folded how many such saves before this one are told by it, the first
	// of them at Since.
	Draft  bool
	Folded int
	Since  time.Time
	// Reason is why a command was rejected, empty when it was not. Late is how long after the
	// deadline it arrived.
	Reason string
	Late   time.Duration
	// Note is what an administrator gave as reason; Amount the time given; Points those of a marker.
	Note     string
	Amount   time.Duration
	Points   int
	Pass     Pass
	Score    *ScoreView
	Former   *ScoreView // that Score took the place of; nil: there was none, or it waited for a marker
	Kept     bool       // a regrade left the mark of the position, since it would have lowered the result
	Comment  string     // of a marker, to the candidate
	Awaiting bool       // a score that waits for a marker
	Erased   bool
	Accepted int64 // number of the rejection that was accepted
	// Rejection is the number of a rejected command.
	Rejection int64
	// OnDevice: from then on the attempt belonged to the candidate's device; Browser and System are empty where
	// they are not known.
	OnDevice        bool
	Browser, System string
}

// StoryDevice is a sign-in of the candidate.
type StoryDevice struct {
	Browser, System             string // empty when not known
	Agent, Address              string
	SignedInAt, LastSeen, Ended time.Time
}

// PaperView is the paper as the candidate saw it, with the answers of record.
type PaperView struct {
	Head      StoryHead
	Questions []PaperQuestion
	// Printed: the paper is to be printed, which was recorded as what PrintedBy did then; else it is blank on paper.
	Printed   bool
	PrintedAt time.Time
	PrintedBy string
}

// PaperQuestion is one position of a paper.
type PaperQuestion struct {
	Position int
	// Section is the title of the section that begins here, empty for none.
	Section string
	// View shows the question closed, with the answer of record.
	View        QuestionView
	SavedAt     time.Time
	Key         []AnswerLine
	Explanation SafeHTML
	Guide       SafeHTML // for markers
	Comment     string   // of the marker
	Awaiting    bool     // the answer waits for its marker
	// ShowScore tells a marked 0 from "not marked".
	ShowScore         bool
	Points, MaxPoints int
	Verdict           Verdict
}
