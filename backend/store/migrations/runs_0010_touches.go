package migrations

// Whom a run's items are about, without reading the changes themselves: a filter asks that of every run.
var _ = Runs.Add(10, "people by run",
	`CREATE INDEX plan_changes_who ON plan_changes (plan_id, seq, body ->> '$.target.accountId')`,
)
