package sqlstore

import (
	"context"

	"shiken/exam"
)

// markedSheets takes batch ids.
var markedSheets = `SELECT CAST(p.paper AS TEXT), CAST(a.score AS TEXT), a.status,
	(SELECT coalesce(string_agg('{"position":' || r.position || ',"answer":' || CAST(r.answer AS TEXT) || '}', ','), '')
		FROM responses r WHERE r.attempt_id = a.id)
	FROM attempts a JOIN users u ON u.id = a.candidate JOIN papers p ON p.attempt_id = a.id
	WHERE a.id IN (` + Placeholders(1, batch) + `) ORDER BY u.username, a.number`

const markedAttempts = `SELECT a.id FROM attempts a JOIN users u ON u.id = a.candidate
	WHERE a.exam = $1 AND a.score IS NOT NULL AND ` + attemptClosed + ` ORDER BY u.username, a.number`

// EachMarked implements store.Corrections.
func (s *Store) EachMarked(ctx context.Context, slug string, fn func(*exam.Paper, *exam.Attempt) error) error {
	attempts, err := texts(ctx, s.db, markedAttempts, slug)
	if err != nil {
		return err
	}
	var m markedReader
	return inBatches(ctx, s.db, markedSheets, knownIDs(attempts), func(rows Rows) error {
		if err := m.scan(rows); err != nil {
			return err
		}
		return fn(&m.paper, &m.attempt)
	})
}

// markedReader reads of papers and attempts what statistics need, one after the other into the same place.
type markedReader struct {
	jsonScan
	paper   exam.Paper
	attempt exam.Attempt
	score   exam.Score
}

func (m *markedReader) scan(rows Rows) error {
	var paper, score, responses string
	if err := rows.Scan(&paper, &score, &m.attempt.Status, &responses); err != nil {
		return err
	}
	m.read(paper, score, responses)
	return nil
}

// read reads documents; responses are the elements of a list.
func (m *markedReader) read(paper, score, responses string) {
	m.reset(paper)
	m.readPaper()
	m.reset(score)
	m.readScore()
	m.reset("[" + responses + "]")
	m.readResponses()
}

func (m *markedReader) readPaper() {
	m.paper.Items = m.paper.Items[:0]
	m.object(func(name string) {
		if name != "items" {
			m.skip()
			return
		}
		m.array(func() {
			n := len(m.paper.Items)
			if n < cap(m.paper.Items) { // its list of choices is used again
				m.paper.Items = m.paper.Items[:n+1]
			} else {
				m.paper.Items = append(m.paper.Items, exam.Item{})
			}
			m.readItem(&m.paper.Items[n])
		})
	})
}

func (m *markedReader) readItem(it *exam.Item) {
	*it = exam.Item{Choices: it.Choices[:0]}
	m.object(func(name string) {
		switch name {
		case "version":
			it.Version = m.word()
		case "type":
			it.Type = exam.QuestionType(m.word())
		case "points":
			it.Points = m.number()
		case "choices":
			m.array(func() {
				var c exam.Choice
				m.object(func(name string) {
					switch name {
					case "value":
						c.Value = m.string()
					case "option":
						c.Option = m.word()
					default:
						m.skip()
					}
				})
				it.Choices = append(it.Choices, c)
			})
		default:
			m.skip()
		}
	})
}

func (m *markedReader) readScore() {
	m.score = exam.Score{Items: m.score.Items[:0]}
	m.attempt.Score = &m.score
	m.object(func(name string) {
		switch name {
		case "items":
			m.array(func() { m.score.Items = append(m.score.Items, m.number()) })
		case "total":
			m.score.Total = m.number()
		case "max":
			m.score.Max = m.number()
		case "awaiting":
			m.score.Awaiting = m.next() == 't'
			m.skip()
		default:
			m.skip()
		}
	})
}

func (m *markedReader) readResponses() {
	if m.attempt.Responses == nil {
		m.attempt.Responses = map[int]exam.Response{}
	}
	clear(m.attempt.Responses)
	m.array(func() {
		var (
			position int
			r        exam.Response
		)
		m.object(func(name string) {
			switch name {
			case "position":
				position = m.number()
			case "answer":
				r.Answer = m.answer()
			default:
				m.skip()
			}
		})
		m.attempt.Responses[position] = r
	})
}

// answer reads an answer; what is of no kind is none.
func (m *markedReader) answer() exam.Answer {
	switch m.next() {
	case '"':
		return exam.TextAnswer(m.string())
	case '[':
		var values []string
		m.array(func() { values = append(values, m.string()) })
		return exam.ManyChoices(values...)
	case '{':
		keyed := map[string]string{}
		m.object(func(name string) { keyed[name] = m.string() })
		return exam.KeyedAnswer(keyed)
	}
	m.skip()
	return exam.Answer{}
}
