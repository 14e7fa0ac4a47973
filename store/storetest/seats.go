package storetest

import (
	"fmt"
	"slices"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
)

var seatTests = map[string]func(*world){
	"who may sit an exam, or did, has a seat in a state":  seatPopulation,
	"an exam that is open to everyone has a seat for all": seatsForEveryone,
	"a seat tells what its newest attempt holds":          seatContents,
	"a tally follows the responses":                       tallyFollows,
	"seats are filtered and searched":                     seatsFiltered,
	"seats come in the order asked for":                   seatsOrdered,
	"seats come by the page, with their number":           seatsPaged,
}

const heard = exam.Minute

// room is an exam with its own group.
type room struct {
	*world
	d     exam.Definition
	group string
}

func (w *world) newRoom(n int, change ...func(*exam.Definition)) *room {
	w.Helper()
	r := &room{world: w, group: name("room")}
	r.d = w.newExam(n, append(change, func(d *exam.Definition) { d.OpenTo = []string{"other", r.group, "the third"} })...)
	return r
}

// enter stores a user of the room.
func (r *room) enter(change ...func(*store.User)) store.User {
	r.Helper()
	u := store.User{
		ID: uuid.NewString(), Username: name("user"), Name: "名前", Roles: []store.Role{store.RoleCandidate},
		Groups: []string{r.group},
	}
	for _, c := range change {
		c(&u)
	}
	r.must(r.CreateUser(r.ctx, u))
	return u
}

func called(username, fullName string) func(*store.User) {
	return func(u *store.User) { u.Username, u.Name = username, fullName }
}

// sits starts the user's next attempt.
func (r *room) sits(u store.User, seen int) *sitting {
	r.Helper()
	id, reason, err := start(r.ctx, r.Store, r.d.Slug, u.ID, uuid.NewString(), seen)
	r.must(err)
	if id == "" {
		r.Fatalf("start refused: %s", reason)
	}
	return &sitting{world: r.world, id: id, user: u, d: r.d}
}

// seen makes a sign-in of the user that was last seen some time ago.
func (r *room) seen(u store.User, ago exam.Micros) store.SignIn {
	r.Helper()
	_, now, err := r.States(r.ctx, nil)
	r.must(err)
	in := store.SignIn{ID: uuid.NewString(), User: u.ID, TokenHash: uuid.NewString(), Created: now, LastSeen: now.Add(-ago)}
	r.must(r.CreateSignIn(r.ctx, in))
	return in
}

// seats reads those of a query; the room's own exam, and a minute, when it names none.
func (r *room) seats(q store.SeatQuery) ([]store.Seat, int) {
	r.Helper()
	q.Exam, q.Heard = r.d.Slug, heard
	if q.Limit == 0 {
		q.Limit = 100
	}
	list, total, now, err := r.Seats(r.ctx, q)
	r.must(err)
	for i := range list {
		if list[i].LastSeen > now || list[i].Started > now {
			r.Errorf("seat %+v at %d", list[i], now)
		}
	}
	return list, total
}

// usernames are those of a query's seats.
func (r *room) usernames(q store.SeatQuery) []string {
	r.Helper()
	list, total := r.seats(q)
	names := make([]string, len(list))
	for i := range list {
		names[i] = list[i].Username
	}
	if total != len(list) && q.Limit == 0 {
		r.Errorf("%d seats of %d", len(list), total)
	}
	return names
}

func (r *room) wantSeats(what string, q store.SeatQuery, want ...string) {
	r.Helper()
	if got := r.usernames(q); !slices.Equal(got, want) {
		r.Errorf("%s: %v, want %v", what, got, want)
	}
}

// inEveryState fills a room with one candidate for each state, and with users who have no seat.
func (r *room) inEveryState() map[string]store.SeatState {
	r.Helper()
	want := map[string]store.SeatState{}
	enter := func(state store.SeatState, change ...func(*store.User)) store.User {
		u := r.enter(change...)
		want[u.ID] = state
		return u
	}
	enter(store.SeatAbsent)
	r.seen(enter(store.SeatAbsent), 2*heard)
	left := enter(store.SeatAbsent)
	r.must(r.RevokeSignIn(r.ctx, r.seen(left, 0).ID))
	r.seen(enter(store.SeatWaiting), heard/2)
	for state, commands := range map[store.SeatState][]exam.Kind{
		store.SeatWriting: nil, store.SeatSilent: nil, store.SeatPaused: {exam.Pause},
		store.SeatSubmitted: {exam.ForceSubmit}, store.SeatVoided: {exam.Void},
	} {
		u := enter(state)
		s := r.sits(u, 0)
		for _, kind := range commands {
			s.wants(by(exam.Admin, kind), exam.Applied)
		}
		if state != store.SeatSilent {
			r.seen(u, 0)
		}
	}
	late := r.sitLongAgo(r.d)
	late.wants(by(exam.Server, exam.Expire), exam.Applied)
	want[late.user.ID] = store.SeatExpired // of another group: the attempt is what gives a seat
	gone := enter(store.SeatSilent)
	r.sits(gone, 0)
	gone.Disabled = true
	r.must(r.UpdateUser(r.ctx, gone))
	r.enter(func(u *store.User) { u.Disabled = true })
	r.enter(func(u *store.User) { u.Roles = []store.Role{store.RoleAuthor, store.RoleAdmin} })
	r.enter(func(u *store.User) { u.Groups = []string{r.group + "x"} })
	return want
}

func seatPopulation(w *world) {
	r := w.newRoom(2)
	want := r.inEveryState()
	list, total := r.seats(store.SeatQuery{})
	if total != len(want) || len(list) != len(want) {
		w.Errorf("%d seats, %d counted, want %d", len(list), total, len(want))
	}
	states, users := map[store.SeatState]int{}, []string{}
	for i := range list {
		s := &list[i]
		if want[s.User] != s.State {
			w.Errorf("user %s is %s, want %s", s.User, s.State, want[s.User])
		}
		if of, _ := r.seats(store.SeatQuery{State: s.State, Search: s.Username}); len(of) != 1 {
			w.Errorf("%d seats of %s in state %s", len(of), s.Username, s.State)
		}
		states[s.State]++
		users = append(users, s.User)
	}
	counts, err := w.CountSeats(w.ctx, r.d.Slug, heard)
	w.must(err)
	if fmt.Sprint(counts) != fmt.Sprint(states) || len(counts) != len(store.SeatStates) {
		w.Errorf("counted %v, want %v", counts, states)
	}
	again, _, err := w.SeatsOf(w.ctx, r.d.Slug, append(users, users[0], uuid.NewString(), "no uuid"), heard)
	w.must(err)
	slices.SortFunc(again, func(a, b store.Seat) int { return slices.Index(users, a.User) - slices.Index(users, b.User) })
	if !equalJSON(again, list) {
		w.Errorf("read again: %+v, want %+v", again, list)
	}
}

func seatsForEveryone(w *world) {
	r := w.newRoom(1, func(d *exam.Definition) {})
	r.d.OpenTo = []string{"nobody", exam.Everyone}
	w.must(w.PutDefinition(w.ctx, r.d))
	u := r.enter(func(u *store.User) { u.Groups = nil })
	author := r.enter(func(u *store.User) { u.Roles = []store.Role{store.RoleAuthor} })
	r.wantSeats("a candidate", store.SeatQuery{Search: u.Username}, u.Username)
	r.wantSeats("an author", store.SeatQuery{Search: author.Username})
	r.d.OpenTo = nil
	w.must(w.PutDefinition(w.ctx, r.d))
	r.wantSeats("open to nobody", store.SeatQuery{})
}

func seatContents(w *world) {
	r := w.newRoom(5)
	u := r.enter()
	r.seen(u, 3*heard)
	r.seen(u, 0)
	last := r.seen(u, 0)
	r.sits(u, 0).wants(by(exam.Admin, exam.ForceSubmit), exam.Applied)
	s := r.sits(u, 1)
	s.wants(s.command(exam.Save, 1, 0, "one"), exam.Applied)
	s.wants(s.command(exam.Save, 3, 0, "three"), exam.Applied)
	flag := s.command(exam.Flag, 4, 0, "")
	flag.Flagged = new(bool)
	s.wants(flag, exam.Applied)
	move := s.command(exam.Move, 2, 0, "")
	move.Target = 3
	s.wants(move, exam.Applied)
	stored := s.stored()
	list, _ := r.seats(store.SeatQuery{})
	want := store.Seat{
		User: u.ID, Username: u.Username, Name: u.Name, State: store.SeatWriting, LastSeen: last.LastSeen, Devices: 2,
		Attempt: s.id, Number: 2, Status: exam.InProgress, Version: 5, Cursor: 3, Count: 5, Answered: 2,
		Started: stored.Attempt.Started, LastSaved: store.TallyOf(stored.Attempt.Responses, stored.Records).LastSaved,
		Deadline: stored.Deadline,
	}
	if len(list) != 1 || !equalJSON(list[0], want) {
		w.Errorf("seats %+v, want %+v", list, want)
	}
	s.wants(by(exam.Admin, exam.Pause), exam.Applied)
	if list, _ = r.seats(store.SeatQuery{}); list[0].Stopped == 0 || list[0].State != store.SeatPaused {
		w.Errorf("paused: %+v", list[0])
	}
}

// tallyFollows wants the cached sums to be those of the responses, and no sums where an older program
// wrote in between.
func tallyFollows(w *world) {
	r := w.newRoom(4)
	s := r.sits(r.enter(), 0)
	want := func(step string, cached bool) {
		w.Helper()
		stored := s.stored()
		sums := store.TallyOf(stored.Attempt.Responses, stored.Records)
		if cached != (stored.Tally != nil) || cached && *stored.Tally != sums {
			w.Errorf("%s: tally %+v, want %+v", step, stored.Tally, sums)
		}
		list, _ := r.seats(store.SeatQuery{})
		if list[0].Answered != sums.Answered || list[0].LastSaved != sums.LastSaved {
			w.Errorf("%s: seat with %d answers, saved at %d; want %+v", step, list[0].Answered, list[0].LastSaved, sums)
		}
		s.sound()
	}
	want("start", true)
	for i, answer := range []string{"one", "two", "", "four"} {
		s.wants(s.command(exam.Save, i+1, 0, answer), exam.Applied)
	}
	want("saves", true)
	s.wants(s.command(exam.Save, 1, 1, "again"), exam.Applied)
	want("a change", true)
	s.wants(s.command(exam.Save, 2, 1, ""), exam.Applied)
	want("an answer taken back", true)
	s.wants(s.command(exam.Save, 1, 0, "stale"), exam.Rejected)
	want("a rejection", true)
	w.must(w.Exec(w.ctx, `UPDATE attempts SET answered = 0, last_saved = 0, tallied = tallied - 1 WHERE id = $1`, s.id))
	want("a program of before", false)
	s.wants(s.command(exam.Save, 3, 1, "three"), exam.Applied)
	want("after a program of before", false)
}

func seatsFiltered(w *world) {
	r := w.newRoom(1)
	prefix := name("z")
	other := name("side")
	a := r.enter(called(prefix+"_a%", `山田 太郎 \ Taro`))
	b := r.enter(called(prefix+"-bee", "佐藤 花子 Hanako"))
	r.enter(called(prefix+"-c", "x"), func(u *store.User) { u.Groups = append(u.Groups, other) })
	c := prefix + "-c"
	r.seen(b, 0)
	r.sits(b, 0)
	r.wantSeats("all", store.SeatQuery{}, b.Username, c, a.Username)
	for part, want := range map[string][]string{
		"太郎": {a.Username}, "HANA": {b.Username}, "taro": {a.Username}, `\`: {a.Username}, "%": {a.Username},
		"_": {a.Username}, "no such": nil, "-BEE": {b.Username}, "\x00": nil, "'": nil,
	} {
		r.wantSeats("search for "+part, store.SeatQuery{Search: part}, want...)
	}
	r.wantSeats("group", store.SeatQuery{Group: other}, c)
	r.wantSeats("no group", store.SeatQuery{Group: "none"})
	r.wantSeats("state", store.SeatQuery{State: store.SeatWriting}, b.Username)
	r.wantSeats("state and group", store.SeatQuery{State: store.SeatWriting, Group: other})
	r.wantSeats("state and search", store.SeatQuery{State: store.SeatAbsent, Search: "x", Group: other}, c)
}

// seatsOrdered has candidates a to e: each order puts them into another one.
func seatsOrdered(w *world) {
	r := w.newRoom(3)
	prefix := name("o")
	sat := map[string]*sitting{}
	for _, letter := range []string{"a", "b", "c", "d", "e"} {
		u := r.enter(called(prefix+letter, letter))
		if letter != "a" {
			sat[letter] = r.sits(u, 0)
		}
	}
	extend := by(exam.Admin, exam.Extend)
	extend.Amount = 10 * exam.Minute
	sat["b"].wants(extend, exam.Applied)
	sat["b"].wants(by(exam.Admin, exam.Pause), exam.Applied)
	sat["c"].wants(by(exam.Admin, exam.ForceSubmit), exam.Applied)
	for _, save := range []struct {
		who      string
		position int
	}{{"e", 1}, {"e", 2}, {"d", 1}, {"b", 1}} {
		s := sat[save.who]
		if save.who == "b" {
			s.wants(by(exam.Admin, exam.Resume), exam.Applied)
		}
		s.wants(s.command(exam.Save, save.position, 0, "x"), exam.Applied)
	}
	for order, want := range map[store.SeatOrder]string{
		"": "abcde", store.SeatsByName: "abcde", store.SeatsByTime: "debac", store.SeatsByAnswered: "cbdea",
		store.SeatsBySaved: "cedba",
	} {
		got := ""
		for _, username := range r.usernames(store.SeatQuery{Order: order}) {
			got += username[len(prefix):]
		}
		if got != want {
			w.Errorf("order %q: %s, want %s", order, got, want)
		}
	}
	if _, _, _, err := w.Seats(w.ctx, store.SeatQuery{Exam: r.d.Slug, Order: "x; DROP TABLE", Limit: 1}); err == nil {
		w.Error("an order that is none was taken")
	}
}

func seatsPaged(w *world) {
	r := w.newRoom(1)
	var all []string
	for range 5 {
		all = append(all, r.enter().Username)
	}
	slices.Sort(all)
	for _, tt := range []struct{ offset, limit, from, to int }{
		{0, 2, 0, 2}, {2, 2, 2, 4}, {4, 2, 4, 5}, {5, 2, 5, 5}, {1_000, 2, 5, 5},
	} {
		q := store.SeatQuery{Offset: tt.offset, Limit: tt.limit}
		list, total := r.seats(q)
		if got := r.usernames(q); total != 5 || !slices.Equal(got, all[tt.from:tt.to]) {
			w.Errorf("from %d: %d of %d: %v", tt.offset, len(list), total, got)
		}
	}
}
