package fakeredis

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// token matches blanks, strings, names with dots, numbers and signs.
var token = regexp.MustCompile(`\s+|'[^']*'|"[^"]*"|[A-Za-z_][A-Za-z0-9_.]*|[0-9]+|==|~=|.`)

func tokens(source string) []string {
	all := token.FindAllString(source, -1)
	return slices.DeleteFunc(all, func(t string) bool { return strings.TrimSpace(t) == "" || t == ";" })
}

type parser struct{ tokens []string }

// peek is the next token, "" at the end.
func (p *parser) peek() string {
	if len(p.tokens) == 0 {
		return ""
	}
	return p.tokens[0]
}

func (p *parser) next() string {
	t := p.peek()
	if t != "" {
		p.tokens = p.tokens[1:]
	}
	return t
}

func (p *parser) take(t string) bool {
	if p.peek() != t {
		return false
	}
	p.next()
	return true
}

func (p *parser) unexpected() error { return fmt.Errorf("fakeredis: script: unexpected %q", p.peek()) }

func (p *parser) want(tokens ...string) error {
	for _, t := range tokens {
		if !p.take(t) {
			return fmt.Errorf("fakeredis: script: %q where %q should be", p.peek(), t)
		}
	}
	return nil
}

// block reads statements up to the end, or to what ends a block.
func (p *parser) block() (block, error) {
	var out block
	for {
		switch p.peek() {
		case "", "end", "else", "elseif":
			return out, nil
		}
		s, err := p.statement()
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
}

func (p *parser) statement() (statement, error) {
	switch {
	case p.take("local"):
		return p.local()
	case p.take("if"):
		return p.conditional()
	case p.take("return"):
		value, err := p.expression()
		return func(r *running) (any, bool, error) {
			v, err := value(r)
			return v, true, err
		}, err
	case p.peek() == "redis.call":
		call, err := p.expression()
		return func(r *running) (any, bool, error) {
			_, err := call(r)
			return nil, false, err
		}, err
	}
	return nil, p.unexpected()
}

func (p *parser) local() (statement, error) {
	name := p.next()
	if err := p.want("="); err != nil {
		return nil, err
	}
	value, err := p.expression()
	return func(r *running) (any, bool, error) {
		v, err := value(r)
		r.locals[name] = v
		return nil, false, err
	}, err
}

// conditional reads what follows "if" or "elseif".
func (p *parser) conditional() (statement, error) {
	condition, err := p.expression()
	if err != nil {
		return nil, err
	}
	if err := p.want("then"); err != nil {
		return nil, err
	}
	yes, err := p.block()
	if err != nil {
		return nil, err
	}
	var no block
	switch {
	case p.take("elseif"):
		s, err := p.conditional()
		return choose(condition, yes, block{s}), err
	case p.take("else"):
		if no, err = p.block(); err != nil {
			return nil, err
		}
	}
	return choose(condition, yes, no), p.want("end")
}

func choose(condition expression, yes, no block) statement {
	return func(r *running) (any, bool, error) {
		v, err := condition(r)
		if err != nil {
			return nil, false, err
		}
		if truth(v) {
			return yes.run(r)
		}
		return no.run(r)
	}
}

// expression reads the operators from the weakest: or, and, comparisons, not.
func (p *parser) expression() (expression, error) {
	return p.binary("or", func() (expression, error) {
		return p.binary("and", p.comparison, func(a any) bool { return !truth(a) })
	}, truth)
}

// binary reads operands of and or or; the value of the first one that settles it is the value of all.
func (p *parser) binary(operator string, operand func() (expression, error), settles func(any) bool) (expression, error) {
	left, err := operand()
	for err == nil && p.take(operator) {
		var right expression
		if right, err = operand(); err == nil {
			left = either(left, right, settles)
		}
	}
	return left, err
}

func either(left, right expression, settles func(any) bool) expression {
	return func(r *running) (any, error) {
		v, err := left(r)
		if err != nil || settles(v) {
			return v, err
		}
		return right(r)
	}
}

func (p *parser) comparison() (expression, error) {
	left, err := p.unary()
	if err != nil || p.peek() != "==" && p.peek() != "~=" {
		return left, err
	}
	equal := p.next() == "=="
	right, err := p.unary()
	return func(r *running) (any, error) {
		a, err := left(r)
		if err != nil {
			return nil, err
		}
		b, err := right(r)
		return (a == b) == equal, err
	}, err
}

func (p *parser) unary() (expression, error) {
	if !p.take("not") {
		return p.primary()
	}
	operand, err := p.unary()
	return func(r *running) (any, error) {
		v, err := operand(r)
		return !truth(v), err
	}, err
}

var literals = map[string]any{"nil": nil, "true": true, "false": false}

func (p *parser) primary() (expression, error) {
	t := p.next()
	switch {
	case t == "(":
		inner, err := p.expression()
		if err != nil {
			return nil, err
		}
		return inner, p.want(")")
	case t == "redis.call":
		return p.call()
	case t == "KEYS" || t == "ARGV":
		return p.indexed(t)
	case len(t) > 1 && (t[0] == '\'' || t[0] == '"'):
		return constant(t[1 : len(t)-1]), nil
	}
	if v, ok := literals[t]; ok {
		return constant(v), nil
	}
	if n, err := strconv.ParseInt(t, 10, 64); err == nil {
		return constant(n), nil
	}
	if t == "" || !isName(t) {
		return nil, fmt.Errorf("fakeredis: script: unexpected %q", t)
	}
	return func(r *running) (any, error) { return r.locals[t], nil }, nil
}

func isName(t string) bool { return t[0] == '_' || t[0]|0x20 >= 'a' && t[0]|0x20 <= 'z' }

func constant(v any) expression { return func(*running) (any, error) { return v, nil } }

func (p *parser) call() (expression, error) {
	if err := p.want("("); err != nil {
		return nil, err
	}
	var args []expression
	for {
		a, err := p.expression()
		if err != nil {
			return nil, err
		}
		args = append(args, a)
		if !p.take(",") {
			break
		}
	}
	return func(r *running) (any, error) { return r.called(args) }, p.want(")")
}

func (p *parser) indexed(list string) (expression, error) {
	if err := p.want("["); err != nil {
		return nil, err
	}
	n, err := strconv.ParseInt(p.next(), 10, 64)
	if err != nil {
		return nil, fmt.Errorf("fakeredis: script: %s wants a number: %w", list, err)
	}
	return func(r *running) (any, error) {
		if list == "KEYS" {
			return element(r.keys, n), nil
		}
		return element(r.argv, n), nil
	}, p.want("]")
}
