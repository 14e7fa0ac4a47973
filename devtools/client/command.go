package client

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// PlanForAll asks, on the page of an exam's sitting, what a command to all candidates would do, and
// returns the form that gives it, with a reason.
func (c *Client) PlanForAll(ctx context.Context, exam, kind string, minutes int, reason string) (*Form, error) {
	p, err := c.Get(ctx, "/admin/exams/"+url.PathEscape(exam))
	if err != nil {
		return nil, err
	}
	form := p.Form("[name=kind]")
	if form == nil {
		return nil, missingForm(p, "command")
	}
	form.Fields.Set("kind", kind)
	form.Fields.Set("minutes", strconv.Itoa(minutes))
	form.Fields.Set("scope", "all")
	if p, err = c.Press(ctx, form, ""); err != nil {
		return nil, err
	}
	confirm := p.Form("[name=job]")
	if confirm == nil {
		return nil, missingForm(p, "confirmation")
	}
	confirm.Fields.Set("reason", reason)
	return confirm, nil
}

// Command sends the form of a plan, and returns the id of the job that it led to.
func (c *Client) Command(ctx context.Context, plan *Form) (string, error) {
	p, err := c.Press(ctx, plan, "")
	if err != nil {
		return "", err
	}
	const jobs = "/admin/jobs/"
	job, isJob := strings.CutPrefix(p.URL.Path, jobs)
	if !isJob {
		return "", missingForm(p, "job's")
	}
	return job, p.want(http.StatusSeeOther, "give a command")
}
