package migrations

// How often, between full syncs, only what has changed is read; 0 is never.
var _ = Runs.Add(9, "scheduled syncs of changes",
	`ALTER TABLE sync_schedules ADD COLUMN changes_minutes INTEGER NOT NULL DEFAULT 0`,
)
