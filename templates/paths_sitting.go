package templates

import "net/url"

// AdminPath is the first page of who runs sittings.
const AdminPath = "/admin"

// SittingEventsPath is the stream behind a sitting page.
func SittingEventsPath(exam string) string { return SittingPath(exam) + "/events" }

// PlanPath takes the POST that shows what a command would do.
func PlanPath(exam string) string { return SittingPath(exam) + "/plan" }

// JobsPath takes the POST that gives it.
func JobsPath(exam string) string { return SittingPath(exam) + "/jobs" }

// JobPath is the page of a job.
func JobPath(job string) string { return AdminPath + "/jobs/" + url.PathEscape(job) }

// RejectedPath lists the late and rejected answers of an exam.
func RejectedPath(exam string) string { return SittingPath(exam) + "/rejected" }
