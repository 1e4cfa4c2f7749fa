package migrations

// Whether an account counts for Atlassian Guard: 0 unknown, 1 yes, 2 no.
var _ = Mirror.Add(3, "who counts for Atlassian Guard",
	`ALTER TABLE users ADD COLUMN billable INTEGER NOT NULL DEFAULT 0`,
)
