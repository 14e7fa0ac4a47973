package handlers_test

import (
	"encoding/json"
	"flag"
	"math/rand/v2"
	"net/http"
	"net/url"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"shiken/store"
)

// departure is a sign-in that ends while requests of it are under way.
type departure struct {
	t              *testing.T
	s              *site
	fail           *atomic.Bool
	admin, leaving *client
	attempt        string
}

// departures are the ways in which a sign-in ends: by a sign-in that is begun anew the token is renewed.
var departures = []struct {
	name string
	end  func(d *departure) *answer
}{
	{"sign-out", func(d *departure) *answer { return d.sends(d.leaving, "/logout", url.Values{}) }},
	{"kick", func(d *departure) *answer {
		whom := []url.Values{{"sign_in": {d.leaving.signIn}}, {"all": {"1"}}}
		return d.sends(d.admin, "/admin/people/"+d.s.users["ann"].ID+"/sign-out", whom[rand.N(len(whom))])
	}},
	{"renewal of the token", func(d *departure) *answer { return d.sends(d.leaving, "/login", credentials("ann", password)) }},
	{"change of the password", func(d *departure) *answer {
		form := url.Values{"current": {password}, "password": {password}, "again": {password}}
		return d.sends(d.leaving, "/account/password", form)
	}},
}

// sends posts a form; it may be called in a goroutine.
func (d *departure) sends(c *client, path string, form url.Values) *answer {
	a, err := c.try(c.request(http.MethodPost, path, formType, form.Encode()))
	if err != nil {
		d.t.Error(err)
		return &answer{t: d.t}
	}
	return a
}

// saves sends an answer by the API.
func (d *departure) saves(c *client) {
	body, err := json.Marshal(newCall(nil).but("draft", true))
	if err != nil {
		d.t.Error(err)
	}
	if _, err := c.try(c.request(http.MethodPut, savePath(d.attempt, 1), "application/json", string(body))); err != nil {
		d.t.Error(err)
	}
}

// mishap is what an outage does: the sessions are lost, or the store fails for a while.
func (d *departure) mishap() {
	switch rand.N(3) {
	case 0:
		d.s.loseSessions()
	case 1:
		d.fail.Store(true)
		for range rand.N(50) {
			runtime.Gosched()
		}
		d.fail.Store(false)
	}
}

var races = flag.Int("races", 0, "races of TestRequestInFlight; 0: as many as befit the build")

// howManyRaces is the number of races, as many of each way to leave.
func howManyRaces() int {
	switch {
	case *races > 0:
		return *races
	case raceEnabled:
		return 60
	}
	return 400
}

// TestRequestInFlightDoesNotReviveASignIn: sign-out, kick, renewal of the token and change of the password
// against requests under way, while sessions get lost and their store fails; the old token is out.
func TestRequestInFlightDoesNotReviveASignIn(t *testing.T) {
	t.Parallel()
	s, _, attempt, fail := satDeaf(t)
	s.user("dora", store.RoleAdmin)
	d := &departure{t: t, s: s, fail: fail, admin: s.signedIn("dora").inProcess(s), attempt: attempt}
	made := map[string]int{}
	for n := range howManyRaces() {
		way := departures[n%len(departures)]
		d.leaving = s.signedIn("ann").inProcess(s)
		if d.ends(way.end); t.Failed() {
			t.Fatalf("by %s, in trial %d", way.name, n)
		}
		made[way.name]++
	}
	t.Logf("races, none revived: %v", made)
}

// ends lets the sign-in end, with requests under way.
func (d *departure) ends(end func(*departure) *answer) {
	old := func() *client { return d.s.withToken(d.leaving.token).inProcess(d.s) }
	under := []*client{old(), old(), old()}
	var gone *answer
	actors := []func(){
		func() { d.saves(under[0]) },
		func() { d.saves(under[1]) },
		func() { d.sends(under[2], "/locale", url.Values{"locale": {"ja"}, "next": {"/"}}) },
		func() { gone = end(d) },
		d.mishap,
	}
	rand.Shuffle(len(actors), func(i, j int) { actors[i], actors[j] = actors[j], actors[i] })
	var all sync.WaitGroup
	for _, act := range actors {
		all.Go(act)
	}
	all.Wait()
	gone.status(http.StatusSeeOther)
	for range 2 {
		after := old()
		after.get("/").leads("/login")
		after.put(d.attempt, 1, newCall(nil)).fails(http.StatusUnauthorized, "UNAUTHENTICATED")
		d.s.loseSessions() // and again, now that they are lost
	}
}
