package handlers

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"shiken/exam"
	"shiken/store"
	"shiken/tabular"
)

// exportBatch is how many entries an export holds at once.
const exportBatch = 1_000

// exportAudit sends the entries of the current filter as CSV, the newest first, as they are when it
// begins.
func (s *Server) exportAudit(w http.ResponseWriter, r *http.Request) error {
	_, q, _ := s.auditQuery(r)
	if began := nowOf(r); q.Until == 0 || q.Until > began {
		q.Until = began
	}
	q.Limit = exportBatch
	first, _, err := s.Store.AuditLog(r.Context(), q)
	if err != nil {
		return err
	}
	unhurried(r)
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(exportTime)) // a recorder of tests knows none
	attach(w, "audit.csv")
	sent := &counter{to: w}
	if err := s.writeAudit(sent, r, q, first); err != nil {
		return s.cutShort(w, r, sent.n, err)
	}
	return nil
}

func (s *Server) writeAudit(w io.Writer, r *http.Request, q store.AuditQuery, page []store.AuditEntry) error {
	table, err := tabular.NewCSV(w)
	if err != nil {
		return err
	}
	if err := table.Row(texts([]string{"seq", "at", "actor", "action", "object", "details", "hash"})...); err != nil {
		return err
	}
	for len(page) > 0 {
		for i := range page {
			if err := table.Row(s.auditCells(&page[i])...); err != nil {
				return err
			}
		}
		if q.Offset += len(page); len(page) < exportBatch {
			break
		}
		if page, _, err = s.Store.AuditLog(r.Context(), q); err != nil {
			return err
		}
	}
	return table.Close()
}

func (s *Server) auditCells(e *store.AuditEntry) []tabular.Cell {
	return []tabular.Cell{
		tabular.Number(fmt.Sprint(e.Seq)), tabular.Time(instantTime(e.At).In(s.Zone)), tabular.Text(e.ActorName),
		tabular.Text(string(e.Action)), tabular.Text(e.Object), tabular.Text(string(exportedDetails(e))), tabular.Text(e.Hash.String()),
	}
}

// exportedDetails are the details of an entry without accommodations, which leave the server on no list
// (docs/decisions/0017-accommodations.md); the page shows them.
func exportedDetails(e *store.AuditEntry) json.RawMessage {
	if e.Action == store.ActAccommodate {
		return json.RawMessage(`{"withheld":true}`)
	}
	var value any
	decoder := json.NewDecoder(bytes.NewReader(e.Details))
	decoder.UseNumber()
	if !bytes.Contains(e.Details, []byte(`"`+extraField+`"`)) || decoder.Decode(&value) != nil {
		return e.Details
	}
	return exam.Canonical(withoutExtra(value))
}

// extraField is the member of details that tells an extra time.
const extraField = "extra_time_percent"

// withoutExtra is a value without any extra time in it.
func withoutExtra(value any) any {
	switch v := value.(type) {
	case map[string]any:
		delete(v, extraField)
		for name, member := range v {
			v[name] = withoutExtra(member)
		}
	case []any:
		for i := range v {
			v[i] = withoutExtra(v[i])
		}
	}
	return value
}
