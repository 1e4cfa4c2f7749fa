package migrations

// What syncs found different about a person, with the time at which they did: what the tables of the present cannot tell. The first copy
// of a source leaves one row for everybody, with user 0.
var _ = Mirror.Add(4, "history of people",
	`CREATE TABLE history (
		source  INTEGER NOT NULL,
		user_id INTEGER NOT NULL,
		at      INTEGER NOT NULL,
		kind    INTEGER NOT NULL, -- see historyKinds in package store
		ref     INTEGER NOT NULL, -- the group that was joined or left, the code of the new status, else 0
		PRIMARY KEY (source, user_id, at, kind, ref)
	) WITHOUT ROWID`,
)
