package handlers

import (
	"bytes"
	"compress/flate"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/proctor"
	"shiken/store"
)

// trial is a sitting of an exam of which nothing is stored: an author looks at the exam as a candidate
// would. Its whole state travels in the forms of its pages, signed for the one who began it.
type trial struct {
	Exam     string       `json:"exam"`
	Revision int          `json:"revision"` // of the definition
	Seed     exam.Seed    `json:"seed"`
	Paper    exam.Hash    `json:"paper"`
	Started  exam.Instant `json:"started"`
	Attempt  exam.Attempt `json:"attempt"` // without what only a journal needs
}

const purposeTrial = "trial"

// maxTrial bounds the state in a form, in bytes, and maxPlainTrial what is packed into it: text that
// repeats itself packs a thousandfold.
const (
	maxTrial      = 256 << 10
	maxPlainTrial = 2 << 20
)

// errTrialFull: the answers of a trial are more than a form carries.
var errTrialFull = errors.New("handlers: the state of a trial is too long")

// encodeTrial is the state for a form of the user's.
func (s *Server) encodeTrial(user string, t *trial) (string, error) {
	plain, err := json.Marshal(t)
	if err != nil {
		return "", fmt.Errorf("handlers: trial: %w", err)
	}
	if len(plain) > maxPlainTrial {
		return "", errTrialFull
	}
	var b bytes.Buffer
	packed, _ := flate.NewWriter(&b, flate.BestSpeed) // the level is one that there is
	if _, err := packed.Write(plain); err != nil {
		return "", fmt.Errorf("handlers: trial: %w", err)
	}
	if err := packed.Close(); err != nil {
		return "", fmt.Errorf("handlers: trial: %w", err)
	}
	text := base64.RawURLEncoding.EncodeToString(b.Bytes())
	if len(text) > maxTrial {
		return "", errTrialFull
	}
	return s.sign(purposeTrial, user+"\x00"+text) + "." + text, nil
}

// decodeTrial reads a state that this program gave to the user; anything else is malformed.
func (s *Server) decodeTrial(user, state string) (*trial, error) {
	signature, text, found := strings.Cut(state, ".")
	if !found || !s.signedBy(purposeTrial, user+"\x00"+text, signature) {
		return nil, errMalformed
	}
	packed, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return nil, errMalformed
	}
	plain, err := io.ReadAll(flate.NewReader(bytes.NewReader(packed)))
	if err != nil {
		return nil, errMalformed
	}
	t := new(trial)
	if err := json.Unmarshal(plain, t); err != nil {
		return nil, errMalformed
	}
	return t, nil
}

// newTrial draws a paper and begins.
func (s *Server) newTrial(r *http.Request, revised *store.Revised) (*trial, *store.Snapshot, error) {
	t := &trial{Exam: revised.Definition.Slug, Revision: revised.Revision, Started: nowOf(r)}
	_, _ = rand.Read(t.Seed[:]) // never fails: crypto/rand aborts the program instead
	paper, err := s.drawTrial(r, revised, t.Seed)
	if err != nil {
		return nil, nil, err
	}
	t.Paper = paper.Hash()
	t.Attempt, _, err = exam.Begin(paper, uuid.NewString(), "", proctor.NewSalt(), t.Started)
	return t, s.trialSnapshot(r, t, paper), err
}

// resumeTrial draws the same paper again; nil when it is not the same any more.
func (s *Server) resumeTrial(r *http.Request, revised *store.Revised, t *trial) (*store.Snapshot, error) {
	if t.Exam != revised.Definition.Slug || t.Revision != revised.Revision {
		return nil, nil
	}
	paper, err := s.drawTrial(r, revised, t.Seed)
	if errors.Is(err, exam.ErrDefinition) {
		return nil, nil
	}
	if err != nil || paper.Hash() != t.Paper {
		return nil, err
	}
	return s.trialSnapshot(r, t, paper), nil
}

// drawTrial draws the paper of a trial. The exam's window says when candidates may come; a trial is at
// any time.
func (s *Server) drawTrial(r *http.Request, revised *store.Revised, seed exam.Seed) (*exam.Paper, error) {
	d := revised.Definition
	d.Rules.Window = exam.Window{}
	pools, err := s.Store.LoadPools(r.Context(), &d)
	if err != nil {
		return nil, err
	}
	picked, err := s.Store.Picked(r.Context(), d.Slug)
	if err != nil {
		return nil, err
	}
	paper, err := exam.Draw(exam.DrawRequest{
		Attempt: uuid.Nil.String(), Candidate: viewerOf(r).User.ID, Seed: seed, Definition: &d, Pools: pools, Picked: picked,
	})
	return &paper, err
}

func (s *Server) trialSnapshot(r *http.Request, t *trial, paper *exam.Paper) *store.Snapshot {
	return &store.Snapshot{Now: nowOf(r), Viewer: viewerOf(r), Attempt: t.Attempt, Paper: paper, Number: 1}
}

// applyTrial gives a command to the attempt of a trial, in memory.
func applyTrial(snap *store.Snapshot, c exam.Command) (exam.Outcome, error) {
	c.ID, c.Salt, c.Opening = uuid.NewString(), proctor.NewSalt(), 1
	next, outcome, err := exam.Apply(snap.Paper, snap.Attempt, c, snap.Now)
	if err != nil {
		return outcome, err
	}
	next.Commands, next.Rejections = nil, 0
	for n, response := range next.Responses {
		response.Pages = nil
		next.Responses[n] = response
	}
	snap.Attempt = next
	return outcome, nil
}

// expireTrial closes a trial whose time is over, as the server would a little later.
func expireTrial(snap *store.Snapshot) error {
	if exam.MayWrite(snap.Paper, &snap.Attempt, snap.Now) != exam.TimeIsUp {
		return nil
	}
	at, _ := snap.Attempt.ExpiresAt(snap.Paper)
	snap.Now = max(snap.Now, at)
	_, err := applyTrial(snap, exam.Command{Kind: exam.Expire, Actor: exam.Actor{Role: exam.Server}})
	return err
}

// markTrial marks a closed trial with the current keys.
func (s *Server) markTrial(r *http.Request, snap *store.Snapshot) error {
	keyed, err := s.Store.Keys(r.Context(), proctor.Versions(snap.Paper))
	if err != nil {
		return err
	}
	keys := make(map[string]exam.Key, len(keyed))
	for version, k := range keyed {
		keys[version] = k.Key
	}
	score := s.Proctor.Grader.Mark(snap.Paper, &snap.Attempt, keys)
	_, err = applyTrial(snap, exam.Command{Kind: exam.Grade, Actor: exam.Actor{Role: exam.Server}, Score: &score})
	return err
}
