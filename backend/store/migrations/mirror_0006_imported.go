package migrations

// What files that were imported say about people, beside what the source said. They live as long as the source.
var _ = Mirror.Add(6, "imported exports of Atlassian's",
	`CREATE TABLE imports (
		source      INTEGER NOT NULL,
		kind        TEXT NOT NULL,
		file_name   TEXT NOT NULL,
		as_of       INTEGER NOT NULL,
		imported_at INTEGER NOT NULL,
		rows        INTEGER NOT NULL,
		matched     INTEGER NOT NULL,
		activity    INTEGER NOT NULL, -- it tells last activity
		PRIMARY KEY (source, kind)
	) WITHOUT ROWID`,
	`CREATE TABLE imported_people (
		source   INTEGER NOT NULL,
		user_id  INTEGER NOT NULL,
		kind     TEXT NOT NULL,
		status   INTEGER NOT NULL,
		day      INTEGER NOT NULL, -- of the last activity anywhere; 0 never, -1 not known
		added_at INTEGER NOT NULL,
		billable INTEGER NOT NULL,
		mfa      INTEGER NOT NULL,
		policy   TEXT NOT NULL,
		PRIMARY KEY (source, user_id, kind)
	) WITHOUT ROWID`,
	`CREATE TABLE imported_access (
		source  INTEGER NOT NULL,
		user_id INTEGER NOT NULL,
		app_id  INTEGER NOT NULL,
		day     INTEGER NOT NULL, -- 0 never, a day otherwise
		PRIMARY KEY (source, user_id, app_id)
	) WITHOUT ROWID`,
)
