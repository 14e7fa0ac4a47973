package templates

import (
	"net/url"
	"strconv"
	"strings"
)

// The addresses of docs/design.md §7 that pages link or post to.

// ExamPath is an exam's start page.
func ExamPath(slug string) string { return "/exams/" + url.PathEscape(slug) }

// StartPath takes the POST that starts an attempt.
func StartPath(slug string) string { return ExamPath(slug) + "/attempts" }

// AttemptPath leads to where an attempt goes on.
func AttemptPath(attempt string) string { return "/attempts/" + url.PathEscape(attempt) }

// QuestionPath is one question of an attempt; position counts from 1.
func QuestionPath(attempt string, position int) string {
	return AttemptPath(attempt) + "/questions/" + strconv.Itoa(position)
}

// ReviewPath is the page before submission.
func ReviewPath(attempt string) string { return AttemptPath(attempt) + "/review" }

// SubmitPath takes the POST that submits an attempt.
func SubmitPath(attempt string) string { return AttemptPath(attempt) + "/submit" }

// ResultPath is the result of an attempt.
func ResultPath(attempt string) string { return AttemptPath(attempt) + "/result" }

// AttachmentPath is a file that the candidate may open; n counts from 1.
func AttachmentPath(attempt string, n int) string {
	return AttemptPath(attempt) + attachmentsPart + strconv.Itoa(n)
}

const attachmentsPart = "/attachments/"

// EventsPath tells an open page what happens to its attempt.
func EventsPath(attempt string) string { return AttemptPath(attempt) + "/events" }

// GapsPath takes the POST by which a page tells how long it could not reach the service.
func GapsPath(attempt string) string { return "/api/v1" + AttemptPath(attempt) + "/gaps" }

// ResponsePath takes the PUT that saves an answer by the API.
func ResponsePath(attempt string, position int) string {
	return "/api/v1" + AttemptPath(attempt) + "/responses/" + strconv.Itoa(position)
}

// LocalPath gives a path of this site back, and "/" for anything that could
// lead elsewhere: it has been through a browser.
func LocalPath(path string) string {
	u, err := url.Parse(path)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") ||
		strings.ContainsAny(path, "\\\r\n\t") {
		return "/"
	}
	return path
}

// DeskPath is the author's desk.
func DeskPath() string { return "/author" }

// SetsPath lists the question sets, SetPath is one of them.
func SetsPath() string { return "/author/sets" }

// SetPath is a question set.
func SetPath(set string) string { return SetsPath() + "/" + url.PathEscape(set) }

// SetExportPath is a set as a file of a format.
func SetExportPath(set, format string) string {
	return SetPath(set) + "/export?format=" + url.QueryEscape(format)
}

// UploadPath is the form for question and exam files.
func UploadPath() string { return "/author/upload" }

// MendPath is where a question of an uploaded file is mended.
func MendPath(upload string, nth int) string {
	return UploadReportPath(upload) + "/mend/" + strconv.Itoa(nth)
}

// DifferencePath is what loading an uploaded file would change.
func DifferencePath(upload string) string { return UploadReportPath(upload) + "/difference" }

// UploadReportPath is what was found in an uploaded file.
func UploadReportPath(upload string) string { return "/author/uploads/" + url.PathEscape(upload) }

// AuthorJobPath is the page of a load.
func AuthorJobPath(job string) string { return "/author/jobs/" + url.PathEscape(job) }

// ExamsPath lists the exams for authors.
func ExamsPath() string { return "/author/exams" }

// NewExamPath is the editor of an exam that is not there yet.
func NewExamPath() string { return ExamsPath() + "/new" }

// ExamEditPath is the editor of an exam.
func ExamEditPath(slug string) string { return ExamsPath() + "/" + url.PathEscape(slug) }

// AttachPath is the form that adds an attachment to an exam.
func AttachPath(slug string) string { return ExamEditPath(slug) + "/attachments" }

// AttachedPath is an attachment of an exam, by the hash of its content.
func AttachedPath(slug, media string) string {
	return ExamEditPath(slug) + attachmentsPart + url.PathEscape(media)
}

// PreviewPath is an exam on trial.
func PreviewPath(slug string) string { return ExamEditPath(slug) + "/preview" }
