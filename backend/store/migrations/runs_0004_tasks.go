package migrations

// What is done without being asked, and when it is due.
//
// Times are unix seconds, 0 is none.
var _ = Runs.Add(4, "tasks",
	`CREATE TABLE tasks (
		id              TEXT NOT NULL PRIMARY KEY,
		kind            TEXT NOT NULL,
		name            TEXT NOT NULL,
		source_id       TEXT NOT NULL,    -- '' for none
		mode            TEXT NOT NULL,    -- the schedule
		hours           INTEGER NOT NULL,
		at              TEXT NOT NULL,
		zone            TEXT NOT NULL,
		params          TEXT NOT NULL,    -- JSON object of what the kind asks for
		active          INTEGER NOT NULL,
		next_due        INTEGER NOT NULL,
		last_run        INTEGER NOT NULL,
		last_occurrence TEXT NOT NULL,
		retry_at        INTEGER NOT NULL,
		retries         INTEGER NOT NULL
	)`,
	`CREATE INDEX tasks_source ON tasks (source_id)`,
)
