package handlers

import (
	"bufio"
	"errors"
	"io"
	"mime"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"shiken/desk"
	"shiken/questionset"
	"shiken/templates"
)

// maxExports is how many sets are read and written at once: a large one takes a processor for tens of seconds.
const maxExports = 1

// exportSet sends a set as a file. What the format cannot say is shown first, and the file is sent to whoever
// wants it all the same.
func (s *Server) exportSet(w http.ResponseWriter, r *http.Request) error {
	name, err := textParam(r, "set")
	if err != nil {
		return err
	}
	format := questionset.Format(r.URL.Query().Get("format"))
	if !slices.Contains(questionset.WriteFormats(), format) {
		return errMalformed
	}
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(exportTime)) // a large set takes longer than the server's
	view := templates.SetExportView{Set: name, Format: string(format), Questions: questionset.MaxQuestions, MB: desk.MaxExportMedia >> 20}
	file, report, err := s.writtenSet(r, name, format)
	switch {
	case errors.Is(err, desk.ErrTooLarge):
		return s.desk(w, r, http.StatusUnprocessableEntity, func(p templates.Page) component { return templates.SetTooLarge(p, view) })
	case err != nil:
		return err
	}
	defer file.Close() //nolint:errcheck // nobody reads it again
	if len(report.Findings) > 0 && r.URL.Query().Get("sure") != "1" {
		view.Report = s.exportReport(r, report, templates.SetExportPath(name, view.Format))
		view.Taken, view.Seen = report.Counts.Taken, report.Counts.Seen
		return s.desk(w, r, http.StatusOK, func(p templates.Page) component { return templates.SetExport(p, view) })
	}
	return sendSet(w, name, format, file)
}

// writtenSet reads a set and writes it to a temporary file, which is gone once it is closed.
func (s *Server) writtenSet(r *http.Request, name string, format questionset.Format) (*os.File, *questionset.Report, error) {
	unhurried(r)
	if err := s.exports.Acquire(r.Context(), 1); err != nil {
		return nil, nil, err
	}
	defer s.exports.Release(1)
	set, err := desk.OpenSet(r.Context(), s.Store, name)
	if err != nil {
		return nil, nil, err
	}
	file, err := os.CreateTemp("", "shiken-export-*")
	if err != nil {
		return nil, nil, err
	}
	_ = os.Remove(file.Name()) // gone with its last reader, where the system lets it
	to := bufio.NewWriter(file)
	report, err := questionset.Write(to, format, set)
	if err = errors.Join(err, to.Flush()); err != nil {
		return nil, nil, errors.Join(err, file.Close())
	}
	return file, report, nil
}

func (s *Server) exportReport(r *http.Request, report *questionset.Report, path string) templates.ReportView {
	f := &questionset.File{Report: *report}
	view := s.reportView(f)
	s.pageReport(r, &view, f, path)
	return view
}

func sendSet(w http.ResponseWriter, name string, format questionset.Format, file *os.File) error {
	size, err := file.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err != nil {
		return err
	}
	ext, mediaType := questionset.FileType(format, file, size)
	h := w.Header()
	h.Set("Content-Type", mediaType)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": setFileName(name) + ext}))
	h.Set("Content-Length", strconv.FormatInt(size, 10))
	_, _ = io.Copy(w, file) // the client is gone: nobody to tell
	return nil
}

// setFileName is the name of a set as systems take it for a file's.
func setFileName(name string) string {
	return strings.Map(func(c rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, c) {
			return '-'
		}
		return c
	}, name)
}
