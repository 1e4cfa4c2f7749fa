package migrations

// What the people list in memory is made from without reading all rows: its columns as they were at a generation of the copy (an image),
// and who was written since. Every write counts the generation up; one that does not say whom it was about makes all images worthless.
var _ = Mirror.Add(7, "images of the people list",
	`CREATE TABLE copy_state (
		id         INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
		generation INTEGER NOT NULL, -- of the whole file
		whole_at   INTEGER NOT NULL -- the last one of which it is not known who changed
	)`,
	`INSERT INTO copy_state (id, generation, whole_at) VALUES (1, 1, 1)`,
	`CREATE TABLE people_changes (
		source     INTEGER NOT NULL,
		generation INTEGER NOT NULL,
		user_id    INTEGER NOT NULL, -- 0: anybody of the source; what is before it is not told apart any more
		PRIMARY KEY (source, generation, user_id)
	) WITHOUT ROWID`,
	`CREATE TABLE images (
		source     INTEGER NOT NULL PRIMARY KEY,
		version    INTEGER NOT NULL, -- of the form of the parts
		schema     INTEGER NOT NULL, -- of this file when it was written
		generation INTEGER NOT NULL,
		parts      INTEGER NOT NULL
	)`,
	`CREATE TABLE image_parts (
		id       INTEGER NOT NULL PRIMARY KEY, -- source << 32 | number
		checksum INTEGER NOT NULL,
		data     BLOB NOT NULL
	)`,
)
