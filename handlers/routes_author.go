package handlers

// authorRoutes are those of the author's desk.
func (s *Server) authorRoutes() []route {
	return []route{
		{"GET", "/author", author, bodyNone, s.showDesk},
		{"GET", "/author/sets", author, bodyNone, s.showSets},
		{"GET", "/author/sets/{set}", author, bodyNone, s.showSet},
		{"GET", "/author/sets/{set}/export", author, bodyNone, s.exportSet},
		{"GET", "/author/upload", author, bodyNone, s.showUpload},
		{"POST", "/author/upload", author, bodyUpload, s.submitUpload},
		{"GET", "/author/uploads/{upload}", author, bodyNone, s.showReport},
		{"GET", "/author/uploads/{upload}/media/{media}", author, bodyNone, s.showUploadMedia},
		{"GET", "/author/uploads/{upload}/mend/{piece}", author, bodyNone, s.editMend},
		{"POST", "/author/uploads/{upload}/mend/{piece}", author, bodyForm, s.saveMend},
		{"POST", "/author/uploads/{upload}/mend/{piece}/preview", author, bodyForm, s.previewMend},
		{"GET", "/author/uploads/{upload}/difference", author, bodyNone, s.showDifference},
		{"POST", "/author/uploads/{upload}/difference", author, bodyForm, s.chooseDifference},
		{"POST", "/author/uploads/{upload}/load", author, bodyForm, s.loadUpload},
		{"POST", "/author/uploads/{upload}/discard", author, bodyForm, s.discardUpload},
		{"GET", "/author/jobs/{load}", author, bodyNone, s.showLoad},
		{"GET", "/author/exams", author, bodyNone, s.showExams},
		{"GET", "/author/exams/new", author, bodyNone, s.newExam},
		{"POST", "/author/exams", author, bodyForm, s.createExam},
		{"GET", "/author/exams/{exam}", author, bodyNone, s.editExam},
		{"POST", "/author/exams/{exam}", author, bodyForm, s.saveExam},
		{"POST", "/author/exams/{exam}/publish", author, bodyForm, s.publishExam},
		{"POST", "/author/exams/{exam}/withdraw", author, bodyForm, s.withdrawExam},
		{"GET", "/author/exams/{exam}/archive", author, bodyNone, s.confirmArchive},
		{"POST", "/author/exams/{exam}/archive", author, bodyForm, s.archiveExam},
		{"POST", "/author/exams/{exam}/unarchive", author, bodyForm, s.unarchiveExam},
		{"POST", "/author/exams/{exam}/duplicate", author, bodyForm, s.copyExam},
		{"GET", "/author/exams/{exam}/file", author, bodyNone, s.downloadExam},
		{"GET", "/author/exams/{exam}/package", author, bodyNone, s.exportPackage},
		{"GET", "/author/exams/{exam}/preview", author, bodyNone, s.showPreview},
		{"POST", "/author/exams/{exam}/preview", author, bodyForm, s.submitPreview},
	}
}
