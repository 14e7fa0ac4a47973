package fakeredis

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/gomodule/redigo/redis"
)

// Fate is what the network does to one command.
type Fate struct {
	Way, Back time.Duration // to the server, and of the answer
	// Cut: the connection breaks. Before the command arrives, or else after it was done.
	Cut, Arrives bool
}

// Dialer makes connections from one place.
type Dialer struct {
	Server *Server
	// Dial says how long connecting takes, and whether it is refused; Send what becomes of a command; Late
	// how long after its limit a caller notices that it is over: time-outs of equal length never end
	// together. None may be nil.
	Dial func() (time.Duration, error)
	Send func(command string) Fate
	Late func() time.Duration
}

// Context connects within the time that ctx has.
func (d *Dialer) Context(ctx context.Context) (redis.Conn, error) {
	takes, err := d.Dial()
	timer := time.NewTimer(takes)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
		time.Sleep(d.Late())
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, err
	}
	return &conn{dialer: d}, nil
}

// conn runs commands in the goroutine of its caller, one at a time, as redigo's connections are used.
// What is late beyond the caller's patience breaks it, and is done all the same when it arrives.
type conn struct {
	dialer *Dialer
	broken error
}

var _ redis.ConnWithTimeout = (*conn)(nil)

var errOneByOne = errors.New("fakeredis: commands are sent by Do")

// Close implements redis.Conn, as the next ones do.
func (c *conn) Close() error { return nil }

func (c *conn) Err() error { return c.broken }

func (c *conn) Do(command string, args ...any) (any, error) {
	return c.DoWithTimeout(0, command, args...)
}

func (c *conn) Send(string, ...any) error { return errOneByOne }

func (c *conn) Flush() error { return nil }

func (c *conn) Receive() (any, error) { return nil, errOneByOne }

func (c *conn) ReceiveWithTimeout(time.Duration) (any, error) { return nil, errOneByOne }

// DoWithTimeout implements redis.ConnWithTimeout; 0 means no bound.
func (c *conn) DoWithTimeout(limit time.Duration, command string, args ...any) (any, error) {
	switch {
	case c.broken != nil:
		return nil, c.broken
	case command == "":
		return nil, nil // nothing is pending
	}
	f := c.dialer.Send(command)
	run := func() (any, error) { return c.dialer.Server.do(strings.ToUpper(command), textsOf(args)) }
	switch {
	case f.Cut && !f.Arrives:
		return c.breaks(io.EOF, f.Way)
	case limit > 0 && f.Way > limit:
		time.AfterFunc(f.Way, func() { _, _ = run() }) // nobody waits for its answer
		return c.breaks(errTimeout, limit+c.dialer.Late())
	}
	time.Sleep(f.Way)
	answer, err := run()
	switch {
	case f.Cut:
		return c.breaks(io.EOF, f.Back)
	case limit > 0 && f.Way+f.Back > limit:
		return c.breaks(errTimeout, limit-f.Way+c.dialer.Late())
	}
	time.Sleep(f.Back) // 0 is no wait
	var refused redis.Error
	if errors.As(err, &refused) {
		return refused, refused // as redigo gives it
	}
	return reply(answer), err
}

var errTimeout = fmt.Errorf("fakeredis: %w", os.ErrDeadlineExceeded)

// breaks ends the connection after a while.
func (c *conn) breaks(err error, after time.Duration) (any, error) {
	time.Sleep(after)
	c.broken = err
	return nil, err
}

func textsOf(args []any) []string {
	out := make([]string, len(args))
	for i, a := range args {
		switch v := a.(type) {
		case string:
			out[i] = v
		case []byte:
			out[i] = string(v)
		case int:
			out[i] = strconv.Itoa(v)
		case int64:
			out[i] = strconv.FormatInt(v, 10)
		default:
			out[i] = fmt.Sprint(v)
		}
	}
	return out
}

// reply is an answer as redigo gives it.
func reply(v any) any {
	switch v := v.(type) {
	case string:
		return []byte(v)
	case status:
		return string(v)
	}
	return v
}
