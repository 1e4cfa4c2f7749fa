package migrations

// What an operator raised so that a run may do what its plan was stopped for, with words and reason, as JSON; empty for most runs.
var _ = Runs.Add(11, "raised caps",
	`ALTER TABLE runs ADD COLUMN raised TEXT NOT NULL DEFAULT ''`,
)
