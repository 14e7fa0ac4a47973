package client

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
)

// QuestionForm selects the form of a question, for Page.Form.
const QuestionForm = "input[name=seq]"

// SignIn signs in and returns the page that follows.
func (c *Client) SignIn(ctx context.Context, username, password string) (*Page, error) {
	p, err := c.Post(ctx, "/login", url.Values{"username": {username}, "password": {password}})
	if err != nil {
		return nil, err
	}
	return p, p.want(http.StatusSeeOther, "sign in as "+username)
}

// Begin starts the exam, or comes back to the open attempt, and returns the
// page of a question.
func (c *Client) Begin(ctx context.Context, exam string) (*Page, error) {
	p, err := c.Get(ctx, "/exams/"+exam)
	if err != nil {
		return nil, err
	}
	if open := p.Find(`main a[href^="/attempts/"]`).AttrOr("href", ""); open != "" {
		return c.Get(ctx, open)
	}
	form := p.Form("input[name=seen]")
	if form == nil {
		return nil, missingForm(p, "start")
	}
	if p, err = c.Press(ctx, form, ""); err != nil {
		return nil, err
	}
	return p, p.want(http.StatusSeeOther, "begin "+exam)
}

// Answer fills the question on the page and sends it with the button; the page
// that follows is returned. Anything but an applied or replayed command is an
// error.
func (c *Client) Answer(ctx context.Context, p *Page, pick func(n int) int, button string) (*Page, error) {
	form := p.Form(QuestionForm)
	if form == nil {
		return nil, missingForm(p, "question")
	}
	form.Fill(pick)
	next, err := c.Press(ctx, form, button)
	if err != nil {
		return nil, err
	}
	return next, next.want(http.StatusSeeOther, "answer "+form.Action)
}

// Submit sends the form of the review page and returns the result.
func (c *Client) Submit(ctx context.Context, review *Page) (*Page, error) {
	form := review.Form("input[name=opening]")
	if form == nil {
		return nil, missingForm(review, "submit")
	}
	p, err := c.Press(ctx, form, "")
	if err != nil {
		return nil, err
	}
	return p, p.want(http.StatusSeeOther, "submit "+form.Action)
}

// IsQuestion tells whether the page shows a question to be answered.
func (p *Page) IsQuestion() bool { return p.Form(QuestionForm) != nil }

// want is an error unless the request was first answered with the status and
// led to a page.
func (p *Page) want(status int, doing string) error {
	if p.Answered == status && p.Status == http.StatusOK {
		return nil
	}
	return fmt.Errorf("client: %s: answered %d (outcome %q, reason %q), then %s",
		doing, p.Answered, p.Data("outcome"), p.Data("reason"), p)
}
