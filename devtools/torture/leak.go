package torture

import (
	"regexp"
	"slices"

	"shiken/devtools/secrets"
)

// Who was told what (R12). Keys, explanations and notes of the questions, and the names and answers of
// candidates hold secrets. Of other candidates nobody is told any; of a question whoever has sent its
// check in a practice, on the page of that question.

// checks notes that a check of a question is about to be sent.
func (c *candidate) checks(at place) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.checked[at] = true
}

func (c *candidate) hasChecked(at place) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.checked[at]
}

// stemName finds the name of the question that a page shows, see exams/torture.gift.
var stemName = regexp.MustCompile(`number ([tc][0-9]+)\.`)

// leaks lists what a reply tells the candidate, and should not.
func (c *candidate) leaks(q *request, r *reply) []string {
	var told []string
	for _, s := range secrets.In(r.location + string(r.body)) {
		if !c.mayKnow(s, q, r) {
			told = append(told, s.Describe()+" was told to candidate "+label(c.n)+" by "+q.method+" "+q.path)
		}
	}
	return told
}

func (c *candidate) mayKnow(s secrets.Secret, q *request, r *reply) bool {
	switch s.Kind {
	case secrets.Answer, secrets.Name:
		return s.Of == label(c.n)
	case secrets.Key, secrets.Explanation, secrets.Note:
		at := readPlace(q.path)
		shown := stemName.FindAllSubmatch(r.body, -1)
		other := func(m [][]byte) bool { return string(m[1]) != s.Of }
		return at.position > 0 && c.hasChecked(at) && len(shown) > 0 && !slices.ContainsFunc(shown, other)
	}
	return false
}
