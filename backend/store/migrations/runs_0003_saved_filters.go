package migrations

// Saved filters stand in the file that is never rebuilt: an admin made them. One that was deleted keeps its row for a while, so that
// the deletion can be taken back.
//
// Times are unix milliseconds, 0 is none.
var _ = Runs.Add(3, "saved filters",
	`CREATE TABLE saved_filters (
		id          TEXT NOT NULL PRIMARY KEY,
		name        TEXT NOT NULL,
		name_key    TEXT NOT NULL,    -- the name in lower case: of those that are not deleted, none has another's name
		description TEXT NOT NULL,
		filter      TEXT NOT NULL,    -- as it was saved; kept also when it no longer makes sense
		columns     TEXT NOT NULL,    -- JSON array of column ids, [] for the columns that are shown anyway
		sort        TEXT NOT NULL,
		descending  INTEGER NOT NULL,
		density     INTEGER NOT NULL, -- height of a row in pixels, 0 for the one that is chosen anyway
		pinned      INTEGER NOT NULL,
		created_at  INTEGER NOT NULL,
		updated_at  INTEGER NOT NULL,
		deleted_at  INTEGER NOT NULL
	)`,
	`CREATE UNIQUE INDEX saved_filters_name ON saved_filters (name_key) WHERE deleted_at = 0`,
)
