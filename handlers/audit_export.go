package handlers

import (
	"fmt"
	"io"
	"net/http"
	"time"

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
		tabular.Text(string(e.Action)), tabular.Text(e.Object), tabular.Text(string(e.Details)), tabular.Text(e.Hash.String()),
	}
}
