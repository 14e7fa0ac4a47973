package storetest

import (
	"slices"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
)

var outageTests = map[string]func(*world){
	"R9 the first beat finds no outage, and one in time neither":  firstBeat,
	"R9 a gap in the heartbeat is found once":                     gapOnce,
	"R9 an outage is unsettled until it is settled":               settleOutage,
	"R9 attempts whose end a gap took are listed, page by page":   struckListed,
	"R9 an attempt that was extended, closed or void is no more":  struckNoMore,
	"R16 an outage is listed with the attempts that it met":       outageListed,
	"R16 what an outage cost each attempt can be told":            lossesTold,
	"a reported gap is kept once, with what the server had heard": gapKept,
	"reported gaps are bounded":                                   gapsBounded,
	"old outages and reported gaps go":                            cleanOutages,
}

// beatAgo makes the last beat so long ago, 0: none, and settles what other tests left.
func (w *world) beatAgo(d exam.Micros) {
	w.Helper()
	last := exam.Instant(0)
	if d > 0 {
		last = ago(0).Add(-d)
	}
	w.must(w.Exec(w.ctx, `UPDATE heartbeat SET last = $1, before = 0`, int64(last)))
	w.must(w.Exec(w.ctx, `UPDATE outages SET settled = 1`))
}

func (w *world) pulse() store.Pulse {
	w.Helper()
	p, err := w.Pulse(w.ctx)
	w.must(err)
	return p
}

func firstBeat(w *world) {
	for _, since := range []exam.Micros{0, exam.Millisecond, store.MaxSilence - 2*exam.Second, -exam.Minute} {
		w.beatAgo(0)
		if since != 0 {
			w.must(w.Exec(w.ctx, `UPDATE heartbeat SET last = $1`, int64(ago(0).Add(-since))))
		}
		before := ago(0)
		w.must(w.Beat(w.ctx))
		p := w.pulse()
		if len(p.Unsettled) > 0 {
			w.Errorf("a beat %d ms after the one before found %+v", since/exam.Millisecond, p.Unsettled)
		}
		if p.Last < before.Add(-exam.Second) || p.Last > ago(0).Add(exam.Second) {
			w.Errorf("the last beat is %d µs from now", ago(0).Sub(p.Last))
		}
	}
}

// gapOnce beats from many connections after a silence.
func gapOnce(w *world) {
	w.beatAgo(store.MaxSilence + exam.Second)
	began := w.pulse().Last
	together(w, 16, func(int) (bool, error) { return true, w.Beat(w.ctx) })
	p := w.pulse()
	if len(p.Unsettled) != 1 {
		w.Fatalf("one gap was found %d times: %+v", len(p.Unsettled), p.Unsettled)
	}
	o := p.Unsettled[0]
	if o.Began != began || o.Ended.Sub(o.Began) <= store.MaxSilence || o.Ended > p.Last {
		w.Errorf("a gap from %d was stored as %+v, the last beat is %d", began, o, p.Last)
	}
	if _, err := uuid.Parse(o.ID); err != nil {
		w.Error(err)
	}
}

func settleOutage(w *world) {
	w.beatAgo(exam.Minute)
	w.must(w.Beat(w.ctx))
	w.must(w.Exec(w.ctx, `UPDATE heartbeat SET last = last - $1`, int64(exam.Minute)))
	w.must(w.Beat(w.ctx))
	two := w.pulse().Unsettled
	if len(two) != 2 || two[0].Began > two[1].Began {
		w.Fatalf("two gaps: %+v", two)
	}
	w.must(w.Settle(w.ctx, two[0].ID))
	w.must(w.Settle(w.ctx, two[0].ID))
	w.must(w.Settle(w.ctx, "none"))
	if left := w.pulse().Unsettled; !slices.Equal(left, two[1:]) {
		w.Errorf("left %+v, want %+v", left, two[1:])
	}
	w.meets(two[0].Ended, two[1].Began, two...)
	w.meets(two[0].Began.Add(-exam.Second), two[0].Began, two[0])
	w.meets(two[1].Ended, two[1].Ended.Add(exam.Second), two[1])
	w.meets(two[1].Ended+1, two[1].Ended.Add(exam.Second))
}

// meets wants the outages that met a time, settled or not, without those of other tests.
func (w *world) meets(from, to exam.Instant, want ...store.Outage) {
	w.Helper()
	got, err := w.Met(w.ctx, from, to)
	w.must(err)
	for _, o := range want {
		if !slices.Contains(got, o) {
			w.Errorf("from %d to %d: %+v, want %+v", from, to, got, o)
		}
	}
	if len(want) == 0 && len(got) > 0 {
		w.Errorf("from %d to %d: %+v, want none", from, to, got)
	}
}

// struckIn lists every attempt that Struck lists, two at a time.
func (w *world) struckIn(g exam.Gap) []string {
	w.Helper()
	var all []string
	for after := ""; ; {
		ids, err := w.Struck(w.ctx, g, after, 2)
		w.must(err)
		all = append(all, ids...)
		if len(ids) < 2 {
			return all
		}
		after = ids[1]
	}
}

// struckListed tries gaps around the ends of attempts in progress and paused ones.
func struckListed(w *world) {
	d := w.newExam(1)
	var sat []*sitting
	for range 5 {
		sat = append(sat, w.sit(d))
	}
	sat[1].wants(by(exam.Admin, exam.Pause), exam.Applied)
	sat = append(sat, w.sit(w.newExam(1, untimed)))
	a := sat[0].load()
	end, _ := a.Attempt.Deadline(a.Paper)
	last := end.Add(exam.Minute)
	for _, g := range []exam.Gap{
		{Began: end.Add(-exam.Minute), Ended: last}, {Began: end.Add(exam.Minute), Ended: end.Add(2 * exam.Minute)},
		{Began: end.Add(-exam.Minute), Ended: end.Add(-30 * exam.Second)}, {Began: end.Add(5 * exam.Second), Ended: last},
		{Began: a.Attempt.Started, Ended: last}, {Began: 0, Ended: last.Add(600 * exam.Minute)},
	} {
		listed := w.struckIn(g)
		if !slices.IsSorted(listed) || len(slices.Compact(slices.Clone(listed))) != len(listed) {
			w.Errorf("not in order, or twice: %v", listed)
		}
		for i, s := range sat {
			snap := s.load()
			owed := g.Extension(snap.Paper, &snap.Attempt) > 0
			if owed != slices.Contains(listed, s.id) {
				w.Errorf("gap %+v, attempt %d (%s): listed %t, is owed time %t", g, i, snap.Attempt.Status, !owed, owed)
			}
		}
	}
}

// struckNoMore also lists one that was paused after its end.
func struckNoMore(w *world) {
	d := w.newExam(1)
	late := w.sitLongAgo(d)
	end := late.stored().Deadline
	g := exam.Gap{Began: end.Add(-exam.Second), Ended: end.Add(exam.Second)}
	all := map[string]*sitting{
		"in progress": late, "paused": w.sitLongAgo(d), "extended": w.sitLongAgo(d),
		"expired": w.sitLongAgo(d), "voided": w.sitLongAgo(d),
	}
	all["paused"].wants(by(exam.Admin, exam.Pause), exam.Applied)
	more := by(exam.Server, exam.Extend)
	more.Amount = 200 * exam.Minute
	all["extended"].wants(more, exam.Applied)
	all["expired"].wants(by(exam.Server, exam.Expire), exam.Applied)
	all["voided"].wants(by(exam.Admin, exam.Void), exam.Applied)
	listed := w.struckIn(exam.Gap{Began: g.Began.Add(-exam.Minute), Ended: g.Ended.Add(exam.Minute)})
	for name, s := range all {
		if got, want := slices.Contains(listed, s.id), name == "in progress" || name == "paused"; got != want {
			w.Errorf("%s: listed %t, want %t", name, got, want)
		}
	}
}

// outage stores a gap that began and ended so long ago.
func (w *world) outage(began, ended exam.Micros, settled bool) store.Outage {
	w.Helper()
	now := ago(0)
	o := store.Outage{ID: uuid.NewString(), Gap: exam.Gap{Began: now.Add(-began), Ended: now.Add(-ended)}}
	mark := 0
	if settled {
		mark = 1
	}
	w.must(w.Exec(w.ctx, `INSERT INTO outages (id, began, ended, settled) VALUES ($1, $2, $3, $4)`,
		o.ID, int64(o.Began), int64(o.Ended), mark))
	return o
}

func outageListed(w *world) {
	w.must(w.Exec(w.ctx, `DELETE FROM outages`))
	d := w.newExam(1)
	other := w.sitLongAgo(w.newExam(1))
	sat := []*sitting{w.sitLongAgo(d), w.sitLongAgo(d), w.sitLongAgo(d)}
	sat[0].wants(by(exam.Admin, exam.Pause), exam.Applied)
	sat[1].wants(by(exam.Admin, exam.ForceSubmit), exam.Applied)
	w.sit(d) // after all of them
	w.outage(200*exam.Minute, 190*exam.Minute, true)
	early, late := w.outage(60*exam.Minute, 50*exam.Minute, true), w.outage(40*exam.Minute, 30*exam.Minute, false)
	want := []store.ExamOutage{
		{Outage: late, Settled: false, Running: 3, Open: 2}, {Outage: early, Settled: true, Running: 3, Open: 2},
	}
	for limit, since := range map[int]exam.Micros{1: 300 * exam.Minute, 2: 300 * exam.Minute, 3: 45 * exam.Minute} {
		got, err := w.OutagesOf(w.ctx, d.Slug, since, limit)
		w.must(err)
		if first := want[:1+limit%3/2]; !slices.Equal(got, first) {
			w.Errorf("%d since %d µs: %+v, want %+v", limit, since, got, first)
		}
	}
	if got, err := w.OutagesOf(w.ctx, w.newExam(1).Slug, 300*exam.Minute, 9); err != nil || len(got) > 0 {
		w.Errorf("of an exam that nobody sits: %+v, %v", got, err)
	}
	other.sound()
}

func lossesTold(w *world) {
	d := w.newExam(1)
	running, handedIn, paused := w.sitLongAgo(d), w.sitLongAgo(d), w.sitLongAgo(d)
	w.sit(d)
	o := w.outage(60*exam.Minute, 50*exam.Minute, true)
	given := by(exam.Server, exam.Extend)
	given.Amount = 2 * exam.Minute
	running.wants(given, exam.Applied)
	running.wants(running.command(exam.Save, 1, 0, "x"), exam.Rejected)
	handedIn.wants(by(exam.Admin, exam.ForceSubmit), exam.Applied)
	paused.wants(by(exam.Admin, exam.Pause), exam.Applied)
	paused.wants(by(exam.Admin, exam.Resume), exam.Applied)
	got, losses, now, err := w.Losses(w.ctx, d.Slug, o.ID)
	w.must(err)
	if got != o || now < ago(0).Add(-exam.Minute) || len(losses) != 3 {
		w.Fatalf("outage %+v, want %+v; %d losses at %d", got, o, len(losses), now)
	}
	targets, _, err := w.Targets(w.ctx, store.SeatQuery{Exam: d.Slug, Heard: exam.Minute}, []string{running.id, handedIn.id, paused.id})
	w.must(err)
	for i, l := range losses {
		if l.Target != targets[i] {
			w.Errorf("target %+v, want %+v", l.Target, targets[i])
		}
		var journal []exam.Entry
		for _, r := range map[string]*sitting{running.id: running, handedIn.id: handedIn, paused.id: paused}[l.Attempt].stored().Records {
			journal = append(journal, r.Entry)
		}
		lost := o.Lost(l.Clock, given.ID)
		if want := o.Lost(journal, given.ID); lost != want || l.Attempt == running.id && lost != 8*exam.Minute ||
			l.Attempt != running.id && lost != 10*exam.Minute {
			w.Errorf("attempt %s lost %d s by its clock, %d s by its journal", l.Attempt, lost/exam.Second, want/exam.Second)
		}
	}
	for _, id := range []string{w.outage(2, 1, false).ID, uuid.NewString(), "none"} {
		_, _, _, err := w.Losses(w.ctx, d.Slug, id)
		w.is(err, store.ErrNotFound)
	}
}

func gapKept(w *world) {
	s := w.sit(w.newExam(1))
	in := store.SignIn{ID: uuid.NewString(), User: s.user.ID, TokenHash: uuid.NewString(), Created: ago(1), LastSeen: ago(0).Add(-exam.Minute)}
	w.must(w.CreateSignIn(w.ctx, in))
	gone := store.SignIn{ID: uuid.NewString(), User: s.user.ID, TokenHash: uuid.NewString(), Created: ago(1), LastSeen: ago(0), Revoked: ago(0)}
	w.must(w.CreateSignIn(w.ctx, gone))
	g := store.ReportedGap{ID: uuid.NewString(), Attempt: s.id, Lasted: 55 * exam.Second}
	together(w, 8, func(int) (bool, error) { return true, w.ReportGap(w.ctx, g) })
	w.must(w.ReportGap(w.ctx, store.ReportedGap{ID: uuid.NewString(), Attempt: uuid.NewString(), Lasted: 1}))
	w.must(w.ReportGap(w.ctx, store.ReportedGap{ID: uuid.NewString(), Attempt: "none", Lasted: 1}))
	list, err := w.GapsOf(w.ctx, s.id)
	w.must(err)
	if len(list) != 1 {
		w.Fatalf("%d gaps of one: %+v", len(list), list)
	}
	got := list[0]
	if got.ID != g.ID || got.Attempt != s.id || got.Lasted != g.Lasted || got.Reported < ago(0).Add(-exam.Minute) ||
		got.Unheard < exam.Minute || got.Unheard > 2*exam.Minute {
		w.Errorf("reported %+v, kept %+v", g, got)
	}
	earlier := int64(got.Reported) - 1
	for _, lasted := range []int{1, 2} {
		w.must(w.Exec(w.ctx, `INSERT INTO reported_gaps (id, attempt_id, reported, lasted, unheard) VALUES ($1, $2, $3, $4, 0)`,
			uuid.NewString(), s.id, earlier, lasted))
	}
	recent, err := w.RecentGaps(w.ctx, s.d.Slug, exam.Minute, 9)
	w.must(err)
	want := store.SeatGap{ReportedGap: got, Username: s.user.Username, Name: s.user.Name, Status: exam.InProgress}
	if !slices.Equal(recent, []store.SeatGap{want}) {
		w.Errorf("recent %+v, want %+v", recent, want)
	}
	s.sound()
}

// gapsBounded lets the last of them be long ago before each next one.
func gapsBounded(w *world) {
	s := w.sit(w.newExam(1))
	report := func() {
		g := store.ReportedGap{ID: uuid.NewString(), Attempt: s.id, Lasted: store.MaxReportedGapTime + 1}
		w.must(w.ReportGap(w.ctx, g))
	}
	count := func(want int) {
		list, err := w.GapsOf(w.ctx, s.id)
		w.must(err)
		if len(list) != want || list[0].Lasted != store.MaxReportedGapTime {
			w.Errorf("%d gaps, the first of %d µs; want %d", len(list), list[0].Lasted, want)
		}
	}
	report()
	report() // too soon
	count(1)
	for range store.MaxReportedGaps + 2 {
		w.must(w.Exec(w.ctx, `UPDATE reported_gaps SET reported = $2 WHERE attempt_id = $1`, s.id, int64(ago(1))))
		report()
	}
	count(store.MaxReportedGaps)
}

func cleanOutages(w *world) {
	w.cleansFirst()
	w.must(w.Exec(w.ctx, `DELETE FROM outages`))
	var stay []string
	for _, tt := range []struct {
		days    int
		settled int
		stays   bool
	}{{399, 1, true}, {401, 1, false}, {401, 0, true}} {
		id := uuid.NewString()
		w.must(w.Exec(w.ctx, `INSERT INTO outages (id, began, ended, settled) VALUES ($1, $2, $2, $3)`, id, int64(ago(tt.days)), tt.settled))
		if tt.stays {
			stay = append(stay, id)
		}
	}
	s := w.sit(w.newExam(1))
	for _, days := range []int{399, 401} {
		w.must(w.Exec(w.ctx, `INSERT INTO reported_gaps (id, attempt_id, reported, lasted, unheard) VALUES ($1, $2, $3, 1, 1)`,
			uuid.NewString(), s.id, int64(ago(days))))
	}
	w.cleans(2)
	w.must(w.Exec(w.ctx, `UPDATE outages SET settled = 0`))
	var left []string
	for _, o := range w.pulse().Unsettled {
		left = append(left, o.ID)
	}
	slices.Sort(stay)
	slices.Sort(left)
	if !slices.Equal(left, stay) {
		w.Errorf("outages %v are left, want %v", left, stay)
	}
	gaps, err := w.GapsOf(w.ctx, s.id)
	w.must(err)
	if len(gaps) != 1 || gaps[0].Reported < ago(400) {
		w.Errorf("reported gaps %+v are left", gaps)
	}
}
