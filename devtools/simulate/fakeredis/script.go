package fakeredis

import (
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/gomodule/redigo/redis"
)

// status is a simple string of the protocol, which a script sees as a table: true.
type status string

// running is one run of a script.
type running struct {
	server *Server
	keys   []string
	argv   []string
	locals map[string]any
}

// script is compiled: a block of statements.
type script struct{ body block }

type block []statement

// statement runs, and reports whether the script returned with a value.
type statement func(*running) (result any, returned bool, err error)

// expression values are nil, bool, string, int64 or status.
type expression func(*running) (any, error)

var compiled sync.Map // source to *script

// compile reads a script in the part of Lua that sessionguard uses: local variables, if, return,
// redis.call, comparisons, and, or, not, KEYS and ARGV. Anything else is an error.
func compile(source string) (*script, error) {
	if s, ok := compiled.Load(source); ok {
		return s.(*script), nil
	}
	p := &parser{tokens: tokens(source)}
	body, err := p.block()
	if err == nil && p.peek() != "" {
		err = p.unexpected()
	}
	if err != nil {
		return nil, err
	}
	s := &script{body}
	compiled.Store(source, s)
	return s, nil
}

// eval runs a script with its count of keys, keys and arguments.
func (s *Server) eval(sc *script, args []string) (any, error) {
	n, err := strconv.Atoi(args[0])
	if err != nil || n < 0 || n >= len(args) {
		return nil, redis.Error("ERR Number of keys can't be greater than number of args")
	}
	r := &running{server: s, keys: args[1 : 1+n], argv: args[1+n:], locals: map[string]any{}}
	result, _, err := sc.body.run(r)
	return converted(result), err
}

// converted is a Lua value as an answer: true is 1, false nothing.
func converted(v any) any {
	switch v := v.(type) {
	case bool:
		if v {
			return int64(1)
		}
		return nil
	}
	return v
}

func (b block) run(r *running) (any, bool, error) {
	for _, s := range b {
		if result, returned, err := s(r); returned || err != nil {
			return result, returned, err
		}
	}
	return nil, false, nil
}

func truth(v any) bool { return v != nil && v != false }

func element(list []string, n int64) any {
	if n < 1 || n > int64(len(list)) {
		return nil
	}
	return list[n-1]
}

// called runs redis.call; nothing found is false in Lua.
func (r *running) called(args []expression) (any, error) {
	texts := make([]string, len(args))
	for i, a := range args {
		v, err := a(r)
		if err != nil {
			return nil, err
		}
		texts[i] = fmt.Sprint(v)
	}
	v, err := r.server.call(strings.ToUpper(texts[0]), texts[1:], r)
	if v == nil {
		return false, err
	}
	return v, err
}
