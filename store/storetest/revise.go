package storetest

import (
	"errors"
	"slices"

	"github.com/google/uuid"

	"shiken/store"
)

var reviseTests = map[string]func(*world){
	"a user is revised as seen":                  userRevised,
	"a revision undoes nobody's change unseen":   revisionMoved,
	"a revision ends sign-ins as an update does": revisionRevokes,
	"one enabled admin is left":                  lastAdmin,
	"two admins cannot depose each other":        adminsCross,
}

func userRevised(w *world) {
	was := w.newUser()
	is := was
	is.Name, is.ExtraPercent, is.Groups, is.Roles = "改名", 25, []string{"a", "b"}, []store.Role{store.RoleAuthor, store.RoleCandidate}
	act := w.act(store.ActUpdateUser, nil)
	w.must(w.By(act).ReviseUser(w.ctx, was, is))
	w.equalUser(is)
	slices.Reverse(is.Groups) // of no meaning
	again := is
	again.Name = "again"
	w.must(w.By(act).ReviseUser(w.ctx, is, again))
	if n := len(w.recorded(act)); n != 2 {
		w.Errorf("%d entries", n)
	}
	is.ID = uuid.NewString()
	w.is(w.By(act).ReviseUser(w.ctx, is, is), store.ErrNotFound)
}

func revisionMoved(w *world) {
	was := w.newUser()
	for _, change := range []func(*store.User){
		func(u *store.User) { u.Name = "another" },
		func(u *store.User) { u.Roles = []store.Role{store.RoleAuthor} },
		func(u *store.User) { u.Groups = append(slices.Clone(u.Groups), "more") },
		func(u *store.User) { u.ExtraPercent++ },
		func(u *store.User) { u.Disabled = true },
	} {
		stored := was
		change(&stored)
		w.must(w.UpdateUser(w.ctx, stored))
		act := w.act(store.ActUpdateUser, nil)
		is := was
		is.Name = "mine"
		w.is(w.By(act).ReviseUser(w.ctx, was, is), store.ErrMoved)
		w.equalUser(stored)
		if len(w.recorded(act)) > 0 {
			w.Error("what was not done is recorded")
		}
		w.must(w.UpdateUser(w.ctx, was))
	}
}

func revisionRevokes(w *world) {
	named, widened := w.newUser(), w.newUser()
	kept, ended := w.newSignIn(named.ID), w.newSignIn(widened.ID)
	was := named
	named.Name = "改名"
	w.must(w.By(w.act(store.ActUpdateUser, nil)).ReviseUser(w.ctx, was, named))
	was = widened
	widened.Roles = []store.Role{store.RoleAuthor}
	w.must(w.By(w.act(store.ActUpdateUser, nil)).ReviseUser(w.ctx, was, widened))
	w.live("after revisions", map[string]bool{kept.ID: true, ended.ID: false})
}

// newAdmin makes an admin.
func (w *world) newAdmin() store.User {
	u := w.newUser()
	u.Roles = []store.Role{store.RoleAdmin}
	w.must(w.UpdateUser(w.ctx, u))
	return u
}

// onlyAdmins takes the role from everybody but some.
func (w *world) onlyAdmins(left ...store.User) {
	users, _, err := w.FindUsers(w.ctx, store.UserQuery{Role: store.RoleAdmin, Limit: 1_000})
	w.must(err)
	for _, u := range users {
		if !slices.ContainsFunc(left, func(l store.User) bool { return l.ID == u.ID }) {
			u.Roles = []store.Role{store.RoleCandidate}
			w.must(w.UpdateUser(w.ctx, u))
		}
	}
}

func lastAdmin(w *world) {
	last, disabled := w.newAdmin(), w.newAdmin()
	w.onlyAdmins(last, disabled)
	was := disabled
	disabled.Disabled = true
	w.must(w.By(w.act(store.ActUpdateUser, nil)).ReviseUser(w.ctx, was, disabled))
	for what, change := range map[string]func(*store.User){
		"disabled": func(u *store.User) { u.Disabled = true },
		"demoted":  func(u *store.User) { u.Roles = []store.Role{store.RoleAuthor} },
	} {
		is := last
		change(&is)
		if err := w.By(w.act(store.ActUpdateUser, nil)).ReviseUser(w.ctx, last, is); !errors.Is(err, store.ErrLastAdmin) {
			w.Errorf("%s: %v", what, err)
		}
		w.equalUser(last)
	}
	renamed := last
	renamed.Name = "改名"
	w.must(w.By(w.act(store.ActUpdateUser, nil)).ReviseUser(w.ctx, last, renamed))
}

func adminsCross(w *world) {
	for range 10 {
		pair := []store.User{w.newAdmin(), w.newAdmin()}
		w.onlyAdmins(pair...)
		errs := together(w, 2, func(i int) (error, error) {
			is := pair[i]
			is.Roles = []store.Role{store.RoleCandidate}
			return w.By(w.act(store.ActUpdateUser, nil)).ReviseUser(w.ctx, pair[i], is), nil
		})
		if (errs[0] == nil) == (errs[1] == nil) || !errors.Is(errors.Join(errs...), store.ErrLastAdmin) {
			w.Errorf("both acted: %v", errs)
		}
	}
}
