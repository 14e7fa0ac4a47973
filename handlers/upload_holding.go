package handlers

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"net/http"
	"sync"

	"shiken/desk"
	"shiken/questionset"
	"shiken/store"
)

// holding is an upload as it would be loaded, with what its pages ask for at each view and what takes long to find
// out where questions are many. It is kept with the reading, and made anew when its author mends something.
type holding struct {
	file    *questionset.File // with what was mended; never written to
	mends   [sha256.Size]byte // what that was
	seen    func() []seen
	reading func() *desk.Reading
	parts   func() map[string][]questionset.Question // of a package, by set

	mu      sync.Mutex
	planned map[string]plannedLoad // the latest, of a package by set
}

// plannedLoad is what loading would do to a set in a state.
type plannedLoad struct {
	state string
	plan  *store.LoadPlan // never written to
}

// questions are those that go to a set.
func (h *holding) questions(set string) []questionset.Question {
	if h.file.IsPackage() {
		return h.parts()[set]
	}
	return h.file.Questions
}

// load is how they go there.
func (h *holding) load(set string) store.QuestionLoad {
	if h.file.IsPackage() {
		return store.LoadOf(set, desk.Loaded(h.parts()[set]))
	}
	return h.reading().Load(set, store.LoadChoice{})
}

func newHolding(f *questionset.File, mends [sha256.Size]byte) *holding {
	return &holding{
		file: f, mends: mends,
		seen:    sync.OnceValue(func() []seen { return seenIn(f) }),
		reading: sync.OnceValue(func() *desk.Reading { return desk.Gathered(f) }),
		parts:   sync.OnceValue(func() map[string][]questionset.Question { return questionsBySet(f) }),
	}
}

// questionsBySet are the questions of a package by set.
func questionsBySet(f *questionset.File) map[string][]questionset.Question {
	parts := map[string][]questionset.Question{}
	for i := range f.Questions {
		set := f.Questions[i].Set
		parts[set] = append(parts[set], f.Questions[i])
	}
	return parts
}

// holding is what was read, with what was mended of it.
func (x *reading) holding(f *questionset.File, mends []store.Mend) (*holding, error) {
	text, err := json.Marshal(mends)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(text)
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.held == nil || x.held.mends != sum {
		mended, err := desk.Mended(f, mends)
		if err != nil {
			return nil, err
		}
		x.held = newHolding(mended, sum)
	}
	return x.held, nil
}

// heldUpload is an upload as it is loaded: with what its author mended.
func (s *Server) heldUpload(r *http.Request, up *store.Upload, opts questionset.Options) (*holding, error) {
	x, err := s.readingOf(r, up, opts)
	if err != nil {
		return nil, err
	}
	f, err := x.wait(r.Context())
	if err != nil {
		return nil, err
	}
	var mends []store.Mend
	if f.Format != questionset.Exam {
		if mends, err = s.Store.Mends(r.Context(), up.ID, desk.ReadingName(f, opts)); err != nil {
			return nil, err
		}
	}
	return x.holding(f, mends)
}

// loadPlanOf is what loading would do to a set, found out anew when the set has changed.
func (s *Server) loadPlanOf(ctx context.Context, h *holding, set string) (*store.LoadPlan, error) {
	state, err := s.Store.SetState(ctx, set) // before the plan: what changes meanwhile is met by the next view
	if err != nil {
		return nil, err
	}
	h.mu.Lock() // who comes meanwhile waits for the same plan
	defer h.mu.Unlock()
	if p, ok := h.planned[set]; ok && p.state == state {
		return p.plan, nil
	}
	plan, err := s.Store.PlanQuestions(ctx, h.load(set))
	if err != nil {
		return nil, err
	}
	if h.planned == nil || !h.file.IsPackage() {
		h.planned = map[string]plannedLoad{}
	}
	h.planned[set] = plannedLoad{state, &plan}
	return &plan, nil
}
