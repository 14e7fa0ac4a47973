package torture_test

import (
	"bufio"
	"io"
	"net"
	"testing"
	"time"

	"shiken/devtools/torture"
)

// echo answers each line by the same line.
func echo(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				_, _ = io.Copy(c, c)
				_ = c.Close()
			}()
		}
	}()
	return l.Addr().String()
}

func dial(t *testing.T, addr string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// say sends a line and returns what comes back until the line's end or the connection's.
func say(t *testing.T, c net.Conn, line string) (string, error) {
	t.Helper()
	if err := c.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(c, line+"\n"); err != nil {
		return "", err
	}
	return bufio.NewReader(c).ReadString('\n')
}

func TestSabotageBreaksAndHeals(t *testing.T) {
	tests := []struct {
		name, towards, mode string
		bytes               int
		got                 string
	}{
		{"reply cut", "downstream", "cut", 0, ""},
		{"reply truncated", "downstream", "cut", 2, "he"},
		{"request cut", "upstream", "cut", 0, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			addr, sabotage, end, err := torture.Proxy(echo(t))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(end)
			c := dial(t, addr)
			if got, err := say(t, c, "whole"); err != nil || got != "whole\n" {
				t.Fatalf("before the fault %q, %v", got, err)
			}
			heal := sabotage(tt.towards, tt.mode, tt.bytes, 0)
			if got, err := say(t, c, "hello"); err == nil || got != tt.got {
				t.Errorf("%q, %v came back, want %q and the end", got, err, tt.got)
			}
			if met := heal(); met != 1 {
				t.Errorf("%d chunks met the fault", met)
			}
			if got, err := say(t, dial(t, addr), "again"); err != nil || got != "again\n" {
				t.Errorf("after the fault %q, %v", got, err)
			}
		})
	}
}

// TestHoleSwallowsAndClosesAtItsEnd: whoever waits in a hole learns of it when it ends.
func TestHoleSwallowsAndClosesAtItsEnd(t *testing.T) {
	for _, towards := range []string{"upstream", "downstream"} {
		t.Run(towards, func(t *testing.T) {
			addr, sabotage, end, err := torture.Proxy(echo(t))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(end)
			c := dial(t, addr)
			if _, err := say(t, c, "whole"); err != nil {
				t.Fatal(err)
			}
			heal := sabotage(towards, "hole", 0, 0)
			if err := c.SetDeadline(time.Now().Add(50 * time.Millisecond)); err != nil {
				t.Fatal(err)
			}
			if _, err := io.WriteString(c, "lost\n"); err != nil {
				t.Fatal(err)
			}
			if got, err := bufio.NewReader(c).ReadString('\n'); err == nil {
				t.Errorf("%q came through", got)
			}
			if met := heal(); met == 0 {
				t.Errorf("%d chunks met the hole", met)
			}
			if got, err := say(t, c, "late"); err == nil {
				t.Errorf("%q came over a connection with a hole in it", got)
			}
		})
	}
}

func TestSlowHoldsBack(t *testing.T) {
	addr, sabotage, end, err := torture.Proxy(echo(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(end)
	c := dial(t, addr)
	const delay = 50 * time.Millisecond
	heal := sabotage("downstream", "slow", 0, delay)
	begun := time.Now()
	if got, err := say(t, c, "patience"); err != nil || got != "patience\n" || time.Since(begun) < delay {
		t.Errorf("%q after %s, %v", got, time.Since(begun), err)
	}
	if met := heal(); met != 1 {
		t.Errorf("%d chunks met the fault", met)
	}
}
