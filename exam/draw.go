package exam

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
)

// PoolQuestion is a question that a section may draw.
type PoolQuestion struct {
	Version  string // question version id
	Identity string // question id: versions of one question share it
	Category string
	Year     int // 0 = none
	Question Question
}

// Seed decides a paper: 32 bytes that nobody but the program may know or guess. What a candidate sees
// of a paper (orders, opaque values) tells nothing about the seed, and so nothing about what else was
// made of it: the order of options in the source often is the key (R12).
type Seed [32]byte

// DrawRequest is all that Draw needs to make a paper.
type DrawRequest struct {
	Attempt      string
	Candidate    string
	ExtraPercent int // of the candidate, 0..MaxExtraPercent
	Seed         Seed
	Definition   *Definition
	Pools        [][]PoolQuestion // by section, in the set's order
	Picked       []Picked         // what sections with PickSame chose before (PickOnce)
}

// Draw makes a paper out of a definition: the same request gives the same paper. It is an error
// (ErrDefinition) to draw more questions than there are, or a number that whole groups cannot make,
// and no question stands twice on a paper (R14), so a section draws from what those before it in
// DrawOrder left.
func Draw(q DrawRequest) (Paper, error) {
	if len(q.Pools) != len(q.Definition.Sections) {
		return Paper{}, fmt.Errorf("%w: %d pools for %d sections", ErrDefinition, len(q.Pools), len(q.Definition.Sections))
	}
	rng := rand.New(rand.NewChaCha8(q.Seed))
	p := Paper{
		Attempt: q.Attempt, Exam: q.Definition.Slug, Title: q.Definition.Title, Candidate: q.Candidate,
		Seed: hex.EncodeToString(q.Seed[:]), Rules: q.Definition.Rules,
		Attachments: slices.Clone(q.Definition.Attachments),
	}
	p.Rules.ExtraPercent = q.ExtraPercent
	used := map[string]bool{}
	same, err := q.drawSame(used)
	if err != nil {
		return Paper{}, err
	}
	for i, s := range q.Definition.Sections {
		p.Sections = append(p.Sections, PaperSection{Title: s.Title, Minimum: s.Minimum})
		picked, err := drawSection(rng, q, i, same[i], used)
		if err != nil {
			return Paper{}, err
		}
		for _, question := range picked {
			values := &opaque{seed: q.Seed, position: len(p.Items) + 1, used: map[string]bool{}}
			it := makeItem(rng, q.Definition, &s, question, values)
			it.Section = i
			p.Items = append(p.Items, it)
		}
	}
	if len(p.Items) == 0 || len(p.Items) > MaxQuestions {
		return Paper{}, fmt.Errorf("%w: %d questions", ErrDefinition, len(p.Items))
	}
	return p, nil
}

// drawSame makes the choice of the sections that have the same questions for everybody, and marks them
// as used.
func (q *DrawRequest) drawSame(used map[string]bool) ([][][]PoolQuestion, error) {
	if !q.Definition.PicksOnce() {
		return make([][][]PoolQuestion, len(q.Pools)), nil
	}
	same, err := sameUnits(q.Definition, q.Pools, q.Picked, q.Seed)
	for _, units := range same {
		for _, unit := range units {
			for _, question := range unit {
				used[question.Identity] = true
			}
		}
	}
	return same, err
}

// drawSection picks a section's questions: those of same where they are the same for everybody, else a
// random subset; in random order when questions are shuffled, else in the set's order. Questions of one
// group are drawn together, one after the other in the set's order.
func drawSection(rng *rand.Rand, q DrawRequest, section int, same [][]PoolQuestion, used map[string]bool) ([]PoolQuestion, error) {
	units, n := same, count(same)
	if q.Definition.Sections[section].Pick == PickSame {
		units = inPoolOrder(same, q.Pools[section])
	} else {
		units = Units(undrawn(q.Pools[section], used))
		if n = q.Definition.Sections[section].Draw; n == 0 {
			n = count(units)
		}
	}
	if n < 0 || n > count(units) {
		return nil, tooFew(section, n, count(units))
	}
	picked, ok := pickUnits(rng, units, n, q.Definition.Shuffle.Questions)
	if !ok {
		return nil, tornUp(section, n)
	}
	out := make([]PoolQuestion, 0, n)
	for _, unit := range picked {
		for _, question := range unit {
			out = append(out, question)
			used[question.Identity] = true
		}
	}
	return out, nil
}

// inPoolOrder puts units into the order of the pool that they are of.
func inPoolOrder(units [][]PoolQuestion, pool []PoolQuestion) [][]PoolQuestion {
	place := make(map[string]int, len(pool))
	for i := range pool {
		if _, known := place[pool[i].Identity]; !known {
			place[pool[i].Identity] = i
		}
	}
	return slices.SortedFunc(slices.Values(units), func(a, b []PoolQuestion) int {
		return place[a[0].Identity] - place[b[0].Identity]
	})
}

func tooFew(section, n, all int) error {
	return fmt.Errorf("%w: section %d draws %d of %d questions", ErrDefinition, section+1, n, all)
}

func tornUp(section, n int) error {
	return fmt.Errorf("%w: section %d draws %d questions, which tears up a group", ErrDefinition, section+1, n)
}

// undrawn lists the questions of a pool that no section has drawn, each once, whatever number of
// its versions the pool holds.
func undrawn(pool []PoolQuestion, used map[string]bool) []PoolQuestion {
	out := make([]PoolQuestion, 0, len(pool))
	seen := map[string]bool{}
	for _, question := range pool {
		if !used[question.Identity] && !seen[question.Identity] {
			out = append(out, question)
			seen[question.Identity] = true
		}
	}
	return out
}

func inOrder(chosen []int, n int) []int {
	in := make([]bool, n)
	for _, j := range chosen {
		in[j] = true
	}
	out := make([]int, 0, len(chosen))
	for j, ok := range in {
		if ok {
			out = append(out, j)
		}
	}
	return out
}

// permutation is Fisher and Yates's shuffle of 0..n-1, written here so that a stored seed gives the
// same paper under every version of the standard library.
func permutation(rng *rand.Rand, n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	for i := n - 1; i > 0; i-- {
		j := int(rng.Uint64() % uint64(i+1))
		out[i], out[j] = out[j], out[i]
	}
	return out
}

func makeItem(rng *rand.Rand, d *Definition, s *SectionDefinition, q PoolQuestion, values *opaque) Item {
	shuffle := d.Shuffle.Options
	it := Item{Version: q.Version, Type: q.Question.Type, Points: s.Points, Exact: true}
	if it.Type == Description {
		it.Points = 0
	}
	if it.Type == MultipleChoice {
		it.Multiple = s.Multiple
	}
	if (it.Type == SingleChoice || it.Type == MultipleChoice) && !OwnLabels(q.Question.Options) {
		it.Labels = d.Labels
	}
	if it.Type.IsChoice() {
		it.Wrong = s.Wrong
		it.Choices = makeChoices(rng, q.Question.Options, KeptPlaces(q.Question.Options), shuffle && it.Type != TrueFalse, values)
	}
	if it.Type.IsKeyed() {
		it.Prompts = makePrompts(rng, &q.Question, shuffle, values)
	}
	return it
}

// makeChoices shuffles options but for those that keep their places.
func makeChoices(rng *rand.Rand, options []Option, kept []bool, shuffle bool, values *opaque) []Choice {
	out := make([]Choice, len(options))
	for i, j := range optionOrder(rng, kept, shuffle) {
		out[i] = Choice{Value: values.next(), Option: options[j].ID}
	}
	return out
}

func fixedPlaces(options []Option) []bool {
	fixed := make([]bool, len(options))
	for i := range options {
		fixed[i] = options[i].Fixed
	}
	return fixed
}

// optionOrder shuffles the options that do not keep their places among their own.
func optionOrder(rng *rand.Rand, kept []bool, shuffle bool) []int {
	out := make([]int, len(kept))
	var movable []int
	for i := range out {
		out[i] = i
		if !kept[i] {
			movable = append(movable, i)
		}
	}
	if !shuffle {
		return out
	}
	for k, j := range permutation(rng, len(movable)) {
		out[movable[k]] = movable[j]
	}
	return out
}

// makePrompts always shuffles the values of matching and the items to order: their order in the
// source often is the key.
func makePrompts(rng *rand.Rand, q *Question, shuffle bool, values *opaque) []PaperPrompt {
	order := make([]int, len(q.Prompts))
	for i := range order {
		order[i] = i
	}
	if q.Type == Ordering {
		order = permutation(rng, len(order))
	}
	var shared []Choice
	if q.Type == Matching {
		shared = makeChoices(rng, q.Options, fixedPlaces(q.Options), true, values)
	}
	out := make([]PaperPrompt, len(order))
	for i, j := range order {
		p := &q.Prompts[j]
		out[i] = PaperPrompt{Key: values.next(), Prompt: p.ID}
		switch q.Type {
		case Matching:
			out[i].Values = shared
		case Ordering:
			out[i].Values = places(len(order))
		default:
			out[i].Values = makeChoices(rng, p.Options, fixedPlaces(p.Options), shuffle, values)
		}
	}
	return out
}

func placeName(place int) string { return strconv.Itoa(place) }

func places(n int) []Choice {
	out := make([]Choice, n)
	for i := range out {
		out[i] = Choice{Value: placeName(i + 1), Option: placeName(i + 1)}
	}
	return out
}

// opaque makes the values that stand in the forms of one position: six characters that tell neither
// index nor correctness, all of one length (R12). They are a keyed hash of position and count, and
// not outputs of the generator that shuffles: from those its state could be computed.
type opaque struct {
	seed     Seed
	position int
	count    uint64
	used     map[string]bool
}

const opaqueAlphabet = "abcdefghijklmnopqrstuvwxyz234567"

func (o *opaque) next() string {
	for {
		mac := hmac.New(sha256.New, o.seed[:])
		message := binary.BigEndian.AppendUint64([]byte("value"), uint64(o.position))
		mac.Write(binary.BigEndian.AppendUint64(message, o.count))
		o.count++
		b := make([]byte, 6)
		for i, x := range mac.Sum(nil)[:len(b)] {
			b[i] = opaqueAlphabet[x&31]
		}
		if s := string(b); !o.used[s] {
			o.used[s] = true
			return s
		}
	}
}
