// Package mirrordb keeps the local copy of people, groups and apps, in mirror.db: what can be read again from
// Atlassian, and for each source the syncs that wrote it. It does not know what a source is, only its id: that stands
// in records. A damaged file is set aside and begun anew.
//
// # The write path of a sync
//
// From a page of Atlassian's answer to the swapped copy, in the order in which data flows:
//
//  1. A source receives a page and decodes it into its client's types and from these into a domain.Batch
//     (source/atlassianorg/convert.go). It keeps the page itself in the PageCache (pagecache.go): a file beside the copy,
//     from which a sync that ended early goes on within the hour. Such pages take the same way as fresh ones.
//  2. Package mirror gathers batches until there are enough people for one transaction, and calls StageBatch (staging.go).
//  3. refs.go gives each directory, app and group a small integer key, things.go and grants.go write their rows. people.go
//     looks up the key of each account, together with the digest of the person that the copy keeps.
//  4. rows.go makes the rows of each person, and one digest of these rows. A person whose digest is the copy's is
//     unchanged: nothing is written but that the person was received. The rows of everybody else are inserted into
//     staged tables, which have the shape of the copy's (sqlite.DB.Insert).
//  5. When everything has been read, CommitSync (sync.go) compares: prepare (compare.go) finds out who is missing, and
//     which of the staged rows are new, different or gone. It writes only to the sync's own file.
//  6. save is the one transaction that changes the copy (merge.go): history, people, groups, the marks of those who are
//     gone, digests, and how far the audit log was followed. generation.go notes in it who has changed, so that the
//     people list follows. On an error the copy is as it was.
//
// So a person is, on the way: a page's JSON, the client's type, a domain.User, staged rows, rows.
//
// The staged tables stand in a file of the sync's own, which is attached to the connection that writes and deleted at
// the end, however the sync ends. Only in the first sync of a source are they the copy's own tables, so that people can
// be looked at while it runs; what it leaves when it fails is a partial copy, which the next one begins anew.
//
// # What is promised, and by what
//
//   - Never a half swapped copy: save is one transaction.
//   - No row is written when nothing changed: equal digests, and of what is staged only rows that differ.
//   - Memory does not grow with the people: what a sync knows of each person is a row of the file (table received).
//   - A person who is delivered in several pieces, one for each directory, is the same person in any order of the
//     pieces: of two values the greater one holds, and the digest is the sum of the pieces' digests. When a second piece
//     comes of somebody whose first piece was the copy's, the copy's rows are staged and the piece is joined to them.
//   - A digest stands for rows. Every other write about a person deletes it, in the same transaction (generation.go); a
//     write that does not say whom it is about deletes all of them, and refuses a sync that was comparing meanwhile.
//   - People and groups that were read alone while a sync ran are newer than the sync, and stay (refresh.go, groups.go).
//   - People who are gone keep their rows with removed_at. When fewer people were delivered than Atlassian counts, nobody
//     is taken for gone; readat.go keeps how old what is known of them is.
package mirrordb
