package migrations

// When sources are synced without being asked. A source without a row follows the default.
//
// Times are unix seconds, 0 is none.
var _ = Runs.Add(4, "schedules of syncs",
	`CREATE TABLE sync_schedules (
		source_id TEXT NOT NULL PRIMARY KEY,
		mode      TEXT NOT NULL,
		hours     INTEGER NOT NULL,
		at        TEXT NOT NULL,
		zone      TEXT NOT NULL,
		next_due  INTEGER NOT NULL,
		last_run  INTEGER NOT NULL,
		last_day  TEXT NOT NULL,
		retries   INTEGER NOT NULL
	)`,
)
