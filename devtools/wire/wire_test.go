package wire_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"shiken/devtools/services"
	"shiken/devtools/wire"
)

func execute(t *testing.T, database, sql string, args ...any) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	_, err = conn.Exec(t.Context(), sql, args...)
	if err := errors.Join(err, conn.Close(t.Context())); err != nil {
		t.Fatal(err)
	}
}

// TestReplayDoesWhatWasRecorded records comparing updates, as answers are, and
// replays them on copies of the database.
func TestReplayDoesWhatWasRecorded(t *testing.T) {
	server := services.PrivatePostgres(t)
	database, _, err := services.CreateDatabase(t.Context(), server.URL())
	if err != nil {
		t.Fatal(err)
	}
	execute(t, database, "CREATE TABLE a AS SELECT 1 AS id, 1 AS version, NULL::text AS note")
	before, err := wire.Snapshot(t.Context(), server.URL(), database, "before")
	if err != nil {
		t.Fatal(err)
	}
	trips := recordUpdates(t, server.Addr(), database)
	after, err := wire.Snapshot(t.Context(), server.URL(), database, "after")
	if err != nil {
		t.Fatal(err)
	}
	sittings := []wire.Sitting{{Before: trips[:1], Answers: trips[1:], Pages: 2}}
	tests := []struct {
		name, snapshot string
		differs        int
	}{
		{"as it was", before, 0},
		{"as it was, once more", before, 0},
		{"versions have moved", after, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := &wire.Replayer{Server: server.URL(), Snapshot: tt.snapshot, PostgresPid: server.Pid(), Connections: 4, Sittings: sittings}
			got, err := r.Run(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if got.Pages != 2 || got.Differs != tt.differs || got.Wall <= 0 {
				t.Errorf("replayed %+v, want 2 pages and %d differences", got, tt.differs)
			}
		})
	}
}

// recordUpdates sends three updates, each bound to the version before.
func recordUpdates(t *testing.T, addr, database string) []wire.Trip {
	t.Helper()
	rec := &wire.Recorder{}
	p, err := wire.StartProxy(addr, rec.Serve)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	u.Host = p.Addr()
	conn, err := pgx.Connect(t.Context(), u.String())
	if err != nil {
		t.Fatal(err)
	}
	const update = "UPDATE a SET version = version + 1, note = $2 WHERE id = 1 AND version = $1"
	for version := 1; version <= 3; version++ {
		if _, err := conn.Exec(t.Context(), update, version, strings.Repeat("x", version)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(conn.Close(t.Context()), p.Close()); err != nil {
		t.Fatal(err)
	}
	var trips []wire.Trip
	for _, trip := range rec.Take() {
		if len(trip) == 1 && trip[0].SQL == update {
			trips = append(trips, trip)
		}
	}
	if len(trips) != 3 || trips[0][0].Tag != "UPDATE 1" || len(trips[0][0].Params) != 2 {
		t.Fatalf("recorded %d updates, want 3 with parameters and tag", len(trips))
	}
	return trips
}

// TestCommandCounter sends commands through the counter to a server that
// answers each by "+OK".
func TestCommandCounter(t *testing.T) {
	tests := []struct {
		name            string
		sends           []string // each awaited before the next
		commands, trips int64
		broken          bool
	}{
		{"one", []string{"*2\r\n$3\r\nGET\r\n$1\r\nk\r\n"}, 1, 1, false},
		{"two after one another", []string{"*1\r\n$4\r\nPING\r\n", "*1\r\n$4\r\nPING\r\n"}, 2, 2, false},
		{"a value with a line break", []string{"*1\r\n$4\r\na\r\nb\r\n"}, 1, 1, false},
		{"inline", []string{"PING\r\n"}, 0, 0, true},
		{"a negative length", []string{"*1\r\n$-1\r\n"}, 0, 0, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			counter := &wire.CommandCounter{}
			p, err := wire.StartProxy(okServer(t), counter.Serve)
			if err != nil {
				t.Fatal(err)
			}
			for _, text := range tt.sends {
				if err := send(p.Addr(), text); (err != nil) != tt.broken {
					t.Errorf("send %q: %v", text, err)
				}
			}
			if err := p.Close(); (err != nil) != tt.broken {
				t.Errorf("end: %v", err)
			}
			if c, n := counter.Commands.Load(), counter.Trips.Load(); c != tt.commands || n != tt.trips {
				t.Errorf("%d commands in %d trips, want %d in %d", c, n, tt.commands, tt.trips)
			}
		})
	}
}

func send(addr, text string) error {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	if err := conn.SetDeadline(time.Now().Add(5 * time.Second)); err != nil {
		return err
	}
	if _, err := io.WriteString(conn, text); err != nil {
		return err
	}
	_, err = io.ReadFull(conn, make([]byte, len("+OK\r\n")))
	return err
}

// okServer answers whatever arrives, until the test ends.
func okServer(t *testing.T) string {
	t.Helper()
	var config net.ListenConfig
	l, err := config.Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = conn.Close() }()
				buf := make([]byte, 1024)
				for {
					if _, err := conn.Read(buf); err != nil {
						return
					}
					if _, err := io.WriteString(conn, "+OK\r\n"); err != nil {
						return
					}
				}
			}()
		}
	}()
	return l.Addr().String()
}
