package storetest

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
)

var peopleTests = map[string]func(*world){
	"users are found by name, group, role and state":      usersFound,
	"a search takes wildcards for letters":                wildcardsAreLetters,
	"groups are listed with their members":                groupsListed,
	"a group goes with its memberships, whoever joins it": groupDeleted,
	"sign-ins of a user are listed, the newest first":     signInsListed,
	"a roster makes and changes users":                    rosterStored,
	"a roster ends the sign-ins that it must":             rosterRevokes,
	"a roster is stored whole or not at all":              rosterWhole,
	"a name taken meanwhile refuses the whole roster":     rosterRaced,
	"rosters at once come after each other":               rostersCross,
	"a large roster takes few statements":                 rosterLarge,
}

// found lists the usernames that a query gives.
func (w *world) found(q store.UserQuery) []string {
	w.Helper()
	q.Limit = max(q.Limit, 1)
	users, total, err := w.FindUsers(w.ctx, q)
	w.must(err)
	var names []string
	for i := range users {
		if users[i].PasswordHash != "" {
			w.Errorf("%s comes with a password hash", users[i].Username)
		}
		names = append(names, users[i].Username)
	}
	if q.Offset+len(names) > total || q.Offset == 0 && len(names) < min(total, q.Limit) {
		w.Errorf("%d users from %d of %d", len(names), q.Offset, total)
	}
	return names
}

func usersFound(w *world) {
	stem, group := name("found"), name("group")
	for i, u := range []store.User{
		{Name: "山田 太郎", Roles: []store.Role{store.RoleCandidate}, Groups: []string{group, "other"}},
		{Name: "Yamada Hanako", Roles: []store.Role{store.RoleCandidate, store.RoleAuthor}, Groups: []string{group}},
		{Name: "Admin " + strings.ToUpper(stem), Roles: []store.Role{store.RoleAdmin}, Disabled: true},
	} {
		u.ID, u.Username, u.PasswordHash = uuid.NewString(), fmt.Sprint(stem, i), "secret"
		w.must(w.CreateUser(w.ctx, u))
	}
	names := []string{stem + "0", stem + "1", stem + "2"}
	yes, no := true, false
	for _, tt := range []struct {
		name string
		q    store.UserQuery
		want []string
	}{
		{"part of the username", store.UserQuery{Search: stem}, names},
		{"in other letters", store.UserQuery{Search: strings.ToUpper(stem)}, names},
		{"part of the name", store.UserQuery{Search: "山田", Group: group}, names[:1]},
		{"part of the name in other letters", store.UserQuery{Search: "yAMADA", Group: group}, names[1:2]},
		{"a group", store.UserQuery{Group: group}, names[:2]},
		{"a group that is not there", store.UserQuery{Group: name("no")}, nil},
		{"a role", store.UserQuery{Search: stem, Role: store.RoleCandidate}, names[:2]},
		{"a role among several", store.UserQuery{Search: stem, Role: store.RoleAuthor}, names[1:2]},
		{"part of a role", store.UserQuery{Search: stem, Role: "candid"}, nil},
		{"disabled", store.UserQuery{Search: stem, Disabled: &yes}, names[2:]},
		{"enabled", store.UserQuery{Search: stem, Disabled: &no}, names[:2]},
		{"everything at once", store.UserQuery{Search: stem, Group: group, Role: store.RoleAuthor, Disabled: &no}, names[1:2]},
		{"a page", store.UserQuery{Search: stem, Offset: 1, Limit: 1}, names[1:2]},
		{"beyond the last page", store.UserQuery{Search: stem, Offset: 3}, nil},
	} {
		if tt.q.Limit == 0 {
			tt.q.Limit = 9
		}
		if got := w.found(tt.q); !slices.Equal(got, tt.want) {
			w.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

func wildcardsAreLetters(w *world) {
	stem := name("wild")
	for i, u := range []string{`100%`, `100x`, `a_b`, `a-b`, `back\slash`, `backslash`} {
		w.must(w.CreateUser(w.ctx, store.User{ID: uuid.NewString(), Username: fmt.Sprint(stem, i), Name: stem + u}))
	}
	for search, want := range map[string][]string{
		stem + `100%`: {stem + "0"}, stem + `a_b`: {stem + "2"}, stem + `back\s`: {stem + "4"}, stem + `%`: nil,
		stem + "\x00": nil, stem + "\xff": nil,
	} {
		if got := w.found(store.UserQuery{Search: search, Limit: 9}); !slices.Equal(got, want) {
			w.Errorf("%q: %v, want %v", search, got, want)
		}
	}
}

// members counts those of groups as they are listed.
func (w *world) members() map[string]int {
	w.Helper()
	list, err := w.Groups(w.ctx)
	w.must(err)
	found := map[string]int{}
	for _, g := range list {
		found[g.Name] = g.Members
	}
	if len(found) != len(list) {
		w.Errorf("a group is listed twice: %v", list)
	}
	return found
}

func groupsListed(w *world) {
	by, full, empty := w.By(w.act(store.ActCreateGroup, nil)), name("full"), name("empty")
	w.must(by.CreateGroup(w.ctx, empty))
	for range 2 {
		u := w.newUser()
		u.Groups = []string{full, full, "g1"}
		w.must(w.UpdateUser(w.ctx, u))
	}
	got := w.members()
	if n, ok := got[empty]; !ok || n != 0 || got[full] != 2 {
		w.Errorf("groups %v", got)
	}
	w.is(by.CreateGroup(w.ctx, full), store.ErrExists)
	w.is(by.CreateGroup(w.ctx, "a\x1fb"), store.ErrUnstorable)
}

func groupDeleted(w *world) {
	const users = 6
	people := make([]store.User, users)
	for i := range people {
		people[i] = w.newUser()
	}
	group := name("group")
	together(w, users, func(i int) (int, error) {
		by := w.By(w.act(store.ActDeleteGroup, nil))
		for range 5 {
			people[i].Groups = []string{name("own"), group}
			if err := by.UpdateUser(w.ctx, people[i]); err != nil {
				return 0, err
			}
			if err := by.DeleteGroup(w.ctx, group); err != nil && !errors.Is(err, store.ErrNotFound) {
				return 0, err
			}
		}
		return 0, nil
	})
	if n, ok := w.members()[group]; ok {
		w.Errorf("the group has %d members after it was deleted", n)
	}
	u, err := w.UserByID(w.ctx, people[0].ID)
	if err != nil || len(u.Groups) != 1 {
		w.Errorf("groups %v, %v", u.Groups, err)
	}
}

func signInsListed(w *world) {
	u := w.newUser()
	want := make([]store.SignIn, 3)
	for i := range want {
		want[i] = store.SignIn{ID: uuid.NewString(), User: u.ID, TokenHash: uuid.NewString(), LastSeen: 500,
			Created: exam.Instant(300 - i), Agent: "Mozilla/5.0 (試験)", Address: fmt.Sprint("2001:db8::", i)}
	}
	for _, i := range []int{1, 2, 0} {
		w.must(w.CreateSignIn(w.ctx, want[i]))
	}
	w.newSignIn(w.newUser().ID)
	w.must(w.By(w.act(store.ActEndSignIn, nil)).RevokeSignInOf(w.ctx, u.ID, want[1].ID))
	got, now, err := w.SignInsOf(w.ctx, u.ID, 9)
	w.must(err)
	if len(got) != 3 || got[1].Revoked == 0 || got[1].Revoked > now {
		w.Fatalf("sign-ins %+v at %d", got, now)
	}
	revoked := got[1].Revoked
	want[1].Revoked = revoked
	if !slices.Equal(got, want) {
		w.Errorf("read %+v, wrote %+v", got, want)
	}
	w.must(w.By(w.act(store.ActEndSignIn, nil)).RevokeSignInOf(w.ctx, u.ID, want[1].ID))
	got, _, err = w.SignInsOf(w.ctx, u.ID, 2)
	if err != nil || !slices.Equal(got, want[:2]) {
		w.Errorf("the newest two: %+v, %v", got, err)
	}
	got, now, err = w.SignInsOf(w.ctx, "no id", 9)
	if err != nil || len(got) != 0 || now == 0 {
		w.Errorf("of nobody: %+v at %d, %v", got, now, err)
	}
}

// newcomer is a line of a roster about somebody new.
func newcomer(username string, groups ...string) store.RosterChange {
	return store.RosterChange{New: true, User: store.User{
		ID: uuid.NewString(), Username: username, Name: "受験者", Roles: []store.Role{store.RoleCandidate},
		PasswordHash: "$argon2id$", ExtraPercent: 50, Groups: groups, Created: 7,
	}}
}

// equalUser wants a user as it is stored, apart from the order of groups.
func (w *world) equalUser(want store.User) {
	w.Helper()
	got, err := w.UserByID(w.ctx, want.ID)
	w.must(err)
	slices.Sort(got.Groups)
	if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
		w.Errorf("read %+v, want %+v", got, want)
	}
}

func rosterStored(w *world) {
	known, author := w.newUser(), w.newUser()
	author.Roles = []store.Role{store.RoleAuthor}
	w.must(w.UpdateUser(w.ctx, author))
	first, second := newcomer(name("new"), name("g"), "g1"), newcomer(name("new"))
	change := func(u store.User, hash string, groups ...string) store.RosterChange {
		// Username, roles and the like are not a roster's to change.
		return store.RosterChange{User: store.User{ID: u.ID, Username: "x", Name: "改名", Roles: []store.Role{store.RoleAdmin},
			PasswordHash: hash, ExtraPercent: 300, Groups: groups, Disabled: true, Demo: true, Created: 1}}
	}
	act := w.act(store.ActImportUsers, nil)
	w.must(w.By(act).PutUsers(w.ctx, []store.RosterChange{
		second, change(known, "", "g2", "g3"), first, change(author, "new hash"),
	}))
	slices.Sort(first.User.Groups)
	w.equalUser(first.User)
	w.equalUser(second.User)
	known.Name, known.ExtraPercent, known.Groups = "改名", 300, []string{"g2", "g3"}
	w.equalUser(known)
	author.Name, author.ExtraPercent, author.Groups, author.PasswordHash = "改名", 300, nil, "new hash"
	author.Roles = append(author.Roles, store.RoleCandidate)
	w.equalUser(author)
	if n := len(w.recorded(act)); n != 1 {
		w.Errorf("%d entries of one roster", n)
	}
	w.must(w.By(act).PutUsers(w.ctx, nil))
}

func rosterRevokes(w *world) {
	same, password, role := w.newUser(), w.newUser(), w.newUser()
	role.Roles = []store.Role{store.RoleAdmin}
	w.must(w.UpdateUser(w.ctx, role))
	kept, changed, widened := w.newSignIn(same.ID), w.newSignIn(password.ID), w.newSignIn(role.ID)
	same.PasswordHash, password.PasswordHash, role.PasswordHash = "", "new hash", ""
	w.must(w.By(w.act(store.ActImportUsers, nil)).PutUsers(w.ctx, []store.RosterChange{{User: same}, {User: password}, {User: role}}))
	w.live("after the roster", map[string]bool{kept.ID: true, changed.ID: false, widened.ID: false})
}

func rosterWhole(w *world) {
	known := w.newUser()
	renamed := known
	renamed.Name = "half done"
	var lines []store.RosterChange
	group := name("group")
	for range 250 {
		lines = append(lines, newcomer(name("new"), group))
	}
	lines = append(lines, store.RosterChange{User: renamed})
	for what, last := range map[string]store.RosterChange{
		"a name that is taken": newcomer(known.Username),
		"a name twice":         newcomer(lines[3].User.Username),
		"somebody who is gone": {User: store.User{ID: uuid.NewString()}},
		"nobody":               {User: store.User{ID: "no id"}},
		"the same user twice":  {User: renamed},
		"a group beyond text":  newcomer(name("new"), "a\x1fb"),
	} {
		act := w.act(store.ActImportUsers, nil)
		err := w.By(act).PutUsers(w.ctx, append(slices.Clone(lines), last))
		want := store.ErrMoved
		if strings.HasPrefix(what, "a group") {
			want = store.ErrUnstorable
		}
		w.is(err, want)
		if found := w.found(store.UserQuery{Group: group}); len(found) > 0 || len(w.recorded(act)) > 0 {
			w.Errorf("%s: some of the roster was stored", what)
		}
	}
	w.equalUser(known)
}

func rosterRaced(w *world) {
	for range 5 {
		stem, group := name("race"), name("group")
		var lines []store.RosterChange
		for i := range 120 {
			lines = append(lines, newcomer(fmt.Sprint(stem, i), group))
		}
		errs := together(w, 2, func(i int) (error, error) {
			if i == 0 {
				return w.By(w.act(store.ActImportUsers, nil)).PutUsers(w.ctx, lines), nil
			}
			return w.CreateUser(w.ctx, store.User{ID: uuid.NewString(), Username: stem + "50"}), nil
		})
		users := len(w.found(store.UserQuery{Search: stem, Limit: 999}))
		members := len(w.found(store.UserQuery{Group: group, Limit: 999}))
		switch {
		case errs[0] == nil:
			w.is(errs[1], store.ErrExists)
			if users != 120 || members != 120 {
				w.Errorf("%d users and %d members of the whole roster", users, members)
			}
		default:
			w.is(errs[0], store.ErrMoved)
			if errs[1] != nil || users != 1 || members != 0 {
				w.Errorf("%d users and %d members of none, %v", users, members, errs[1])
			}
		}
	}
}

// rostersCross has rosters name the same people and groups in different orders.
func rostersCross(w *world) {
	const rosters, people = 4, 60
	var lines []store.RosterChange
	for range people {
		u := w.newUser()
		w.newSignIn(u.ID)
		lines = append(lines, store.RosterChange{User: u})
	}
	together(w, rosters, func(i int) (int, error) {
		own := slices.Clone(lines)
		for k := range own {
			own[k].User.Groups = []string{fmt.Sprint("cross", (k+i)%7), fmt.Sprint("cross", (k*i)%5)}
			own[k].User.PasswordHash = fmt.Sprint("hash of ", i)
		}
		if i%2 == 1 {
			slices.Reverse(own)
		}
		return 0, w.By(w.act(store.ActImportUsers, nil)).PutUsers(w.ctx, own)
	})
	hashes := map[string]bool{}
	for _, l := range lines {
		u, err := w.UserByID(w.ctx, l.User.ID)
		w.must(err)
		hashes[u.PasswordHash] = true
	}
	if len(hashes) != 1 {
		w.Errorf("parts of several rosters: %v", slices.Collect(maps.Keys(hashes)))
	}
}

// rosterLarge bounds what a roster costs in statements, each of which is a way to the database and back.
func rosterLarge(w *world) {
	const people = 2_050
	group := name("large")
	var lines []store.RosterChange
	for i := range people {
		lines = append(lines, newcomer(fmt.Sprint(group, i), group, fmt.Sprint("class ", i%30)))
	}
	by, before := w.By(w.act(store.ActImportUsers, nil)), w.Statements()
	w.must(by.PutUsers(w.ctx, lines))
	made := w.Statements() - before
	for i := range lines {
		lines[i].New, lines[i].User.PasswordHash = false, ""
		lines[i].User.Groups = []string{group, fmt.Sprint("class ", (i+1)%30)}
	}
	w.must(by.PutUsers(w.ctx, lines))
	changed := w.Statements() - before - made
	if made > people/8 || changed > 3*people {
		w.Errorf("%d statements to make %d users, %d to change them", made, people, changed)
	}
	users, total, err := w.FindUsers(w.ctx, store.UserQuery{Group: group, Offset: people - 1, Limit: 2})
	if err != nil || total != people || len(users) != 1 || len(users[0].Groups) != 2 {
		w.Errorf("the last of %d: %+v, %v", total, users, err)
	}
}
