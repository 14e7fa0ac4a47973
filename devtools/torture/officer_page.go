package torture

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"shiken/exam"
)

// seat is a row of a sitting's list with an attempt.
type seat struct{ attempt, state string }

// readSeats reads the list of a sitting.
func readSeats(body []byte) []seat {
	var seats []seat
	state := ""
	z := html.NewTokenizer(bytes.NewReader(body))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return seats
		case html.StartTagToken, html.SelfClosingTagToken:
			name, more := z.TagName()
			switch string(name) {
			case "tr":
				state = attributes(z, more)["data-state"]
			case "input":
				if a := attributes(z, more); a["name"] == "attempt" && state != "" {
					seats = append(seats, seat{a["value"], state})
				}
			}
		}
	}
}

// givenBy reads the form that confirms a command: of a plan, or of a rejected answer.
func givenBy(kind exam.Kind, f *form) (given, error) {
	g := given{kind: kind, job: f.fields.Get("job")}
	if kind == exam.AcceptLate {
		parts := strings.Split(f.action, "/") // /admin/exams/{exam}/rejected/{attempt}/{number}
		if len(parts) != 7 {
			return g, fmt.Errorf("torture: a form leads to %s", f.action)
		}
		g.attempts = []string{parts[5]}
		return g, nil
	}
	var err error
	if g.attempts, err = unpack(f.fields.Get("attempts")); err != nil {
		return g, err
	}
	if kind == exam.Extend || kind == exam.Reopen {
		g.amount, err = amount(f)
	}
	return g, err
}

func amount(f *form) (exam.Micros, error) {
	minutes, err := strconv.ParseInt(f.fields.Get("minutes"), 10, 32)
	if err != nil {
		return 0, err
	}
	seconds, err := strconv.ParseInt(f.fields.Get("seconds"), 10, 32)
	return exam.Micros(minutes)*exam.Minute + exam.Micros(seconds)*exam.Second, err
}

// unpack reads the attempts of a plan: 16 bytes each, in base64.
func unpack(text string) ([]string, error) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(raw)%16 != 0 {
		return nil, fmt.Errorf("torture: a plan lists its attempts as %q", text)
	}
	var ids []string
	for b := range slices.Chunk(raw, 16) {
		ids = append(ids, uuidText(b))
	}
	return ids, nil
}

// uuidText writes 16 bytes as a UUID.
func uuidText(b []byte) string {
	h := hex.EncodeToString(b)
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}
