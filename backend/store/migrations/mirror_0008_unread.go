package migrations

// Whom the last full sync did not deliver although they are still shown, because its listing was cut off: what is known of them is older
// than the copy. They are few, mostly none.
var _ = Mirror.Add(8, "people whom the last full sync did not deliver",
	`CREATE TABLE unread_people (
		source  INTEGER NOT NULL,
		user_id INTEGER NOT NULL,
		read_at INTEGER NOT NULL, -- the end of the last full sync that delivered the person
		PRIMARY KEY (source, user_id)
	) WITHOUT ROWID`,
)
