// Package questionset reads question sets and exam files: it turns what authors write (tables, plain
// text, GIFT, Moodle XML, QTI, YAML) into questions, keys and exam definitions, and says in a report
// what it could not take, where, why, and how to mend it.
//
// Nothing is dropped silently: every question that is seen is either taken or named in the report,
// and a question without a right answer is never taken as gradable. Whether a file with faults is
// loaded at all is the caller's choice (Report.Sound).
//
// Files are untrusted. Sizes are bounded before anything is parsed, a file that takes too long is
// given up (Options.Time), and texts in HTML or Markdown are passed on as they are written, marked
// with their format: whoever renders them sanitises them.
//
// The package knows the words of package exam and nothing of storage, pages or sessions.
package questionset
