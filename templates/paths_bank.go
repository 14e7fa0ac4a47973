package templates

import (
	"net/url"
	"strconv"
)

// BankPath lists questions over all sets; it takes new ones.
func BankPath() string { return "/author/questions" }

// NewQuestionPath is the editor of a new question of a set, which may be empty.
func NewQuestionPath(set string) string {
	if set == "" {
		return BankPath() + "/new"
	}
	return BankPath() + "/new?set=" + url.QueryEscape(set)
}

// CopyQuestionPath is the editor of a copy of a question.
func CopyQuestionPath(question string) string {
	return BankPath() + "/new?copy=" + url.QueryEscape(question)
}

// QuestionPreviewPath takes a form of the editor and answers how it will look.
func QuestionPreviewPath() string { return BankPath() + "/preview" }

// BankQuestionPath is a question with its history.
func BankQuestionPath(question string) string { return BankPath() + "/" + url.PathEscape(question) }

// BankEditPath is the editor of a question.
func BankEditPath(question string) string { return BankQuestionPath(question) + "/edit" }

// BankMarkPath takes changes of a question's state, and comments.
func BankMarkPath(question string) string { return BankQuestionPath(question) + "/mark" }

// PicturePath is the form that adds a picture to a question.
func PicturePath(question string) string { return BankQuestionPath(question) + "/picture" }

// BankVersionPath is a question as it was in a version.
func BankVersionPath(question string, revision int) string {
	return BankQuestionPath(question) + "/versions/" + strconv.Itoa(revision)
}
