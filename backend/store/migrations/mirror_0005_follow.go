package migrations

// Syncs of changes: up to where the audit log was followed (unix milliseconds, and the events as JSON), what kind a sync was. And reads
// that can go on where they ended: the rows of one stand in a file beside the copy, or in the copy itself when it is the first.
var _ = Mirror.Add(5, "syncs of changes, and syncs that go on",
	`ALTER TABLE sources ADD COLUMN changes_at INTEGER NOT NULL DEFAULT 0`,
	`ALTER TABLE sources ADD COLUMN followed_to INTEGER NOT NULL DEFAULT 0`,
	`ALTER TABLE sources ADD COLUMN followed TEXT NOT NULL DEFAULT ''`,
	`ALTER TABLE syncs ADD COLUMN kind TEXT NOT NULL DEFAULT 'full'`,
	`ALTER TABLE syncs ADD COLUMN note TEXT NOT NULL DEFAULT ''`,
	`CREATE TABLE kept_reads (
		source      INTEGER NOT NULL PRIMARY KEY,
		file        TEXT NOT NULL,    -- name of the file that holds the rows, '' for the copy itself
		fingerprint TEXT NOT NULL,    -- of the source's settings: other ones begin anew
		started_at  INTEGER NOT NULL
	)`,
	`CREATE TABLE read_marks (
		source     INTEGER NOT NULL PRIMARY KEY,
		mark       TEXT NOT NULL,     -- the source's own word for how far the rows reach
		saved_at   INTEGER NOT NULL,
		account_id INTEGER NOT NULL,  -- the greatest keys that were given until then: a copy that has lost them is not this one
		ref_id     INTEGER NOT NULL
	)`,
)
