package migrations

// Lists of people that an admin has put in: addresses and account ids, one to a line.
//
// Times are unix milliseconds.
var _ = Runs.Add(8, "lists of people",
	`CREATE TABLE person_lists (
		id         TEXT NOT NULL PRIMARY KEY,
		name       TEXT NOT NULL,
		name_key   TEXT NOT NULL UNIQUE, -- the name in lower case
		people     TEXT NOT NULL,
		created_at INTEGER NOT NULL,
		updated_at INTEGER NOT NULL
	)`,
)
