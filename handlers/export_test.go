package handlers

// SetRoom changes how many bytes the bodies of requests may hold at once.
func (s *Server) SetRoom(size int64) { s.room = newRoom(size) }
