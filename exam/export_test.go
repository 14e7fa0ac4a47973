package exam

// Fold folds one record into an attempt.
func Fold(p *Paper, a Attempt, r *Record) Attempt { return fold(p, a, &r.Entry, r.Payload) }
