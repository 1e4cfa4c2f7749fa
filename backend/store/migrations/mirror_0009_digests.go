package migrations

// Of each person a digest of all that the last full sync delivered and the rows were made from. It goes with every other write about the
// person, so that an equal one says that the rows are what a full sync would make of the same delivery.
var _ = Mirror.Add(9, "digests of what was delivered",
	`CREATE TABLE digests (
		source  INTEGER NOT NULL,
		user_id INTEGER NOT NULL,
		digest  BLOB NOT NULL, -- 16 bytes, see deliveredPerson in package store
		PRIMARY KEY (source, user_id)
	) WITHOUT ROWID`,
)
