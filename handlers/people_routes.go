package handlers

// peopleRoutes are the pages about people, and what admins and authors did.
func (s *Server) peopleRoutes() []route {
	return []route{
		{"GET", "/admin/people", admin, bodyNone, s.showPeople},
		{"GET", "/admin/people/new", admin, bodyNone, s.showNewPerson},
		{"POST", "/admin/people", admin, bodySecret, s.createPerson},
		{"GET", "/admin/people/import", admin, bodyNone, s.showImport},
		{"POST", "/admin/people/import", admin, bodyUpload, s.uploadRoster},
		{"GET", "/admin/people/imports/{roster}", admin, bodyNone, s.showRoster},
		{"POST", "/admin/people/imports/{roster}/load", admin, bodyForm, s.loadRoster},
		{"POST", "/admin/people/imports/{roster}/discard", admin, bodyForm, s.discardRoster},
		{"GET", "/admin/people/slips/{import}", admin, bodyNone, s.showSlips},
		{"GET", "/admin/people/slips/{import}/slips.csv", admin, bodyNone, s.exportSlips},
		{"POST", "/admin/people/slips/{import}/erase", admin, bodyForm, s.eraseSlips},
		{"GET", "/admin/people/{user}", admin, bodyNone, s.showPerson},
		{"POST", "/admin/people/{user}", admin, bodyForm, s.savePerson},
		{"POST", "/admin/people/{user}/password", admin, bodySecret, s.resetPassword},
		{"POST", "/admin/people/{user}/sign-out", admin, bodyForm, s.signOutPerson},
		{"GET", "/admin/people/{user}/accommodation", admin, bodyNone, s.leadToAccommodation},
		{"GET", "/admin/people/{user}/erase", admin, bodyNone, s.confirmErase},
		{"POST", "/admin/people/{user}/erase", admin, bodyForm, s.erasePerson},
		{"GET", "/admin/exams/{exam}/accommodations", admin, bodyNone, s.showAccommodations},
		{"POST", "/admin/exams/{exam}/accommodations", admin, bodyForm, s.saveAccommodations},
		{"GET", "/admin/people/groups", admin, bodyNone, s.showGroups},
		{"POST", "/admin/people/groups", admin, bodyForm, s.createGroup},
		{"GET", "/admin/people/groups/delete", admin, bodyNone, s.confirmGroupDelete},
		{"POST", "/admin/people/groups/delete", admin, bodyForm, s.deleteGroup},
		{"GET", "/admin/audit", admin, bodyNone, s.showAudit},
		{"GET", "/admin/audit.csv", admin, bodyNone, s.exportAudit},
		{"GET", "/account", signedIn, bodyNone, s.showAccount},
		{"POST", "/account/password", signedIn, bodySecret, s.changeOwnPassword},
		{"POST", "/account/sign-out", signedIn, bodyForm, s.endOwnSignIn},
	}
}
