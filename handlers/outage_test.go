package handlers_test

import (
	"context"
	"database/sql"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
)

// exec alters the database as somebody with an SQLite shell does.
func (s *site) exec(text string, args ...any) {
	s.t.Helper()
	db, err := sql.Open("sqlite", "file:"+s.file+"?_pragma=busy_timeout(60000)")
	must(s.t, err)
	defer func() { must(s.t, db.Close()) }()
	_, err = db.Exec(text, args...)
	must(s.t, err)
}

// before is so long ago.
func before(ago exam.Micros) exam.Instant { return exam.Instant(time.Now().UnixMicro()).Add(-ago) }

// silentSince makes the last beat of the service so long ago.
func (s *site) silentSince(ago exam.Micros) {
	s.t.Helper()
	s.exec(`UPDATE heartbeat SET last = ?`, int64(before(ago)))
}

// R9: whatever a candidate does first after an outage that took the end of the time, it is as if there
// were a minute left; nothing that was typed is late.
func TestTheFirstRequestAfterAnOutage(t *testing.T) {
	t.Parallel()
	const limit = 30 * exam.Minute
	s := newSite(t)
	s.questions(2)
	s.exam()
	late := func(attempt, action string) url.Values {
		return url.Values{
			"rev": {"0"}, "command_id": {uuid.NewString()}, "page": {uuid.NewString()}, "seq": {"1"}, "opening": {"1"},
			"answer": {s.choice(attempt, 1, 0)}, "action": {action},
		}
	}
	firsts := map[string]func(c *client, attempt string){
		"question": func(c *client, attempt string) { c.get(questionPath(attempt, 1)).status(http.StatusOK) },
		"review":   func(c *client, attempt string) { c.get(attempt + "/review").status(http.StatusOK) },
		"attempt":  func(c *client, attempt string) { c.get(attempt).leads(attempt + "/questions/1") },
		"result": func(c *client, attempt string) {
			c.get(attempt+"/result").status(http.StatusOK).has("status", "in_progress", "phase", "in_progress")
		},
		"save": func(c *client, attempt string) {
			c.post(attempt+"/questions/1", late(attempt, "save")).leads(attempt + "/questions/1")
		},
		"time_up": func(c *client, attempt string) {
			c.post(attempt+"/questions/1", late(attempt, "time_up")).leads(attempt + "/questions/1?note=extended")
		},
		"submit": func(c *client, attempt string) {
			form := url.Values{"command_id": {uuid.NewString()}, "opening": {"1"}, "rev": {"0"}}
			c.post(attempt+"/submit", form).leads(attempt + "/result")
		},
		"autosave": func(c *client, attempt string) {
			c.put(attempt, 1, newCall(s.choice(attempt, 1, 0))).acknowledged("applied", 1)
		},
	}
	for name, first := range firsts {
		t.Run(name, func(t *testing.T) {
			c := s.signedIn("who-" + name)
			attempt := s.beganAt("who-"+name, limit+20*exam.Minute)
			s.silentSince(25 * exam.Minute)
			first(c, attempt)
			a := s.stored(attempt)
			if left := a.Deadline.Sub(before(0)); left < 20*exam.Second || left > exam.AfterOutage {
				t.Errorf("%d s are left", left/exam.Second)
			}
			if len(a.Rejections) > 0 {
				t.Errorf("kept as rejected: %+v", a.Rejections)
			}
			must(t, s.proctor.Round(context.Background()))
			extensions := 0
			for _, r := range s.stored(attempt).Records {
				if r.Entry.Kind == exam.Extend {
					extensions++
				}
			}
			if extensions != 1 {
				t.Errorf("%d extensions", extensions)
			}
		})
	}
}

// unbeating is a store that cannot tell of the heartbeat.
type unbeating struct{ store.Store }

func (unbeating) Pulse(context.Context) (store.Pulse, error) {
	return store.Pulse{}, store.ErrUnavailable
}

// R9: as long as it is not known whether an outage took the end, a late answer is not refused: it is to
// be sent again, and nothing of it is judged.
func TestLateWhileTheHeartbeatIsUnknown(t *testing.T) {
	t.Parallel()
	s := newSite(t, func(s *site) { s.between = func(inner store.Store) store.Store { return unbeating{inner} } })
	s.questions(1)
	s.exam()
	c := s.signedIn("ann")
	t.Cleanup(s.log.forget) // failures are logged at error level, as they should be
	attempt := s.beganAt("ann", 31*exam.Minute)
	c.put(attempt, 1, newCall(s.choice(attempt, 1, 0))).status(http.StatusServiceUnavailable)
	c.get(attempt + "/result").status(http.StatusServiceUnavailable)
	if a := s.stored(attempt); a.Attempt.Head.Seq != 1 || len(a.Rejections) > 0 {
		t.Errorf("%d entries, %d rejections", a.Attempt.Head.Seq, len(a.Rejections))
	}
}
