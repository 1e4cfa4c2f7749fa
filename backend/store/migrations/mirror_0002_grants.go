package migrations

// What a group gives its members. grants_read holds the groups of which that is known: one without rows in group_grants gives nothing.
var _ = Mirror.Add(2, "what groups grant",
	`CREATE TABLE grants_read (
		source   INTEGER NOT NULL,
		group_id INTEGER NOT NULL,
		PRIMARY KEY (source, group_id)
	) WITHOUT ROWID`,
	`CREATE TABLE group_grants (
		source     INTEGER NOT NULL,
		group_id   INTEGER NOT NULL,
		app_id     INTEGER NOT NULL,
		role       TEXT NOT NULL,
		is_default INTEGER NOT NULL, -- the group is a default one of the role
		PRIMARY KEY (source, group_id, app_id, role)
	) WITHOUT ROWID`,
)
