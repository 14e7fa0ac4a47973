package jobs

import (
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"time"

	"github.com/google/uuid"

	"shiken/store"
)

const (
	// maxClaims is how often a deadly job is begun. The second time finds out whether it was the job, and not
	// something else that ended the process.
	maxClaims = 2
	// leaving bounds the giving back of a claim.
	leaving = 2 * time.Second
)

// Deadly marks a kind whose work may end the process, as what needs more memory than there is. Without
// bounds each instance would take up what killed the one before. Such a job is begun at most maxClaims
// times, leaving off in order aside, and then ended as failed. It MUST be called before Run.
func (r *Runner) Deadly(kind store.JobKind) { r.deadly[kind] = true }

// givenUp reports whether a job has ended processes often enough.
func (r *Runner) givenUp(job *store.Job) bool { return r.deadly[job.Kind] && job.Claims > maxClaims }

func giveUp(log *slog.Logger) any {
	reference := uuid.NewString()
	log.Error("job given up: each time it was begun its process ended", "reference", reference, "times", maxClaims)
	return ended{Failed: reference, Deadly: true}
}

// leaveOff gives the claim of a job back that is not done, without its being at fault, and reports whether
// that was stored.
func (r *Runner) leaveOff(ctx context.Context, id string) bool {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaving)
	defer cancel()
	err := r.store.LeaveJob(ctx, id)
	if err != nil {
		r.log.Warn("job left off without giving it back", "job", id, "error", err)
	}
	return err == nil
}

// giveBack gives those claims back that were of jobs under way here; what is not stored is tried again in the
// next round. They would count although no process ended.
func (r *Runner) giveBack(ctx context.Context) {
	r.owed = slices.DeleteFunc(r.owed, func(id string) bool { return r.leaveOff(ctx, id) })
}

// GivenUp reports whether a job failed because its process ended each time that it was begun.
func GivenUp(job *store.Job) bool {
	var e ended
	return job.Finished != 0 && json.Unmarshal(job.Outcome, &e) == nil && e.Deadly
}
