package migrations

// The occurrences of tasks that were begun or missed. To insert one is to claim it: only one process can.
var _ = Runs.Add(9, "runs of tasks",
	`CREATE TABLE task_runs (
		id          INTEGER NOT NULL PRIMARY KEY, -- in the order of recording
		task_id     TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
		occurrence  TEXT NOT NULL,
		part        TEXT NOT NULL,
		due_at      INTEGER NOT NULL,
		started_at  INTEGER NOT NULL,
		seen_at     INTEGER NOT NULL,
		finished_at INTEGER NOT NULL,
		attempts    INTEGER NOT NULL,
		outcome     TEXT NOT NULL,
		reason      TEXT NOT NULL,
		ref         TEXT NOT NULL,
		UNIQUE (task_id, occurrence)
	)`,
	`CREATE INDEX task_runs_newest ON task_runs (task_id, part, id)`,
)
