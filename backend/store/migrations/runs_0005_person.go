package migrations

// Finds what was done to one person among the changes of all plans. The index is over an expression, so that no row had to be written anew.
var _ = Runs.Add(5, "changes by person",
	`CREATE INDEX plan_changes_person ON plan_changes (body ->> '$.target.accountId')`,
)
