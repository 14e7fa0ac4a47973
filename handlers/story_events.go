package handlers

import (
	"slices"
	"strings"
	"time"

	"shiken/accounts"
	"shiken/exam"
	"shiken/store"
	"shiken/templates"
)

// storyTeller words the journal of one attempt, with the rejections that lie beside it.
type storyTeller struct {
	page     templates.Page
	story    *store.StoredAttempt
	contents map[string]*content
	names    map[string]string         // of actors, by user id
	agents   map[string]accounts.Agent // of the candidate's sign-ins
	each     bool                      // tells every autosave by itself

	// What the entries so far have made of the attempt.
	clock   exam.Attempt
	answers map[int]exam.Answer
	counted map[int]int          // by position: the event whose answer is the one of record
	score   *templates.ScoreView // nil: none, or one that waits for a marker
	events  []templates.StoryEvent
}

// tell lists the events in the order of their arrival; a rejection stands after the entries that came
// before it.
func (t *storyTeller) tell() []templates.StoryEvent {
	t.answers, t.counted = map[int]exam.Answer{}, map[int]int{}
	rejected := slices.Clone(t.story.Rejections)
	for i := range t.story.Records {
		record := &t.story.Records[i]
		for len(rejected) > 0 && rejected[0].Arrived < record.Entry.Arrived {
			t.addRejection(&rejected[0])
			rejected = rejected[1:]
		}
		t.addEntry(record)
	}
	for i := range rejected {
		t.addRejection(&rejected[i])
	}
	for _, i := range t.counted {
		t.events[i].Counted = true
	}
	return t.events
}

func (t *storyTeller) addEntry(r *exam.Record) {
	e := &r.Entry
	event := templates.StoryEvent{
		At: instantTime(e.Arrived), Seq: e.Seq, Receipt: receiptView(exam.Receipt{Seq: e.Seq, Hash: e.Hash}),
		What: string(e.Kind), Erased: r.Payload == nil,
	}
	t.who(&event, e.Actor)
	if r.Payload != nil {
		p := r.Payload
		event.Draft, event.Note, event.Accepted = p.Draft, p.Note, p.Late
		event.Amount, event.Points, event.Position = micros(p.Amount), p.Points, p.Position
	}
	t.follow(e)
	t.response(&event, r)
	t.target(&event, e)
	if r.Payload != nil {
		event.Comment = r.Payload.Comment
	}
	if score := e.Effect.Score; score != nil {
		event.Awaiting, event.Former = score.Awaiting, t.score
		event.Score = &templates.ScoreView{Points: score.Total, MaxPoints: score.Max, Pass: passOf(score.Passed)}
		if t.score = event.Score; score.Awaiting {
			t.score = nil
		}
	}
	if device := e.Effect.Device; device != "" {
		agent := t.agents[device]
		event.OnDevice, event.Browser, event.System = true, agent.Browser, agent.System
	}
	if f := e.Effect.Response; f != nil && f.Kept != nil {
		event.Kept = f.Kept.Mark != nil
	}
	t.add(event)
	if f := e.Effect.Response; f != nil && f.Answer {
		t.counted[f.Position] = len(t.events) - 1
	}
}

// add takes autosaves of a question that follow each other for one event: a page saves itself every second or so.
func (t *storyTeller) add(event templates.StoryEvent) {
	last := len(t.events) - 1
	if t.each || last < 0 || !isAutosave(&event) || !isAutosave(&t.events[last]) || event.Position != t.events[last].Position {
		t.events = append(t.events, event)
		return
	}
	first := t.events[last]
	event.Before, event.Folded, event.Since = first.Before, first.Folded+1, first.Since
	if first.Folded == 0 {
		event.Since = first.At
	}
	wasEmpty, isEmpty := first.What == "chose", event.What == "removed"
	switch {
	case event.Erased || first.Erased:
		event.What = "answered"
	case wasEmpty && !isEmpty:
		event.What = "chose"
	case !wasEmpty && !isEmpty:
		event.What = "changed"
	}
	t.events[last] = event
}

func isAutosave(e *templates.StoryEvent) bool {
	return e.Draft && e.Seq > 0 && e.Target == 0 && !e.OnDevice
}

// follow keeps what the deadline at that time is made of.
func (t *storyTeller) follow(e *exam.Entry) {
	if e.Kind == exam.Start {
		t.clock.Started = e.Arrived
	}
	t.clock.Extended += e.Effect.Extended
	t.clock.PausedFor += e.Effect.Paused
}

// response says what became of an answer.
func (t *storyTeller) response(event *templates.StoryEvent, r *exam.Record) {
	f := r.Entry.Effect.Response
	if f == nil {
		return
	}
	event.Position = f.Position
	switch {
	case f.Answer:
		t.answer(event, r, f.Position)
	case f.Flagged != nil && r.Entry.Kind == exam.Flag:
		event.What = "unflagged"
		if *f.Flagged {
			event.What = "flagged"
		}
	case r.Entry.Kind == exam.Save:
		event.What = "saved_again"
	}
}

func (t *storyTeller) answer(event *templates.StoryEvent, r *exam.Record, position int) {
	before := t.answers[position]
	after := exam.Answer{}
	if r.Payload != nil {
		after = r.Payload.Answer
	}
	t.answers[position] = after
	event.HasAnswer = r.Payload != nil
	event.Before, event.After = t.words(position, before), t.words(position, after)
	if r.Entry.Kind == exam.AcceptLate {
		return
	}
	switch {
	case r.Payload == nil:
		event.What = "answered"
	case after.IsZero():
		event.What = "removed"
	case before.IsZero():
		event.What = "chose"
	default:
		event.What = "changed"
	}
}

// target says where the candidate went, when that is another position.
func (t *storyTeller) target(event *templates.StoryEvent, e *exam.Entry) {
	to := e.Effect.Target
	if to == 0 || to == event.Position || e.Kind == exam.Start {
		return
	}
	event.Target, event.Review = to, to == t.story.Paper.ReviewPosition()
}

func (t *storyTeller) addRejection(r *exam.Rejection) {
	event := templates.StoryEvent{
		At: instantTime(r.Arrived), What: "rejected", Reason: string(r.Reason), Rejection: r.Number,
		Position: r.Payload.Position, Draft: r.Payload.Draft, Note: r.Payload.Note, Erased: r.Payload.Kind == "",
		Points: r.Payload.Points, Comment: r.Payload.Comment,
	}
	if r.Kind == exam.MarkByHand {
		event.What = "mark_refused"
	}
	t.who(&event, r.Actor)
	if carriesAnswer(r.Kind) && !event.Erased {
		event.HasAnswer = true
		event.After = t.words(event.Position, r.Payload.Answer)
	}
	if late := t.late(r.Arrived); late > 0 && (r.Reason == exam.TimeIsUp || r.Reason == exam.Finished) {
		event.Late = late
	}
	t.events = append(t.events, event)
}

// carriesAnswer: commands of this kind bring an answer.
func carriesAnswer(k exam.Kind) bool {
	switch k {
	case exam.Save, exam.Move, exam.Flag, exam.Check, exam.TimeUp:
		return true
	}
	return false
}

// late is how long after the deadline of that time something arrived.
func (t *storyTeller) late(arrived exam.Instant) time.Duration {
	deadline, timed := t.clock.Deadline(&t.story.Paper)
	if !timed {
		return 0
	}
	return micros(arrived.Sub(deadline))
}

// words words an answer as the candidate saw it; one that is not on the paper is shown as it came.
func (t *storyTeller) words(position int, a exam.Answer) []templates.AnswerLine {
	it := t.story.Paper.Item(position)
	if it == nil || t.contents[it.Version] == nil {
		return t.short(sentText(fieldsOfShape(a)))
	}
	return t.short(numbered(it, a, answerLines(t.page, it, t.contents[it.Version], a)))
}

// maxStoryText is how many characters of a text a story shows at most; of a page of events each may hold two.
const maxStoryText = 4_000

// short cuts long texts, and says how long they are.
func (t *storyTeller) short(lines []templates.AnswerLine) []templates.AnswerLine {
	for i := range lines {
		if text := []rune(lines[i].Text); len(text) > maxStoryText {
			lines[i].Text = string(text[:maxStoryText]) + t.page.T("story.cut", "n", len(text))
		}
	}
	return lines
}

// numbered writes before each chosen option the place that it had on the paper.
func numbered(it *exam.Item, a exam.Answer, lines []templates.AnswerLine) []templates.AnswerLine {
	if !it.Type.IsChoice() || len(lines) == 0 {
		return lines
	}
	values := a.Choices
	if len(values) == 0 {
		values = []string{a.Text}
	}
	for i := range lines {
		for place, choice := range it.Choices {
			if i < len(values) && choice.Value == values[i] {
				lines[i].Place = place + 1
			}
		}
	}
	return lines
}

// who names the actor of an event. An actor is written "role" or "role:id".
func (t *storyTeller) who(event *templates.StoryEvent, actor string) {
	role, id, _ := strings.Cut(actor, ":")
	switch exam.Role(role) {
	case exam.Server:
		event.Server = true
	case exam.Admin:
		event.Who = t.names[id]
		if event.Who == "" {
			event.Who = id
		}
	}
}
