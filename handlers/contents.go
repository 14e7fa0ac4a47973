package handlers

import (
	"context"
	"fmt"
	"sync"

	"shiken/exam"
	"shiken/store"
	"shiken/templates"
)

// contents keeps rendered questions in memory. A question version never changes, so what is kept is
// always right; when too much is kept, all of it goes.
type contents struct {
	store  store.Exams
	render Renderer
	mu     sync.RWMutex
	kept   map[string]*content
}

// maxContents bounds the questions that are kept: some tens of megabytes.
const maxContents = 10_000

// content is one question version, rendered.
type content struct {
	question exam.Question
	stem     templates.SafeHTML
	stimulus templates.SafeHTML
	pieces   []templates.Piece   // of the stem of a gap question that holds its gaps
	options  map[string]rendered // by option id
	prompts  map[string]rendered // by prompt id
	numbers  map[string]bool     // gaps that take a number, by prompt id
}

type rendered struct {
	html templates.SafeHTML
	text string
}

func newContents(s store.Exams, r Renderer) *contents {
	return &contents{store: s, render: r, kept: map[string]*content{}}
}

// all returns the contents of versions, reading those that are not kept in one statement.
func (c *contents) all(ctx context.Context, versions []string) (map[string]*content, error) {
	out := make(map[string]*content, len(versions))
	var missing []string
	c.mu.RLock()
	for _, v := range versions {
		if k := c.kept[v]; k != nil {
			out[v] = k
		} else {
			missing = append(missing, v)
		}
	}
	c.mu.RUnlock()
	if len(missing) == 0 {
		return out, nil
	}
	read, err := c.store.Questions(ctx, missing)
	if err != nil {
		return nil, err
	}
	for _, v := range missing {
		q, ok := read[v]
		if !ok {
			return nil, fmt.Errorf("handlers: question version %s of a paper is missing", v)
		}
		out[v] = c.made(q)
	}
	c.keep(out)
	return out, nil
}

func (c *contents) one(ctx context.Context, version string) (*content, error) {
	all, err := c.all(ctx, []string{version})
	if err != nil {
		return nil, err
	}
	return all[version], nil
}

func (c *contents) keep(read map[string]*content) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.kept)+len(read) > maxContents {
		c.kept = map[string]*content{}
	}
	for v, k := range read {
		c.kept[v] = k
	}
}

func (c *contents) made(q exam.Question) *content {
	k := &content{
		question: q, stem: c.render.Block(q.Stem),
		options: map[string]rendered{}, prompts: map[string]rendered{}, numbers: map[string]bool{},
	}
	c.addOptions(k, q.Options)
	if q.Stimulus.Source != "" {
		k.stimulus = c.render.Block(q.Stimulus)
	}
	if q.Type == exam.Gaps {
		if pieces := c.render.Gapped(q.Stem, len(q.Prompts)); len(pieces) > 1 {
			k.pieces = pieces
		}
	}
	for _, p := range q.Prompts {
		k.numbers[p.ID] = p.Number
		k.prompts[p.ID] = rendered{c.render.Inline(p.Text), c.render.Plain(p.Text)}
		c.addOptions(k, p.Options)
	}
	return k
}

func (c *contents) addOptions(k *content, options []exam.Option) {
	for _, o := range options {
		k.options[o.ID] = rendered{c.render.Inline(o.Text), c.render.Plain(o.Text)}
	}
}
