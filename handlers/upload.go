package handlers

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
	"unicode"

	"github.com/go-chi/chi/v5"

	"shiken/questionset"
	"shiken/store"
)

// Bounds of an upload, in bytes but for the number of fields.
const (
	MaxFile         = questionset.MaxFile // what an importer takes, no upload need be cut up for
	maxUploadFields = 32
	maxUploadField  = 8 << 10
	maxPasted       = 1 << 20 // of the one field that takes a pasted text
	maxFileName     = 255
	maxUploadBody   = MaxFile + besideFile
	besideFile      = maxUploadFields*maxUploadField + maxPasted + 64<<10
)

// answerTimeout is how long the answer to an upload may be under way: lines of schools are slow, and the server's own
// timeouts are for ordinary bodies.
const answerTimeout = 2 * time.Minute

// Pace of an upload: after uploadStart it must have come at uploadRate on average, so that the few that are taken at
// once are not held by who sends next to nothing. The largest may take nine minutes.
const (
	uploadStart = 10 * time.Second
	uploadRate  = 64 << 10 // bytes a second
)

// pacedBody is a body whose next bytes are due by what has come already; later it cannot be read.
type pacedBody struct {
	io.ReadCloser
	control *http.ResponseController
	began   time.Time
	read    int64
}

func (b *pacedBody) Read(p []byte) (int, error) {
	due := b.began.Add(uploadStart + time.Duration(b.read)*time.Second/uploadRate)
	_ = b.control.SetReadDeadline(due) // a recorder of tests knows no deadlines
	n, err := b.ReadCloser.Read(p)
	b.read += int64(n)
	return n, err
}

// upload is the file of a form. Name is what the sender called it, without folders, at most 255 bytes;
// it is empty where no file was chosen.
type upload struct {
	Name string
	Data []byte
}

// uploadOf returns the file and the other fields of a form, on routes that take uploads.
func uploadOf(r *http.Request) (upload, url.Values, error) {
	x := of(r)
	switch {
	case x.upload != nil:
		return *x.upload, x.fields, nil
	case x.fields.Has(pastedField):
		return upload{}, x.fields, nil
	}
	return upload{}, nil, errMalformed
}

// readUpload reads a form with one file. A file of somebody who may not send it is left unread: the
// request goes on to be refused.
func (s *Server) readUpload(w http.ResponseWriter, r *http.Request) error {
	x := of(r)
	x.unread = true
	may, err := s.mayUpload(r, x.route.access)
	if err != nil || !may {
		return err
	}
	if err := s.takeUpload(r, x); err != nil {
		return err
	}
	sent, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || sent != mediaTypes[bodyUpload] || params["boundary"] == "" {
		return errMediaType
	}
	control := http.NewResponseController(w)
	body := http.MaxBytesReader(w, &pacedBody{ReadCloser: r.Body, control: control, began: time.Now()}, maxUploadBody)
	err = s.readParts(r, multipart.NewReader(body, params["boundary"]))
	if err == nil {
		_, err = io.Copy(io.Discard, body)
	}
	_ = control.SetReadDeadline(time.Time{}) // or the handler would end with it
	_ = control.SetWriteDeadline(time.Now().Add(answerTimeout))
	if err != nil {
		return uploadFault(err)
	}
	x.unread = false
	return nil
}

func uploadFault(err error) error {
	var tooLarge *http.MaxBytesError
	var f *fault
	switch {
	case errors.As(err, &tooLarge):
		return errFileTooLarge
	case errors.Is(err, os.ErrDeadlineExceeded):
		return errUploadSlow
	case errors.As(err, &f):
		return err
	}
	return errMalformed
}

func (s *Server) readParts(r *http.Request, parts *multipart.Reader) error {
	x := of(r)
	x.fields = url.Values{}
	for n := 0; ; n++ {
		part, err := parts.NextRawPart()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if n > maxUploadFields {
			return errMalformed
		}
		_, params, _ := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
		if _, isFile := params["filename"]; isFile {
			err = s.readFile(r, part)
		} else {
			err = readField(part, x.fields)
		}
		if err != nil {
			return err
		}
	}
}

func (s *Server) readFile(r *http.Request, part *multipart.Part) error {
	x := of(r)
	if x.upload != nil {
		return errMalformed
	}
	data, err := s.readWhole(r.Context(), io.LimitReader(part, MaxFile+1), MaxFile, x)
	if err != nil {
		return err
	}
	if len(data) > MaxFile {
		return errFileTooLarge
	}
	x.upload = &upload{Name: fileName(part.FileName()), Data: data}
	if x.upload.Name == "" && len(data) > 0 {
		return errMalformed
	}
	return nil
}

// uploadOfKind reads the upload of the viewer that a parameter of the path names; errNotFound when it is
// another's, of another kind, or gone.
func (s *Server) uploadOfKind(r *http.Request, param string, kind store.UploadKind) (store.Upload, error) {
	id, err := uuidText(chi.URLParam(r, param))
	if err != nil {
		return store.Upload{}, errNotFound
	}
	u, err := s.Store.Upload(r.Context(), id, viewerOf(r).User.ID)
	if err == nil && u.Kind != kind {
		err = errNotFound
	}
	return u, err
}

// pastedField is the field that takes a pasted text.
const pastedField = "pasted"

func readField(part *multipart.Part, fields url.Values) error {
	name, limit := part.FormName(), maxUploadField
	if name == pastedField {
		limit = maxPasted
	}
	value, err := io.ReadAll(io.LimitReader(part, int64(limit)+1))
	if err != nil {
		return err
	}
	if name == pastedField && len(value) > limit {
		return errPastedLarge
	}
	if len(value) > limit || name == "" || !cleanText(name) || !cleanText(string(value)) {
		return errMalformed
	}
	fields.Add(name, string(value))
	return nil
}

// fileName is a file's name as it can be kept and shown.
func fileName(sent string) string {
	sent = sent[strings.LastIndexByte(sent, '\\')+1:]
	sent = strings.Map(func(c rune) rune {
		if unicode.IsControl(c) || unicode.Is(unicode.Cf, c) {
			return -1
		}
		return c
	}, strings.ToValidUTF8(sent, ""))
	if len(sent) > maxFileName {
		sent = strings.ToValidUTF8(sent[:maxFileName], "")
	}
	return sent
}
