package simulate

import (
	"context"

	"shiken/exam"
	"shiken/store"
)

// The calls of a sitting, each through call.

func (f *faulty) LoadAttempt(ctx context.Context, q store.AttemptQuery) (store.Snapshot, error) {
	return call(ctx, f, "LoadAttempt", func(ctx context.Context) (store.Snapshot, error) {
		return f.db.LoadAttempt(ctx, q)
	})
}

func (f *faulty) Commit(ctx context.Context, was *store.Snapshot, next exam.Attempt, o exam.Outcome) error {
	if o.Entry == nil && o.Rejection == nil {
		return nil
	}
	return act(ctx, f, "Commit", func(ctx context.Context) error { return f.db.Commit(ctx, was, next, o) })
}

func (f *faulty) LoadStart(ctx context.Context, slug, user string) (store.StartState, error) {
	return call(ctx, f, "LoadStart", func(ctx context.Context) (store.StartState, error) {
		return f.db.LoadStart(ctx, slug, user)
	})
}

func (f *faulty) LoadPools(ctx context.Context, d *exam.Definition) ([][]exam.PoolQuestion, error) {
	return call(ctx, f, "LoadPools", func(ctx context.Context) ([][]exam.PoolQuestion, error) {
		return f.db.LoadPools(ctx, d)
	})
}

func (f *faulty) StalePractices(ctx context.Context, user string) ([]string, error) {
	return call(ctx, f, "StalePractices", func(ctx context.Context) ([]string, error) { return f.db.StalePractices(ctx, user) })
}

func (f *faulty) CheckedAt(ctx context.Context, attempt string) (map[int]exam.Instant, error) {
	return call(ctx, f, "CheckedAt", func(ctx context.Context) (map[int]exam.Instant, error) { return f.db.CheckedAt(ctx, attempt) })
}

func (f *faulty) PutPractised(ctx context.Context, p store.PractisedAttempt) error {
	return act(ctx, f, "PutPractised", func(ctx context.Context) error { return f.db.PutPractised(ctx, p) })
}

func (f *faulty) Practised(ctx context.Context, user string) ([]exam.Practised, error) {
	return call(ctx, f, "Practised", func(ctx context.Context) ([]exam.Practised, error) { return f.db.Practised(ctx, user) })
}

func (f *faulty) PoolIndex(ctx context.Context, d *exam.Definition) ([][]exam.PoolQuestion, error) {
	return call(ctx, f, "PoolIndex", func(ctx context.Context) ([][]exam.PoolQuestion, error) { return f.db.PoolIndex(ctx, d) })
}

func (f *faulty) PoolCounts(ctx context.Context, set string, tags bool) ([]store.PoolCount, error) {
	return call(ctx, f, "PoolCounts", func(ctx context.Context) ([]store.PoolCount, error) { return f.db.PoolCounts(ctx, set, tags) })
}

func (f *faulty) PoolEntries(ctx context.Context, identities []string) ([]store.PoolEntry, error) {
	return call(ctx, f, "PoolEntries", func(ctx context.Context) ([]store.PoolEntry, error) { return f.db.PoolEntries(ctx, identities) })
}

func (f *faulty) AccommodationsOf(ctx context.Context, user string) ([]store.Accommodated, error) {
	return call(ctx, f, "AccommodationsOf", func(ctx context.Context) ([]store.Accommodated, error) {
		return f.db.AccommodationsOf(ctx, user)
	})
}

func (f *faulty) CandidateResults(ctx context.Context, slug string, users []string) ([]store.ResultRow, error) {
	return call(ctx, f, "CandidateResults", func(ctx context.Context) ([]store.ResultRow, error) {
		return f.db.CandidateResults(ctx, slug, users)
	})
}

func (f *faulty) Picked(ctx context.Context, slug string) ([]exam.Picked, error) {
	return call(ctx, f, "Picked", func(ctx context.Context) ([]exam.Picked, error) { return f.db.Picked(ctx, slug) })
}

func (f *faulty) KeepPicked(ctx context.Context, slug string, was, is []exam.Picked) error {
	return act(ctx, f, "KeepPicked", func(ctx context.Context) error { return f.db.KeepPicked(ctx, slug, was, is) })
}

func (f *faulty) Create(ctx context.Context, n store.NewAttempt) error {
	return act(ctx, f, "Create", func(ctx context.Context) error { return f.db.Create(ctx, n) })
}

func (f *faulty) KeepRejectedStart(ctx context.Context, slug, user, command string, reason exam.Reason) error {
	return act(ctx, f, "KeepRejectedStart", func(ctx context.Context) error {
		return f.db.KeepRejectedStart(ctx, slug, user, command, reason)
	})
}

func (f *faulty) StartRejection(ctx context.Context, slug, user, command string) (exam.Reason, error) {
	return call(ctx, f, "StartRejection", func(ctx context.Context) (exam.Reason, error) {
		return f.db.StartRejection(ctx, slug, user, command)
	})
}

func (f *faulty) Rejections(ctx context.Context, attempt string) ([]exam.Rejection, error) {
	return call(ctx, f, "Rejections", func(ctx context.Context) ([]exam.Rejection, error) {
		return f.db.Rejections(ctx, attempt)
	})
}

func (f *faulty) CountRejections(ctx context.Context, attempt string, reasons ...exam.Reason) (int, error) {
	return call(ctx, f, "CountRejections", func(ctx context.Context) (int, error) {
		return f.db.CountRejections(ctx, attempt, reasons...)
	})
}

func (f *faulty) AcceptedRejections(ctx context.Context, attempt string) ([]int64, error) {
	return call(ctx, f, "AcceptedRejections", func(ctx context.Context) ([]int64, error) {
		return f.db.AcceptedRejections(ctx, attempt)
	})
}

func (f *faulty) MarkingEntries(ctx context.Context, attempt string) ([]exam.Entry, error) {
	return call(ctx, f, "MarkingEntries", func(ctx context.Context) ([]exam.Entry, error) {
		return f.db.MarkingEntries(ctx, attempt)
	})
}

func (f *faulty) Due(ctx context.Context, limit int) ([]string, error) {
	return call(ctx, f, "Due", func(ctx context.Context) ([]string, error) { return f.db.Due(ctx, limit) })
}

func (f *faulty) Unmarked(ctx context.Context, limit int) ([]string, error) {
	return call(ctx, f, "Unmarked", func(ctx context.Context) ([]string, error) { return f.db.Unmarked(ctx, limit) })
}

func (f *faulty) OfCandidate(ctx context.Context, user string) ([]store.Summary, exam.Instant, error) {
	return callTimed(ctx, f, "OfCandidate", func(ctx context.Context) ([]store.Summary, exam.Instant, error) {
		return f.db.OfCandidate(ctx, user)
	})
}

func (f *faulty) SignInsOf(ctx context.Context, user string, limit int) ([]store.SignIn, exam.Instant, error) {
	return callTimed(ctx, f, "SignInsOf", func(ctx context.Context) ([]store.SignIn, exam.Instant, error) {
		return f.db.SignInsOf(ctx, user, limit)
	})
}

func (f *faulty) Definitions(ctx context.Context) ([]store.ListedExam, error) {
	return call(ctx, f, "Definitions", f.db.Definitions)
}

func (f *faulty) Questions(ctx context.Context, versions []string) (map[string]exam.Question, error) {
	return call(ctx, f, "Questions", func(ctx context.Context) (map[string]exam.Question, error) {
		return f.db.Questions(ctx, versions)
	})
}

func (f *faulty) Keys(ctx context.Context, versions []string) (map[string]store.KeyedFeedback, error) {
	return call(ctx, f, "Keys", func(ctx context.Context) (map[string]store.KeyedFeedback, error) {
		return f.db.Keys(ctx, versions)
	})
}

func (f *faulty) ReleaseState(ctx context.Context, slug string) (exam.ReleaseState, error) {
	return call(ctx, f, "ReleaseState", func(ctx context.Context) (exam.ReleaseState, error) {
		return f.db.ReleaseState(ctx, slug)
	})
}

func (f *faulty) ReleaseStates(ctx context.Context, slugs []string) (map[string]exam.ReleaseState, error) {
	return call(ctx, f, "ReleaseStates", func(ctx context.Context) (map[string]exam.ReleaseState, error) {
		return f.db.ReleaseStates(ctx, slugs)
	})
}

func (f *faulty) UserByName(ctx context.Context, username string) (store.User, error) {
	return call(ctx, f, "UserByName", func(ctx context.Context) (store.User, error) {
		return f.db.UserByName(ctx, username)
	})
}

func (f *faulty) CreateSignIn(ctx context.Context, i store.SignIn) error {
	return act(ctx, f, "CreateSignIn", func(ctx context.Context) error { return f.db.CreateSignIn(ctx, i) })
}

func (f *faulty) Viewer(ctx context.Context, signIn string) (store.Viewer, exam.Instant, error) {
	return callTimed(ctx, f, "Viewer", func(ctx context.Context) (store.Viewer, exam.Instant, error) {
		return f.db.Viewer(ctx, signIn)
	})
}

func (f *faulty) ViewerByToken(ctx context.Context, hash string) (store.Viewer, exam.Instant, error) {
	return callTimed(ctx, f, "ViewerByToken", func(ctx context.Context) (store.Viewer, exam.Instant, error) {
		return f.db.ViewerByToken(ctx, hash)
	})
}

func (f *faulty) RevokeSignIn(ctx context.Context, signIn string) error {
	return act(ctx, f, "RevokeSignIn", func(ctx context.Context) error { return f.db.RevokeSignIn(ctx, signIn) })
}

func (f *faulty) RevokeAll(ctx context.Context, user string) error {
	return act(ctx, f, "RevokeAll", func(ctx context.Context) error { return f.db.RevokeAll(ctx, user) })
}

func (f *faulty) SetPassword(ctx context.Context, user, hash, keep string) error {
	return act(ctx, f, "SetPassword", func(ctx context.Context) error {
		return f.db.SetPassword(ctx, user, hash, keep)
	})
}

func (f *faulty) FailedSignIns(ctx context.Context, account, prefix string, span exam.Micros) (int, error) {
	return call(ctx, f, "FailedSignIns", func(ctx context.Context) (int, error) {
		return f.db.FailedSignIns(ctx, account, prefix, span)
	})
}

func (f *faulty) RecordFailedSignIn(ctx context.Context, account, prefix string) error {
	return act(ctx, f, "RecordFailedSignIn", func(ctx context.Context) error {
		return f.db.RecordFailedSignIn(ctx, account, prefix)
	})
}

func (f *faulty) ForgetFailedSignIns(ctx context.Context, account, prefix string) error {
	return act(ctx, f, "ForgetFailedSignIns", func(ctx context.Context) error {
		return f.db.ForgetFailedSignIns(ctx, account, prefix)
	})
}

func (f *faulty) Beat(ctx context.Context) error { return act(ctx, f, "Beat", f.db.Beat) }

func (f *faulty) Pulse(ctx context.Context) (store.Pulse, error) {
	return call(ctx, f, "Pulse", f.db.Pulse)
}

func (f *faulty) Met(ctx context.Context, from, to exam.Instant) ([]store.Outage, error) {
	return call(ctx, f, "Met", func(ctx context.Context) ([]store.Outage, error) { return f.db.Met(ctx, from, to) })
}

func (f *faulty) Struck(ctx context.Context, g exam.Gap, after string, limit int) ([]string, error) {
	return call(ctx, f, "Struck", func(ctx context.Context) ([]string, error) {
		return f.db.Struck(ctx, g, after, limit)
	})
}

func (f *faulty) Settle(ctx context.Context, outage string) error {
	return act(ctx, f, "Settle", func(ctx context.Context) error { return f.db.Settle(ctx, outage) })
}
