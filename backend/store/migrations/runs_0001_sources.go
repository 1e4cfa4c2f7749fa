package migrations

// Sources and settings stand in the file that is never rebuilt: neither can be read again from Atlassian.
var _ = Runs.Add(1, "sources and settings",
	`CREATE TABLE sources (
		id           TEXT NOT NULL PRIMARY KEY,
		kind         TEXT NOT NULL,
		name         TEXT NOT NULL,
		color        TEXT NOT NULL,
		settings     TEXT NOT NULL,    -- JSON object of the fields that are no secret
		paused       INTEGER NOT NULL,
		demo         INTEGER NOT NULL,
		operator_id  TEXT NOT NULL,
		key_owner_id TEXT NOT NULL,
		key_expires  INTEGER NOT NULL, -- unix seconds, 0 unknown; so are all times
		created_at   INTEGER NOT NULL,
		updated_at   INTEGER NOT NULL,
		tested_at    INTEGER NOT NULL
	)`, // with rowid: the order in which sources were added, for those of one second
	`CREATE TABLE settings (
		name  TEXT NOT NULL PRIMARY KEY,
		value TEXT NOT NULL
	) WITHOUT ROWID`,
)
