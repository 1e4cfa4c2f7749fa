// Package directory answers the window about the people of a source: lists by filter and search, their rows, one
// person's details, the selection, the groups, and the overview's numbers.
//
// It changes nobody and talks to no Atlassian; it reads the local copy through Store, mostly once, into an index in
// memory (people/index), and builds that afresh in the background when the local copy has changed.
//
// # Lists
//
// A list is a Snapshot: the positions of its people, in order, in one index that never changes. So rows stand still
// while a sync writes, any row is reached at once, totals are exact, and a range of rows means the same people on every
// page. Check tells what has changed since; a new Query shows it.
package directory
