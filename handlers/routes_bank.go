package handlers

// bankRoutes are the pages about single questions.
func (s *Server) bankRoutes() []route {
	return []route{
		{"GET", "/author/questions", author, bodyNone, s.showBank},
		{"GET", "/author/questions/new", author, bodyNone, s.newQuestion},
		{"POST", "/author/questions", author, bodyForm, s.createQuestion},
		{"POST", "/author/questions/preview", author, bodyForm, s.previewQuestion},
		{"GET", "/author/questions/{question}", author, bodyNone, s.showBankQuestion},
		{"GET", "/author/questions/{question}/versions/{revision}", author, bodyNone, s.showBankVersion},
		{"GET", "/author/questions/{question}/edit", author, bodyNone, s.editQuestion},
		{"POST", "/author/questions/{question}/edit", author, bodyForm, s.saveQuestion},
		{"POST", "/author/questions/{question}/mark", author, bodyForm, s.markQuestion},
		{"GET", "/author/questions/{question}/picture", author, bodyNone, s.showPicture},
		{"POST", "/author/questions/{question}/picture", author, bodyUpload, s.addPicture},
	}
}
