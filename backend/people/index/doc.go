// Package index holds the people of one source in memory, in columns, and answers filters, searches, sorts and rows
// from them in milliseconds.
//
// It reads no database by itself and never changes once it is made: a new local copy gets a new Index. It knows nothing
// of selections or lists; those stand in package directory. What single filter fields mean stands in people/fields.
//
// There are three ways to the columns, and all end in finish, which derives the rest: from the rows of the local copy
// (Build), from the image that an earlier Index left there (Open), and from the last Index and the few people who were
// written since (Next). Whatever does not fit leads back to the rows.
//
// A person is a position, 0 to Len()-1, in the order of the mirror's ids. A filter becomes a Truth, two bitsets over
// positions: for whom it is certainly true, and for whom it may be true. So "unknown" runs through AND, OR and NOT in
// Kleene's three-valued logic, and only the certain ones are listed.
package index
