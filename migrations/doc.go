// Package migrations holds the database schema as numbered steps and brings a database up to date.
// It knows SQL and goose, and nothing of exams; each backend of the store runs it on its own
// connection.
//
// # How a schema changes
//
// Several instances run on one database, and they are replaced one after the other: an instance of
// the version before keeps working while the next one migrates. So a change takes two releases.
//
//  1. Expand: add what is new beside what is there. New columns are nullable or have a default,
//     since an older program does not name them; new tables and indexes are free; a new constraint
//     must hold for what an older program writes. Every statement of the older program still works.
//  2. Contract: one release later, when no instance needs the old shape, remove it. The step raises
//     schema_compatibility.oldest to the schema version from which programs can do without.
//
// # Rules
//
//   - A step that was released is never edited; what is wrong is mended by a further step.
//   - Steps are numbered 0001, 0002, … without gaps, the same numbers for both databases.
//   - Each step is one transaction. A step that fails leaves nothing behind.
//   - What reads or writes all rows of a table is a step by itself: changes of a table lock it until their step
//     ends, and answers wait for that.
//   - A lock is held from the look at the version to the last step, so two instances that start at
//     once migrate once. The lock ends with its holder.
//   - There are no steps down. Going back is restoring a backup, or the older program on the
//     expanded schema.
//   - An older program starts on a newer schema exactly when schema_compatibility.oldest is not
//     beyond the version that the program knows. Else it is refused (ErrTooNew).
package migrations
