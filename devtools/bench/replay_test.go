package main

import (
	"bufio"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"shiken/devtools/services"
)

// TestReplayDoesWhatWasRecorded records a comparing update, as an answer is,
// and replays it on a copy of the database as it was before.
func TestReplayDoesWhatWasRecorded(t *testing.T) {
	server := services.PrivatePostgres(t)
	ctx := t.Context()
	database, _, err := services.CreateDatabase(ctx, server.URL())
	if err != nil {
		t.Fatal(err)
	}
	if err := execOn(ctx, database, "CREATE TABLE a (id int PRIMARY KEY, version int, note text)"); err != nil {
		t.Fatal(err)
	}
	if err := execOn(ctx, database, "INSERT INTO a VALUES (1, 1, NULL)"); err != nil {
		t.Fatal(err)
	}
	snapshot, err := snapshotOf(ctx, server.URL(), database)
	if err != nil {
		t.Fatal(err)
	}
	trips := recordUpdates(t, server.Addr(), database)
	r := &replayer{server: server.URL(), snapshot: snapshot, postgresPid: server.Pid(), connections: 4,
		sittings: []sitting{{before: trips[:1], answers: trips[1:], pages: 2}}}
	for range 2 {
		result, err := r.run(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if result.pages != 2 || result.differs != 0 || result.wall <= 0 {
			t.Errorf("replayed %+v, want 2 pages and no difference", result)
		}
	}
	// On the database itself the versions have moved: the replay must notice.
	players, err := connectPlayers(ctx, database, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer closePlayers(ctx, players)
	if err := players[0].play(ctx, trips); err != nil {
		t.Fatal(err)
	}
	if players[0].differs == 0 {
		t.Error("updates that match no row were not noticed")
	}
}

// recordUpdates sends three updates, each bound to the version before.
func recordUpdates(t *testing.T, addr, database string) []trip {
	t.Helper()
	rec := &recorder{}
	p, err := startProxy(addr, rec.serve)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	u.Host = p.addr()
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
	if err := conn.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := p.close(); err != nil {
		t.Fatal(err)
	}
	var trips []trip
	for _, trip := range rec.take() {
		if len(trip) == 1 && trip[0].sql == update {
			trips = append(trips, trip)
		}
	}
	if len(trips) != 3 || trips[0][0].tag != "UPDATE 1" || len(trips[0][0].params) != 2 {
		t.Fatalf("recorded %d updates, want 3 with parameters and tag", len(trips))
	}
	return trips
}

func TestRESPCommand(t *testing.T) {
	tests := []struct {
		name, in string
		sound    bool
	}{
		{"command", "*2\r\n$3\r\nGET\r\n$1\r\nk\r\n", true},
		{"value with a line break", "*1\r\n$4\r\na\r\nb\r\n", true},
		{"inline", "PING\r\n", false},
		{"negative length", "*1\r\n$-1\r\n", false},
		{"cut off", "*1\r\n$5\r\nab", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			raw, err := respCommand(bufio.NewReader(strings.NewReader(tt.in + "*1\r\n")))
			if got := err == nil && string(raw) == tt.in; got != tt.sound {
				t.Errorf("read %q, %v; want sound = %v", raw, err, tt.sound)
			}
		})
	}
}

func TestSpread(t *testing.T) {
	tests := []struct {
		name   string
		values []float64
		want   spread
	}{
		{"none", nil, spread{}},
		{"odd", []float64{3, 1, 2}, spread{2, 1, 3}},
		{"even", []float64{4, 1, 2, 3}, spread{2.5, 1, 4}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := spreadOf(tt.values); got != tt.want {
				t.Errorf("%+v, want %+v", got, tt.want)
			}
		})
	}
}
