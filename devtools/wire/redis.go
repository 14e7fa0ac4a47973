package wire

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync/atomic"
)

// CommandCounter sits between an instance and Redis and counts commands and
// round trips: a trip ends when an answer arrives after something was sent.
type CommandCounter struct {
	Commands, Trips atomic.Int64
}

func (c *CommandCounter) Serve(client, server net.Conn) error {
	var asked atomic.Bool
	answers := make(chan error, 1)
	go func() {
		answers <- c.answers(server, client, &asked)
		_ = client.Close() // ends the other direction
	}()
	err := c.requests(bufio.NewReader(client), server, &asked)
	_ = server.Close() // ends answers
	return errors.Join(clean(err), clean(<-answers))
}

func (c *CommandCounter) answers(from io.Reader, to io.Writer, asked *atomic.Bool) error {
	buf := make([]byte, 32<<10)
	for {
		n, err := from.Read(buf)
		if n > 0 {
			if asked.Swap(false) {
				c.Trips.Add(1)
			}
			if _, err := to.Write(buf[:n]); err != nil {
				return err
			}
		}
		if err != nil {
			return err
		}
	}
}

// requests reads commands, which clients send as arrays of bulk strings.
func (c *CommandCounter) requests(from *bufio.Reader, to io.Writer, asked *atomic.Bool) error {
	for {
		command, err := respCommand(from)
		if err != nil {
			return err
		}
		c.Commands.Add(1)
		asked.Store(true)
		if _, err := to.Write(command); err != nil {
			return err
		}
	}
}

// respCommand returns the bytes of one command.
func respCommand(r *bufio.Reader) ([]byte, error) {
	const longest = 64 << 20
	head, err := r.ReadString('\n')
	if err != nil {
		return nil, err
	}
	raw := []byte(head)
	parts, err := strconv.Atoi(strings.TrimSpace(strings.TrimPrefix(head, "*")))
	if err != nil || !strings.HasPrefix(head, "*") {
		return nil, fmt.Errorf("wire: not a Redis command: %q", head)
	}
	for range parts {
		head, err := r.ReadString('\n')
		if err != nil {
			return nil, err
		}
		n, err := strconv.Atoi(strings.TrimSpace(strings.TrimPrefix(head, "$")))
		if err != nil || n < 0 || n > longest {
			return nil, fmt.Errorf("wire: not a Redis argument: %q", head)
		}
		part := make([]byte, n+len("\r\n"))
		if _, err := io.ReadFull(r, part); err != nil {
			return nil, err
		}
		raw = append(append(raw, head...), part...)
	}
	return raw, nil
}
