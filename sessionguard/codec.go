package sessionguard

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// errCorrupt means that stored session data cannot be read.
var errCorrupt = errors.New("sessionguard: stored session is unreadable")

// Codec writes session data as JSON that names the kind of each value. JSON
// alone would return every number as float64, which scs's GetInt reads as 0;
// gob would tie the data to the types of one version of the program.
type Codec struct{}

type encodedSession struct {
	Deadline time.Time               `json:"deadline"`
	Values   map[string]encodedValue `json:"values"`
}

// encodedValue has exactly one field set. A kind that this version does not
// know leaves all of them nil.
type encodedValue struct {
	String *string    `json:"string,omitempty"`
	Bool   *bool      `json:"bool,omitempty"`
	Int    *int       `json:"int,omitempty"`
	Int64  *int64     `json:"int64,omitempty"`
	Time   *time.Time `json:"time,omitempty"`
}

// Encode implements scs.Codec. Values may be string, bool, int, int64 or
// time.Time; any other kind is an error.
func (Codec) Encode(deadline time.Time, values map[string]any) ([]byte, error) {
	session := encodedSession{Deadline: deadline, Values: make(map[string]encodedValue, len(values))}
	for key, value := range values {
		encoded, err := encodeValue(value)
		if err != nil {
			return nil, fmt.Errorf("sessionguard: session value %q: %w", key, err)
		}
		session.Values[key] = encoded
	}
	return json.Marshal(session)
}

func encodeValue(value any) (encodedValue, error) {
	switch v := value.(type) {
	case string:
		return encodedValue{String: &v}, nil
	case bool:
		return encodedValue{Bool: &v}, nil
	case int:
		return encodedValue{Int: &v}, nil
	case int64:
		return encodedValue{Int64: &v}, nil
	case time.Time:
		return encodedValue{Time: &v}, nil
	default:
		return encodedValue{}, fmt.Errorf("kind %T cannot be kept", value)
	}
}

// Decode implements scs.Codec. A value of a kind that a newer version wrote
// is left out: sessions hold hints, and a missing hint is repaired.
func (Codec) Decode(data []byte) (time.Time, map[string]any, error) {
	var session encodedSession
	if err := json.Unmarshal(data, &session); err != nil {
		return time.Time{}, nil, fmt.Errorf("%w: %w", errCorrupt, err)
	}
	if session.Deadline.IsZero() {
		return time.Time{}, nil, fmt.Errorf("%w: no deadline", errCorrupt)
	}
	values := make(map[string]any, len(session.Values))
	for key, encoded := range session.Values {
		if value := encoded.value(); value != nil {
			values[key] = value
		}
	}
	return session.Deadline, values, nil
}

func (e encodedValue) value() any {
	switch {
	case e.String != nil:
		return *e.String
	case e.Bool != nil:
		return *e.Bool
	case e.Int != nil:
		return *e.Int
	case e.Int64 != nil:
		return *e.Int64
	case e.Time != nil:
		return *e.Time
	default:
		return nil
	}
}
