package storetest

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
)

var accountTests = map[string]func(*world){
	"a user is read as it was written":                  usersRoundTrip,
	"a username is taken once, by one of many":          usernameOnce,
	"users are listed by name and counted":              usersListed,
	"a change of role, or disabling, ends sign-ins":     rolesRevoke,
	"a new password ends the other sign-ins":            passwordRevokes,
	"signing out ends one sign-in, everywhere ends all": revoking,
	"a sign-in is found by id and by token":             viewerFound,
	"a sign-in does not outlive a change of password":   signInsRaceChange,
	"a sign-in begins by the database's clock":          signInClock,
	"presence never goes back":                          seenForward,
	"an attempt keeps its writer signed in":             writingUntil,
	"failed sign-ins are counted and forgotten":         failuresCounted,
	"accounts that are not there are not found":         accountNotFound,
}

func usersRoundTrip(w *world) {
	u := w.newUser()
	u.Roles = []store.Role{store.RoleCandidate, store.RoleAuthor, store.RoleAdmin}
	u.Name, u.ExtraPercent, u.Groups = "新しい 名前", 300, []string{"2026-春", "a;b"}
	w.must(w.UpdateUser(w.ctx, u))
	for _, find := range []func() (store.User, error){
		func() (store.User, error) { return w.UserByName(w.ctx, u.Username) },
		func() (store.User, error) { return w.UserByID(w.ctx, u.ID) },
	} {
		got, err := find()
		w.must(err)
		slices.Sort(got.Groups)
		if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", u) {
			w.Errorf("read %+v, wrote %+v", got, u)
		}
	}
	u.Groups, u.Roles = nil, nil
	w.must(w.UpdateUser(w.ctx, u))
	got, err := w.UserByID(w.ctx, u.ID)
	w.must(err)
	if len(got.Groups) != 0 || len(got.Roles) != 0 {
		w.Errorf("groups %v and roles %v after they were taken", got.Groups, got.Roles)
	}
}

func usernameOnce(w *world) {
	username := name("same")
	made := together(w, 10, func(int) (bool, error) {
		err := w.CreateUser(w.ctx, store.User{ID: uuid.NewString(), Username: username, Groups: []string{"shared"}})
		if err != nil {
			w.is(err, store.ErrExists)
		}
		return err == nil, nil
	})
	n := 0
	for _, ok := range made {
		if ok {
			n++
		}
	}
	if n != 1 {
		w.Errorf("%d users of one name", n)
	}
}

func usersListed(w *world) {
	before, err := w.CountUsers(w.ctx)
	w.must(err)
	u := w.newUser()
	list, err := w.Users(w.ctx)
	w.must(err)
	if len(list) != before+1 || !slices.IsSortedFunc(list, func(a, b store.User) int {
		return compare(a.Username, b.Username)
	}) {
		w.Errorf("%d users listed after %d, or out of order", len(list), before)
	}
	if !slices.ContainsFunc(list, func(l store.User) bool { return l.ID == u.ID }) {
		w.Error("the new user is not listed")
	}
}

func compare(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func (w *world) newSignIn(user string) store.SignIn {
	w.Helper()
	in := store.SignIn{ID: uuid.NewString(), User: user, TokenHash: uuid.NewString(), Created: 100, LastSeen: 100}
	w.must(w.CreateSignIn(w.ctx, in))
	return in
}

// live wants sign-ins to be live or revoked.
func (w *world) live(step string, want map[string]bool) {
	w.Helper()
	listed, err := w.LiveSignIns(w.ctx, append(slices.Collect(maps.Keys(want)), uuid.NewString(), "none"))
	w.must(err)
	for id, live := range want {
		v, _, err := w.Viewer(w.ctx, id)
		w.must(err)
		if got := v.SignIn.Revoked == 0; got != live || slices.Contains(listed, id) != live {
			w.Errorf("%s: sign-in live: %t, listed as live: %t, want %t", step, got, slices.Contains(listed, id), live)
		}
	}
	if len(listed) > len(want) {
		w.Errorf("%s: %d live ones listed out of %d", step, len(listed), len(want))
	}
}

func rolesRevoke(w *world) {
	u := w.newUser()
	in := w.newSignIn(u.ID)
	u.Name, u.Groups = "renamed", []string{"other"}
	w.must(w.UpdateUser(w.ctx, u))
	w.live("a new name", map[string]bool{in.ID: true})
	u.Roles = []store.Role{store.RoleAuthor}
	w.must(w.UpdateUser(w.ctx, u))
	w.live("a new role", map[string]bool{in.ID: false})
	in = w.newSignIn(u.ID)
	u.Disabled = true
	w.must(w.UpdateUser(w.ctx, u))
	w.live("disabling", map[string]bool{in.ID: false})
}

func passwordRevokes(w *world) {
	u, other := w.newUser(), w.newUser()
	keep, drop, stranger := w.newSignIn(u.ID), w.newSignIn(u.ID), w.newSignIn(other.ID)
	w.must(w.SetPassword(w.ctx, u.ID, "new", keep.ID))
	w.live("keeping one", map[string]bool{keep.ID: true, drop.ID: false, stranger.ID: true})
	w.must(w.SetPassword(w.ctx, u.ID, "newer", ""))
	w.live("keeping none", map[string]bool{keep.ID: false, stranger.ID: true})
	got, err := w.UserByID(w.ctx, u.ID)
	w.must(err)
	if got.PasswordHash != "newer" {
		w.Errorf("hash %q", got.PasswordHash)
	}
}

func revoking(w *world) {
	u := w.newUser()
	one, two := w.newSignIn(u.ID), w.newSignIn(u.ID)
	w.must(w.RevokeSignIn(w.ctx, one.ID))
	w.live("signing out", map[string]bool{one.ID: false, two.ID: true})
	before, _, err := w.Viewer(w.ctx, one.ID)
	w.must(err)
	w.must(w.RevokeSignIn(w.ctx, one.ID))
	w.must(w.RevokeAll(w.ctx, u.ID))
	w.live("everywhere", map[string]bool{one.ID: false, two.ID: false})
	after, _, err := w.Viewer(w.ctx, one.ID)
	w.must(err)
	if before.SignIn.Revoked != after.SignIn.Revoked {
		w.Error("a sign-in was revoked twice")
	}
	w.must(w.RevokeSignIn(w.ctx, "no uuid"))
}

func viewerFound(w *world) {
	u := w.newUser()
	in := w.newSignIn(u.ID)
	byID, now, err := w.Viewer(w.ctx, in.ID)
	w.must(err)
	byToken, _, err := w.ViewerByToken(w.ctx, in.TokenHash)
	w.must(err)
	if now == 0 || byID.SignIn != in || byToken.SignIn != in {
		w.Errorf("by id %+v, by token %+v", byID.SignIn, byToken.SignIn)
	}
	u.PasswordHash = ""
	if fmt.Sprintf("%+v", byID.User) != fmt.Sprintf("%+v", u) {
		w.Errorf("user %+v, want %+v", byID.User, u)
	}
	w.is(w.CreateSignIn(w.ctx, in), store.ErrExists)
}

// signInClock leaves the time of a sign-in to the database, which judges lifetimes by its own clock.
func signInClock(w *world) {
	u := w.newUser()
	_, before, err := w.OfCandidate(w.ctx, u.ID)
	w.must(err)
	in := store.SignIn{ID: uuid.NewString(), User: u.ID, TokenHash: uuid.NewString()}
	w.must(w.CreateSignIn(w.ctx, in))
	v, after, err := w.Viewer(w.ctx, in.ID)
	w.must(err)
	if at := v.SignIn.Created; at < before || at > after {
		w.Errorf("created %d, want %d to %d", at, before, after)
	}
	if at := v.SignIn.LastSeen; at < before || at > after {
		w.Errorf("last seen %d, want %d to %d", at, before, after)
	}
}

// signInsRaceChange lets a sign-in that was judged by the old password race the change: whichever
// comes first, none is live afterwards.
func signInsRaceChange(w *world) {
	u := w.newUser()
	for i := range 50 {
		old := u.PasswordHash
		u.PasswordHash = fmt.Sprint("hash ", i)
		in := store.SignIn{ID: uuid.NewString(), User: u.ID, TokenHash: uuid.NewString(), Created: 1, Password: old}
		made := together(w, 2, func(i int) (bool, error) {
			if i == 0 {
				return false, w.SetPassword(w.ctx, u.ID, u.PasswordHash, "")
			}
			err := w.CreateSignIn(w.ctx, in)
			if errors.Is(err, store.ErrMoved) {
				return false, nil
			}
			return err == nil, err
		})
		if made[1] {
			w.live("after the change of password", map[string]bool{in.ID: false})
		}
	}
	in := store.SignIn{ID: uuid.NewString(), User: u.ID, TokenHash: uuid.NewString(), Password: u.PasswordHash}
	w.must(w.CreateSignIn(w.ctx, in))
	w.live("with the right password", map[string]bool{in.ID: true})
	u.Disabled = true
	w.must(w.UpdateUser(w.ctx, u))
	in.ID, in.TokenHash = uuid.NewString(), uuid.NewString()
	w.is(w.CreateSignIn(w.ctx, in), store.ErrMoved)
}

func seenForward(w *world) {
	u := w.newUser()
	var ids []string
	for range 10 {
		ids = append(ids, w.newSignIn(u.ID).ID)
	}
	together(w, 8, func(i int) (int, error) {
		at := map[string]exam.Instant{"no uuid": 5, uuid.NewString(): 5}
		for _, id := range ids {
			at[id] = exam.Instant(50 + 100*i)
		}
		return 0, w.Seen(w.ctx, at)
	})
	for _, id := range ids {
		v, _, err := w.Viewer(w.ctx, id)
		w.must(err)
		if v.SignIn.LastSeen != 750 {
			w.Errorf("last seen %d, want the latest, 750", v.SignIn.LastSeen)
		}
	}
	w.must(w.Seen(w.ctx, nil))
}

func writingUntil(w *world) {
	s := w.sit(w.newExam(1))
	in := w.newSignIn(s.user.ID)
	until := func() exam.Instant {
		v, _, err := w.Viewer(w.ctx, in.ID)
		w.must(err)
		return v.WritingUntil
	}
	if got, want := until(), s.stored().ExpiresAt; got != want {
		w.Errorf("in progress: until %d, want %d", got, want)
	}
	s.wants(by(exam.Admin, exam.Pause), exam.Applied)
	if got := until(); got != exam.Forever {
		w.Errorf("paused: until %d", got)
	}
	s.wants(by(exam.Admin, exam.Resume), exam.Applied)
	s.wants(s.submit(), exam.Applied)
	if got := until(); got != 0 {
		w.Errorf("submitted: until %d", got)
	}
	d := w.newExam(1, untimed)
	_, _, err := start(w.ctx, w.Store, d.Slug, s.user.ID, uuid.NewString(), 0)
	w.must(err)
	if got := until(); got != exam.Forever {
		w.Errorf("untimed: until %d", got)
	}
}

func failuresCounted(w *world) {
	account := name("account")
	for _, prefix := range []string{"192.0.2.0/24", "192.0.2.0/24", "2001:db8::/64"} {
		w.must(w.RecordFailedSignIn(w.ctx, account, prefix))
	}
	want := func(prefix string, span exam.Micros, want int) {
		w.Helper()
		got, err := w.FailedSignIns(w.ctx, account, prefix, span)
		w.must(err)
		if got != want {
			w.Errorf("%s within %d: %d failures, want %d", prefix, span, got, want)
		}
	}
	want("192.0.2.0/24", 15*exam.Minute, 2)
	want("192.0.2.0/24", -exam.Minute, 0)
	want("2001:db8::/64", 15*exam.Minute, 1)
	w.must(w.ForgetFailedSignIns(w.ctx, account, "192.0.2.0/24"))
	want("192.0.2.0/24", 15*exam.Minute, 0)
	want("2001:db8::/64", 15*exam.Minute, 1)
}

func accountNotFound(w *world) {
	for _, id := range []string{uuid.NewString(), "no uuid", ""} {
		_, err := w.UserByID(w.ctx, id)
		w.is(err, store.ErrNotFound)
		w.is(w.UpdateUser(w.ctx, store.User{ID: id}), store.ErrNotFound)
		w.is(w.SetPassword(w.ctx, id, "h", ""), store.ErrNotFound)
		_, _, err = w.Viewer(w.ctx, id)
		w.is(err, store.ErrNotFound)
		_, _, err = w.ViewerByToken(w.ctx, id)
		w.is(err, store.ErrNotFound)
		_, err = w.UserByName(w.ctx, id)
		w.is(err, store.ErrNotFound)
	}
}
