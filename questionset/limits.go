package questionset

import "shiken/internal/textfile"

// Limits of what is read. They bound memory and time, not good taste.
const (
	MaxFile      = 32 << 20            // bytes of a question-set file
	MaxExamFile  = 1 << 20             // bytes of an exam file
	MaxQuestions = 100_000             // questions seen in one file
	MaxBroken    = 10_000              // questions of a broken XML document that cannot be read
	MaxText      = 64 << 10            // bytes of one text: a cell, a stem, an option, a feedback
	MaxName      = 500                 // bytes of an id, a category, a reference, a name or a tag
	MaxColumns   = textfile.MaxColumns // cells of one CSV row
	MaxAnswers   = 200                 // options, pairs or accepted answers of one question
	MaxExams     = 1_000               // exams in one exam file

	MaxEntries    = 10_000    // files in a package
	MaxUnpacked   = 128 << 20 // bytes read out of a package
	MaxMedia      = 8 << 20   // bytes of one picture or sound
	MaxMediaTotal = 64 << 20  // bytes of all media of a file
)
