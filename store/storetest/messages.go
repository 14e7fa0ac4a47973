package storetest

import (
	"slices"
	"strings"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
)

var messageTests = map[string]func(*world){
	"a message is kept once, however often it is sent": messageOnce,
	"another message does not take an id":              messageIDTaken,
	"messages are listed since a time, and by exam":    messagesListed,
}

func messageOnce(w *world) {
	s := w.sit(w.newExam(1))
	m := store.Message{
		ID: uuid.NewString(), Exam: s.d.Slug, Attempt: s.id, Actor: w.newUser().ID, Text: "静かに。\n<b>&",
	}
	act := w.act(store.ActSendMessage, nil)
	together(w, 10, func(int) (bool, error) { return true, w.By(act).PutMessage(w.ctx, m) })
	if n := len(w.recorded(act)); n != 1 {
		w.Errorf("one message was recorded %d times", n)
	}
	list, err := w.MessagesOf(w.ctx, s.d.Slug, 10)
	w.must(err)
	if len(list) != 1 {
		w.Fatalf("%d messages of one", len(list))
	}
	got := list[0]
	if got.Created == 0 {
		w.Error("a message without time")
	}
	if got.Created = 0; got != m {
		w.Errorf("read %+v, wrote %+v", got, m)
	}
	m.ID, m.Actor = strings.ToUpper(m.ID), strings.ToUpper(m.Actor)
	w.must(w.staff().PutMessage(w.ctx, m))
}

func messageIDTaken(w *world) {
	s := w.sit(w.newExam(1))
	m := store.Message{ID: uuid.NewString(), Exam: s.d.Slug, Actor: s.user.ID, Text: "a"}
	w.must(w.staff().PutMessage(w.ctx, m))
	for what, change := range map[string]func(*store.Message){
		"text":    func(m *store.Message) { m.Text = "b" },
		"attempt": func(m *store.Message) { m.Attempt = s.id },
		"exam":    func(m *store.Message) { m.Exam = w.newExam(1).Slug },
	} {
		other := m
		change(&other)
		if err := w.staff().PutMessage(w.ctx, other); err == nil {
			w.Errorf("another %s took the id", what)
		} else {
			w.is(err, store.ErrExists)
		}
	}
	m.Attempt = "no uuid"
	w.is(w.staff().PutMessage(w.ctx, m), store.ErrNotFound)
}

func messagesListed(w *world) {
	d, actor := w.newExam(1), w.newUser().ID
	_, before, err := w.MessagesSince(w.ctx, exam.Forever)
	w.must(err)
	var sent []string
	for range 3 {
		m := store.Message{ID: uuid.NewString(), Exam: d.Slug, Actor: actor, Text: "x"}
		w.must(w.staff().PutMessage(w.ctx, m))
		sent = append(sent, m.ID)
	}
	all, now, err := w.MessagesSince(w.ctx, before)
	w.must(err)
	all = slices.DeleteFunc(all, func(m store.Message) bool { return m.Exam != d.Slug })
	if got := messageIDs(all); !slices.Equal(got, sent) || now < all[len(all)-1].Created {
		w.Errorf("since %d: %v at %d, want %v", before, got, now, sent)
	}
	late, _, err := w.MessagesSince(w.ctx, all[2].Created)
	w.must(err)
	if got := messageIDs(late); !slices.Contains(got, sent[2]) || slices.Contains(got, sent[0]) {
		w.Errorf("since the last: %v", got)
	}
	newest, err := w.MessagesOf(w.ctx, d.Slug, 2)
	w.must(err)
	if got := messageIDs(newest); !slices.Equal(got, []string{sent[2], sent[1]}) {
		w.Errorf("of the exam: %v, want the newest two of %v", got, sent)
	}
}

func messageIDs(list []store.Message) []string {
	out := make([]string, len(list))
	for i := range list {
		out[i] = list[i].ID
	}
	return out
}
