// Package backend opens everything behind the window and wires it together. It holds no logic of its own; this comment is the tour.
//
// # Reading order
//
// What things are:
//
//   - domain: the nouns (Source, User, Group, App, Plan, Change, Run, Item), the closed set of error codes, the Secret that cannot be printed
//   - registry, form, events: kinds by name, input fields that the window draws, the bus
//
// From Atlassian to the page:
//
//   - atlassian, atlassian/admin, atlassian/jira: requests, rate gate, retries of reads, paging, error decoding
//   - source: what a source is; source/atlassianorg, source/jiracloud and source/jiradc are the kinds; source/packed holds
//     people whose groups come one by one; Connections keeps the sources that were added
//   - source/reminders: reminders before a key ends
//   - mirror: syncs a source into the local copy
//   - store: opens both databases; store/mirrordb: the local copy (mirror.db), and how a sync writes it;
//     store/records: what must not be lost (runs.db): sources, settings, lists, plans, runs. Nothing crosses between the two but ids
//   - store/sqlite: the engine below both; store/migrations: their schemas; store/driver: the driver
//   - people/filter: the filter language; people/index: the columns that answer it; people/fields: one file for each field;
//     people/directory: lists of people and the selection
//   - people/saved: filters under a name; people/lists: named lists; people/csvfile: CSV files as rows; people/imports: matches them with a
//     source and keeps them
//   - task: begins what is due, and keeps what was begun, missed or left unfinished; task/kinds: one file for each kind, the sync is one
//   - people/trends: one small row of counts for each day and app; people/attention: what an admin should look at today
//   - bindings: what the page may call
//
// And back, from the page to Atlassian:
//
//   - bulk: plan, guard, confirm, run, settle, undo; bulk/actions: one file for each action; bulk/protection: whom none of them touches
//   - runlog: what was done; report, report/formats: runs and lists as files; export: a list of people as a file
//
// Around them:
//
//   - workspace: the data folder and its lock; workspace/secret: the keyring, and the encrypted file for machines without one;
//     workspace/setup: Get started as a state machine; workspace/demo: the demo organization
//   - sim: an Atlassian in memory, for tests and the demo; cmd/simserver: the same on ports
//   - desktop: window, tray, dialogs: the only package that knows Wails
//
// The table in layers_test.go says which package may import which; it fails when this tour is left.
//
// # How to add things
//
//   - a bulk action: one file in bulk/actions, and a scenario in its testdata (`go test ./backend/bulk/actions -update` writes what comes of
//     it); form, preview, guard, confirmation, log and undo come with it
//   - a filter field: one file in people/fields; completion, errors, docs and the test of its example come with it
//   - a kind of source: one folder below source, a line in registered.go, its calls in sim; source/sourcetest is its contract
//   - a page: a folder in frontend/src/pages with page.tsx; if it needs new data, a method in bindings and its query in frontend/src/api
//   - a report format: one file in report/formats
//   - a kind of task: one file in task/kinds; due times, claims, retries, history and its words come with it. A service that no kind has
//     used yet is one more field of task.World, filled in session.go
//   - a migration: one file in store/migrations
//
// # What is promised about a run
//
// Intent is on disk before a call is sent. A call whose answer is unclear is settled by reading, never sent again blindly. Protected
// people are checked when the plan is made and again just before each call. The numbers of a run always add up to its plan.
//
// # Decisions
//
// Each entry: date, choice, reason, what would change our mind.
//
//   - 2026-11-21: two database files. A sync's long write transaction must never delay the record of a call's result, so plans and
//     runs have their own file with synchronous=FULL. One file would do if SQLite had several writers.
//   - 2026-11-21: the selection is kept in Go, by person, not in the page. It survives another filter and a sync, 100,000 people
//     cost one bitmap, and a plan is made from what Go knows, not from a list that a page sent.
//   - 2026-11-21: form imports domain, so that a refused field is the same error type as every other refusal.
//   - 2026-11-21: a delivery that is shorter than the source's own count removes nobody from the local copy. The difference is shown;
//     who is missing stays as before. Were they few, the source is asked about each, and who it does not know is gone.
//   - 2026-11-21: the race detector leaves out SQLite, which is C translated to Go: with it the tests take seven times as long.
//   - 2026-11-21: no test asserts on the wall clock; what must not grow is counted (allocations, commits, requests) or held against a
//     baseline in the same run, because CI has two busy cores.
//   - 2026-11-21: a simulated Atlassian (--simulator) has its own data folder and keyring space and must be on 127.0.0.1, so that a
//     real key cannot reach it and its people cannot be mistaken for real ones.
//   - 2026-11-21: no i18n library: the interface is in American English. The first translation would bring one.
//   - 2026-11-21: a person of Jira Data Center is known by the user's key, not by the name that Jira's group calls want. Names change hands
//     after a rename; a plan must still mean the same person. The name is read just before the call. "Inactive" is shown as suspended: it
//     is reversible and keeps groups, which is what suspending means everywhere else here.
//   - 2026-11-22: daily counts stand in runs.db and hold the active people for twelve fixed numbers of days, not a histogram: 4 KB a day at
//     50 apps, and each of the twelve can still be drawn for the past. They are kept after a sync and when people change on such a day;
//     a day without a sync gets no row. Only the demo's past is worked out later, and says so.
//   - 2026-11-22: people who are about to be changed are read with a second call for all their groups, and where they are in several
//     directories by directory, because Atlassian documents neither that a person's list of groups is whole nor whose status the list of
//     one directory shows. A whole sync takes the statuses as they are listed. What a real organization answers will make one of them superfluous.
//   - 2026-11-22: what an imported file says is kept beside the local copy and joined when people are read, not written into it. A sync
//     cannot lose it, it never hides what the source tells, and removing it leaves nothing. Active in the export of users is not taken:
//     Atlassian calls open invitations so.
//   - 2026-11-22: whoever shares an address of a list, or hides the own while some of the list match nobody, is neither in the list nor
//     out of it: excluding the protected must not let anybody through by guessing.
//   - 2026-11-22: an organization may have a second key, for changes. Atlassian cannot narrow a key that may delete, so it is kept away from
//     all that runs by itself: only bulk gets it (source.Connections.Unlock), for one run, tested just before, on a connection of its own. A run
//     never falls back on the other key; only its reads may use either. A key removed in the keyring by another program is missed at the
//     run's next start, not under it: asking the keyring before each call would cost more than it gives.
//   - 2026-11-22: a sync of changes reads the audit log by time, from an hour before the newest event that was met, not by a kept cursor.
//     Events may be late, and how long a cursor lives is not known. Event ids keep people from being read twice.
//   - 2026-11-22: a sync of changes does not renew the 24 hours in which a plan may be made. The log may lack kinds of changes; only a
//     full sync is the truth. Each person is read again before a run and before the call anyway.
//   - 2026-11-22: a full sync that ended early goes on from the pages that it received, which are kept in a file for an hour, not from
//     half staged tables. Replaying them takes the same way as reading them, so there is only one way by which rows come into being.
//   - 2026-11-22: search as you type runs over 192 classes of letter pairs, one set of people each, and not over a list for every pair:
//     24 bytes for each person, and the few people who are left are looked at anyway. Millions of people would change that.
//   - 2026-11-22: an action may be about groups instead of people: a change's target without an account is its group, found by id or, while
//     there is none, by directory and name. Plan, guard, intent, settling, log and undo are the same. One item stays one call, so deleted
//     groups are taken back in two plans: made again, then filled again. A group that Atlassian could rename or restore would need one.
//   - 2026-11-22: a group with a protected person in it, a default or an admin group, and one with more than 100 members are never deleted,
//     though Atlassian would allow some of it: who loses what must fit on a screen, and people can be taken out of a group by an action
//     that is undone exactly.
//   - 2026-11-22: a write to mirror.db that does not say whom it was about is taken to be about everybody, so that a forgotten note costs
//     a slow start and never a wrong list.
//   - 2026-11-28: a full sync keeps of each person one digest of the rows that it delivered, and stages only people of whom
//     the digest is another one. Every other write drops the digests of whom it is about. Rows that another program
//     changes in mirror.db are not mended by a sync until something else is delivered about the person.
//   - 2026-11-28: people are inserted by prepared statements of many rows. A SQLite file that Go laid out in memory took
//     0.8 of the processor time, a spool with codecs of its own compared at 0.6; both took two days to read, and reading
//     100,000 people takes Atlassian minutes. Organizations that are read in seconds would change that.
//   - 2026-11-28: of what two directories say about one person the greater value holds, whichever came last, so that the
//     order of delivery counts for nothing. A source that must win over another one would need an order of its own.
//   - 2026-11-22: GORM's dialect stays, but modernc.org/sqlite's own driver is under it (store/driver), because glebarez/go-sqlite compiles
//     each statement again at each execution. A first load takes 0.65 of the time, recording a result of a run 0.35. A release of
//     glebarez/go-sqlite that keeps prepared statements would end it.
//   - 2026-11-22: answers are decoded by go-json-experiment/json, with the options that let pass what encoding/json lets pass: most of what a
//     sync computes is that, and it takes half the time. It is what Go takes as encoding/json/v2, and goes when that needs no experiment.
//   - 2026-11-22: what a sync knows of each person while it compares stands in a file. A site's people, whose
//     groups tell only at the end who belongs where, are packed in memory (160 bytes for each): a row for each membership, or a second
//     reading of the pages, would cost more processor time than it saves. Sites of millions of people would change that.
//   - 2026-11-22: a tile's people are those who can open the app: active or invited. Suspended and deactivated people stand beside them,
//     because nothing is saved by taking their access, and an invited person is not one who never used it. With a directory for each site
//     the state over all of them counts: the copy does not keep which directory an app belongs to.
//   - 2026-11-22: the question before quitting stands in the page, because a system's dialog has two buttons on Linux and there are three
//     choices; the dialog asks when the page does not answer. A run that pauses has not ended: Quit when done waits for it.
//   - 2026-11-28: a damaged local copy is never repaired nor read for parts: it is set aside, the session is opened anew, and a full sync
//     reads everything. The checksums that a closed copy leaves beside it (28 MB take 10 ms) find what SQLite cannot, a bit within a text; after
//     a crash there are none, so all pages are looked at, ids are compared, and the next full sync compares every row. Imported files are
//     lost with the copy; keeping them in runs.db would save that.
//   - 2026-11-28: a plan stops by what it does within 24 hours together with runs of the same action, counted from the run logs, and not by
//     what all actions do together: suspending and removing from groups harm differently, and one sum would say neither. Somebody who
//     deletes a run log takes its people out of that count; a ledger of its own would outlive what the operator wanted gone.
//   - 2026-11-28: the two databases are two packages that do not know each other. A sync needs of its source only that it exists and a mark
//     that changes with what a read depends on; a damaged copy says what it has lost before it is moved. Removing a source deletes its people
//     first, then the source: a crash between leaves a source that can be removed again. A database that a team
//     shares would take the place of records alone.
//   - 2026-11-28: "select all" replaces the selection by the list that is seen; whom it takes out is kept aside, one step back. The page says which
//     of the lists that it asks for are shown (Query.Shown), so that a preview can tell who of it is not in the last one: at the time it is
//     looked at, not stored with the plan, because the operator compares with what he sees.
//   - 2026-11-28: an occurrence of a task is a row, unique by task and key, and inserting it is claiming it. The key of a day is the local
//     date and time without the zone, so neither a clock that is put back nor a journey nor a second process begins it twice. What waited
//     and was passed over is a row too, with the reason. A run says every half minute that it goes on; one that has not for three of them
//     was left by a program that died: it is begun again if its kind says that this does no harm. A clock that is wrong by days
//     begins the days again that it had begun too early; a kind for which that is harm would need to ask.
//   - 2026-11-28: syncs of changes are a part of a source's one task and not a second task. They follow the last sync, whoever began it, so
//     they have no times of their own that could be missed. A schedule of their own would make them one.
//   - 2026-11-28: an answer to a narrowed question is believed row by row. A row that says to be something else is left out; one whose lists
//     may be cut is believed only when a different question agrees about some like it; members of a Jira group, whose rows tell no group,
//     are doubted where several groups have the same ones. More questions than that would double what a sync asks.
//   - 2026-11-28: no wait that a server asks for is longer than five minutes. Whoever asks for more is told so at once, and asked again then, or
//     as soon as the operator starts something by hand: one request goes through the closed gate and its answer decides for all.
//   - 2026-11-28: the page ends a call by its name, not by a ticket: it never has two of the same name under way, and no bound method needs
//     another argument.
//   - 2026-11-28: an undo, a second try and any plan go by what runs recorded of people and groups until these were read again (bulk/record.go),
//     not by a fresh reading of everybody before the preview: 30,000 people would take an hour, and each is read before the call anyway.
//     Reading back could write into the local copy itself and save a reading; that would tie the engine to how the copy is kept.
//   - 2026-11-28: the encrypted key file is age's: a passphrase opens an identity, the identity opens the keys. A format of our own would have
//     to be reviewed by us alone.
//   - 2026-11-28: rows of runs.db have GORM models, and what only SQLite knows stands in one file (records/dialect.go) and the migrations. The
//     contract in records was run on PostgreSQL 15 once, by hand, with a schema and an opening of its own, and held. Plain statements stay where
//     models were slower (records/doc.go): an outcome, a page of items, whom runs have touched, a year of counts.
//   - 2026-11-28: states are codes, and so is what an undo goes by; the words for them are made when they are shown. Reasons and the lines
//     "before -> after" of a preview are stored as they were shown: they are read, never compared, and the log tells what the operator saw.
//   - 2026-11-28: several actions in order are one action made of them (bulk/steps.go), so that guard, run, log and undo need to know no steps.
//     A run begins a step only when the whole one before is over: a barrier for each person would save time and let a run that is stopped
//     in its middle leave people at different steps.
//   - 2026-11-28: app access is taken way by way: one change for each group or role that gives it. Where somebody keeps the app by a way that
//     cannot be ended, nothing of it is taken, so that nobody loses a group for nothing. A person's roles are in no local copy; they are read
//     before the preview, one request each, for 2,000 people at most. Atlassian telling all roles in one list would end that bound.
//   - 2026-11-28: go vet looks at Windows and macOS only where files differ: a database compiled for two more systems cost four minutes.
package backend
