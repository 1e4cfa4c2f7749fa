// Package records keeps what must not be lost, in runs.db: sources, settings, saved filters, lists of people, plans,
// runs, daily counts and tasks.
//
// It knows nothing of the local copy, and never makes an empty file in place of one that it cannot read: that is an
// error which says what to do.
//
// # How it speaks to the database
//
// Rows have a model (the types named ...Model), and GORM reads and writes them. Every method is one transaction, by
// update or view, so that all that it reads is of one moment and all that it writes is there or not. Statements that
// GORM does not make shorter are given to it as text, of words that any SQL database knows; those that only SQLite
// knows stand in dialect.go, and the schema in package migrations. contract_test.go is what another database would have
// to keep.
//
// # Where plain statements stay
//
//   - WriteItems records the outcome of a call, some five times a second, and each is on disk before the next call: two statements that are
//     compiled once.
//   - A page of items or changes, and whom runs have touched (a million rows at once), are read without models, row by row: GORM holds all
//     of them as models first.
//   - The counts of apps: a year of 50 apps is 18,000 rows of 21 columns, and took 0.57 s through a model against 0.3 s.
package records
