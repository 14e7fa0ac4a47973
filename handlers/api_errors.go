package handlers

import (
	"encoding/json"
	"net/http"

	"shiken/exam"
)

// apiText words the table of errors for who writes or watches a client. What a person is shown is the
// client's to say, by error_code.
var apiText = map[*fault]string{
	errMalformed:     "The request could not be read: a field is missing, or not what it should be.",
	errForeignOrigin: "The request came from another site.",
	errNotFound:      "There is nothing at this address, or it is not yours.",
	errMethod:        "This address does not take such a request.",
	errTooLarge:      "More was sent than can be taken: an answer has 100,000 characters at most.",
	errMediaType:     "The body is not of the type that this address takes.",
	errBusy:          "Earlier requests are still being worked on. Send the same request again.",
	errUnavailable:   "Nothing can be saved at the moment. Send the same request again.",
	errInternal:      "Something went wrong on the server. It was recorded.",
}

// Of nobody, which is no fault.
const (
	codeSignedOut = "UNAUTHENTICATED"
	apiSignedOut  = "Nobody is signed in."
)

// apiReasons words the rejections of a save.
var apiReasons = map[exam.Reason]string{
	exam.Stale:          "A different answer was saved after this one was begun.",
	exam.IDReused:       "This command_id has named another command before.",
	exam.NotReached:     "The exam has not come to this question yet.",
	exam.ClosedQuestion: "This question is closed.",
	exam.OutOfRange:     "There is no such question.",
	exam.TimeIsUp:       "The time is up.",
	exam.Finished:       "The exam was handed in, or opened anew, after this one was begun.",
	exam.IsPaused:       "The exam is paused.",
	exam.IsVoided:       "This attempt was declared void.",
	exam.OtherDevice:    "The exam went on on another device.",
	exam.InvalidAnswer:  "The answer is not one that this question takes.",
}

// apiError is the error body of docs/design.md §7.
type apiError struct {
	Success   bool        `json:"success"`
	Error     string      `json:"error"`
	ErrorCode string      `json:"error_code"`
	RequestID string      `json:"request_id"`
	Reason    exam.Reason `json:"reason,omitempty"`
	Current   *apiCurrent `json:"current,omitempty"`
}

func writeAPIError(w http.ResponseWriter, r *http.Request, status int, code, text string, current *apiCurrent) {
	body := apiError{Error: text, ErrorCode: code, RequestID: of(r).id, Current: current}
	if current != nil {
		body.Reason = current.reason
	}
	writeJSON(w, status, body)
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the client is gone: nobody to tell
}
