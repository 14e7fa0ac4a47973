package templates

import "net/url"

// The addresses of the pages about people and of the audit log.
const (
	PeoplePath    = "/admin/people"
	NewPersonPath = PeoplePath + "/new"
	ImportPath    = PeoplePath + "/import"

	AccommodationUploadsPath = PeoplePath + "/accommodations"
	GroupsPath               = PeoplePath + "/groups"
	GroupDeletePath          = GroupsPath + "/delete"
	AuditPath                = "/admin/audit"
	AccountPath              = "/account"
)

// PersonPath is the page of one person.
func PersonPath(user string) string { return PeoplePath + "/" + url.PathEscape(user) }

// ErasePath asks before a person's data are erased.
func ErasePath(user string) string { return PersonPath(user) + "/erase" }

// AccommodationUploadPath says what storing an uploaded file of accommodations would change.
func AccommodationUploadPath(upload string) string {
	return AccommodationUploadsPath + "/" + url.PathEscape(upload)
}

// RosterPath says what importing an uploaded roster would do.
func RosterPath(upload string) string { return PeoplePath + "/imports/" + url.PathEscape(upload) }

// SlipsPath are the passwords that an import made.
func SlipsPath(job string) string { return PeoplePath + "/slips/" + url.PathEscape(job) }

// GroupPath lists the members of a group.
func GroupPath(group string) string { return PeoplePath + "?group=" + url.QueryEscape(group) }

// groupDeletePath asks before a group is deleted.
func groupDeletePath(group string) string {
	return GroupDeletePath + "?group=" + url.QueryEscape(group)
}
