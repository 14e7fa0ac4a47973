package templates

import (
	"strconv"

	"github.com/a-h/templ"
)

// jobRefresh is after how many seconds the page of a job under way is loaded again.
const jobRefresh = 1

func (v JobView) frame(page Page) StaffFrame {
	f := StaffFrame{
		Title: v.Title, Crumbs: append(v.Above, v.Back), Refresh: jobRefresh,
		Data: templ.Attributes{
			"data-job": v.ID, "data-ended": strconv.FormatBool(v.Ended), "data-applied": strconv.Itoa(v.Applied),
		},
	}
	if v.Ended {
		f.Refresh = 0
	}
	return f
}

func (v JobView) facts(page Page) []KeyValue {
	out := []KeyValue{
		{page.T("job.by"), v.By},
		{page.T("job.created"), page.moment(v.Created, v.Now)},
	}
	if v.Reason != "" {
		out = append(out, KeyValue{page.T("job.reason"), v.Reason})
	}
	return out
}

// stage says in words how far a job is that is not ended.
func (v JobView) stage(page Page) string {
	switch {
	case v.Begun && v.Step != "":
		return v.Step
	case v.Begun:
		return page.T("job.running")
	case v.Due.After(v.Now):
		return page.T("job.due", "time", page.Locale.Clock(v.Due))
	}
	return page.T("job.waiting")
}
