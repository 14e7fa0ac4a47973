package torture

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"shiken/devtools/history"
)

// What a reply tells of a request, by kind. A reply of the server's own trouble tells nothing: the
// operation stays unknown. (That of 500 breaks the run besides, see site.)

// judge fills in what a reply told.
type judge func(*reply, *history.Op)

// saved is the API's answer to a save, of either outcome.
type saved struct {
	Success  bool            `json:"success"`
	Outcome  history.Result  `json:"outcome"`
	Rev      int64           `json:"rev"`
	Deadline *string         `json:"deadline"`
	Receipt  history.Receipt `json:"receipt"`
	Reason   string          `json:"reason"`
	Current  *struct {
		Rev      int64           `json:"rev"`
		Answer   json.RawMessage `json:"answer"`
		Flagged  bool            `json:"flagged"`
		Deadline *string         `json:"deadline"`
	} `json:"current"`
}

func judgeSave(r *reply, o *history.Op) {
	var s saved
	err := json.Unmarshal(r.body, &s)
	switch {
	case r.status >= http.StatusInternalServerError:
	case err != nil: // no answer of ours
	case r.status == http.StatusOK && s.Success:
		o.Result, o.NewRev, o.Receipt, o.Deadline = s.Outcome, s.Rev, s.Receipt, told(s.Deadline)
	case s.Current != nil:
		o.Result, o.Reason, o.Deadline = history.Rejected, s.Reason, told(s.Current.Deadline)
		o.Saved, o.SavedRev, o.SavedFlag = string(s.Current.Answer), s.Current.Rev, &s.Current.Flagged
	default:
		o.Result = history.Refused
	}
}

func told(deadline *string) int64 {
	if deadline == nil {
		return 0
	}
	return deadlineOf(*deadline)
}

// judgeForm judges what is answered by a redirect when it is acknowledged: a form of a paper of total
// questions, a submission, a start.
func judgeForm(r *reply, o *history.Op, total int) {
	switch {
	case r.status >= http.StatusInternalServerError:
	case r.status == http.StatusSeeOther:
		o.Result = history.Acknowledged
		led := readPlace(r.location)
		o.Led = led.position
		if led.review {
			o.Led = total + 1
		}
		if o.Kind == history.Start {
			o.Attempt = led.attempt
		}
	default:
		judgePage(r, o)
	}
}

func judgePage(r *reply, o *history.Op) {
	o.Result = history.Refused
	if !strings.Contains(string(r.body), "data-outcome") {
		return
	}
	p := readPage(r.body)
	if p.data["outcome"] == string(history.Rejected) {
		o.Result, o.Reason = history.Rejected, p.data["reason"]
	}
}

// judgeRead takes over what a question's page shows as saved.
func judgeRead(r *reply, o *history.Op, v *view) {
	switch {
	case r.status >= http.StatusInternalServerError:
	case r.status == http.StatusOK && v != nil:
		o.Result, o.Saved, o.SavedRev, o.Deadline, o.Opening = history.Acknowledged, v.answer, v.rev, v.deadlineAt, v.opening
		if v.flaggable {
			o.SavedFlag = &v.flagged
		}
	default:
		o.Result = history.Refused
	}
}

// judgeResult takes over the score that a result's page shows.
func judgeResult(r *reply, o *history.Op) {
	switch {
	case r.status >= http.StatusInternalServerError:
	case r.status == http.StatusOK:
		p := readPage(r.body)
		o.Result, o.Points, o.Most = history.Acknowledged, p.points, p.most
	default:
		o.Result = history.Refused
	}
}

// place is where a path leads.
type place struct {
	attempt  string
	position int // history.NotTold: no question
	review   bool
	result   bool
}

// readPlace reads the path of a redirect.
func readPlace(location string) place {
	path, _, _ := strings.Cut(location, "?")
	parts := strings.Split(strings.Trim(path, "/"), "/")
	p := place{position: history.NotTold}
	if len(parts) < 3 || parts[0] != "attempts" {
		return p
	}
	p.attempt = parts[1]
	switch {
	case parts[2] == "review":
		p.review = true
	case parts[2] == "result":
		p.result = true
	case parts[2] == "questions" && len(parts) == 4:
		if n, err := strconv.Atoi(parts[3]); err == nil {
			p.position = n
		}
	}
	return p
}

// attemptOf is the attempt that a link leads to, "" when it leads elsewhere or to its result.
func attemptOf(href string) string {
	path, _, _ := strings.Cut(href, "?")
	id, ok := strings.CutPrefix(path, "/attempts/")
	if !ok || strings.Contains(id, "/") {
		return ""
	}
	return id
}
