package migrations

// The local copy. Atlassian's ids are interned once (accounts, refs), so that the many rows of access and memberships
// hold small integers. A person, group or app that is gone keeps its row with removed_at. Every row names its source.
//
// Times are unix seconds and days are unix days; 0 is "none".
var _ = Mirror.Add(1, "the local copy of people",
	`CREATE TABLE sources (
		key         INTEGER NOT NULL PRIMARY KEY,
		source_id   TEXT NOT NULL UNIQUE,
		revision    INTEGER NOT NULL, -- the last complete sync, 0 while there is none
		complete_at INTEGER NOT NULL,
		changes_at  INTEGER NOT NULL DEFAULT 0,
		followed_to INTEGER NOT NULL DEFAULT 0, -- up to where the audit log was followed, in unix milliseconds
		followed    TEXT NOT NULL DEFAULT ''    -- the events until then, as JSON
	)`,
	`CREATE TABLE syncs (
		id            INTEGER PRIMARY KEY AUTOINCREMENT, -- never used again: it is the revision
		source        INTEGER NOT NULL,
		state         TEXT NOT NULL,
		started_at    INTEGER NOT NULL,
		finished_at   INTEGER NOT NULL,
		people        INTEGER NOT NULL,
		groups        INTEGER NOT NULL,
		added         INTEGER NOT NULL,
		changed       INTEGER NOT NULL,
		removed       INTEGER NOT NULL,
		drift         TEXT NOT NULL,
		error_code    TEXT NOT NULL,
		error_reason  TEXT NOT NULL,
		error_message TEXT NOT NULL,
		error_hint    TEXT NOT NULL,
		kind          TEXT NOT NULL DEFAULT 'full',
		note          TEXT NOT NULL DEFAULT ''
	)`,
	`CREATE INDEX syncs_by_source ON syncs (source, id)`,
	`CREATE TABLE accounts (
		id         INTEGER NOT NULL PRIMARY KEY, -- the mirror's key of the person
		source     INTEGER NOT NULL,
		account_id TEXT NOT NULL,
		UNIQUE (source, account_id)
	)`,
	`CREATE TABLE refs (
		id     INTEGER NOT NULL PRIMARY KEY, -- the mirror's key of the directory, app or group
		source INTEGER NOT NULL,
		kind   INTEGER NOT NULL,             -- 1 directory, 2 app, 3 group
		ref    TEXT NOT NULL,
		UNIQUE (source, kind, ref)
	)`,
	`CREATE TABLE directories (
		id           INTEGER NOT NULL PRIMARY KEY,
		source       INTEGER NOT NULL,
		directory_id TEXT NOT NULL,
		name         TEXT NOT NULL,
		removed_at   INTEGER NOT NULL
	)`,
	`CREATE TABLE apps (
		id         INTEGER NOT NULL PRIMARY KEY,
		source     INTEGER NOT NULL,
		app_id     TEXT NOT NULL,
		app_key    TEXT NOT NULL,
		name       TEXT NOT NULL,
		site_name  TEXT NOT NULL,
		site_url   TEXT NOT NULL,
		plan       TEXT NOT NULL,
		status     TEXT NOT NULL,
		sandbox    INTEGER NOT NULL,
		usage      INTEGER NOT NULL,
		capacity   INTEGER NOT NULL,
		removed_at INTEGER NOT NULL
	)`,
	`CREATE TABLE groups (
		id            INTEGER NOT NULL PRIMARY KEY,
		source        INTEGER NOT NULL,
		group_id      TEXT NOT NULL,
		directory_id  TEXT NOT NULL,
		name          TEXT NOT NULL,
		description   TEXT NOT NULL,
		synced        INTEGER NOT NULL, -- 0 unknown, 1 yes, 2 no; so are all three-valued columns
		managed_by    TEXT NOT NULL,
		modifiable    INTEGER NOT NULL,
		member_count  INTEGER NOT NULL,
		app_count     INTEGER NOT NULL,
		grants_access TEXT NOT NULL,    -- one per line
		removed_at    INTEGER NOT NULL
	)`,
	`CREATE TABLE domains (
		source   INTEGER NOT NULL,
		name     TEXT NOT NULL,
		verified INTEGER NOT NULL,
		PRIMARY KEY (source, name)
	) WITHOUT ROWID`,
	`CREATE TABLE users (
		id             INTEGER NOT NULL PRIMARY KEY,
		source         INTEGER NOT NULL,
		account_id     TEXT NOT NULL,
		account_type   TEXT NOT NULL,
		name           TEXT NOT NULL,
		nickname       TEXT NOT NULL,
		email          TEXT NOT NULL,
		email_verified INTEGER NOT NULL,
		status         INTEGER NOT NULL, -- see statusCodes in package mirrordb
		managed        INTEGER NOT NULL,
		origin         TEXT NOT NULL,
		mfa            INTEGER NOT NULL,
		job_title      TEXT NOT NULL,
		department     TEXT NOT NULL,
		organization   TEXT NOT NULL,
		location       TEXT NOT NULL,
		time_zone      TEXT NOT NULL,
		added_at       INTEGER NOT NULL,
		deactivated_at INTEGER NOT NULL,
		removed_at     INTEGER NOT NULL,
		refreshed_at   INTEGER NOT NULL, -- when this person alone was last read afresh
		billable       INTEGER NOT NULL DEFAULT 0 -- counts for Atlassian Guard
	)`,
	`CREATE INDEX users_by_source ON users (source, removed_at)`,
	`CREATE TABLE user_directories (
		source       INTEGER NOT NULL,
		user_id      INTEGER NOT NULL,
		directory_id INTEGER NOT NULL,
		status       INTEGER NOT NULL,
		PRIMARY KEY (source, user_id, directory_id)
	) WITHOUT ROWID`,
	`CREATE TABLE user_roles (
		source  INTEGER NOT NULL,
		user_id INTEGER NOT NULL,
		role    TEXT NOT NULL, -- of the platform, such as organization admin
		PRIMARY KEY (source, user_id, role)
	) WITHOUT ROWID`,
	`CREATE TABLE access (
		source  INTEGER NOT NULL,
		user_id INTEGER NOT NULL,
		app_id  INTEGER NOT NULL,
		day     INTEGER NOT NULL, -- of the last activity; 0 never, -1 not known
		PRIMARY KEY (source, user_id, app_id)
	) WITHOUT ROWID`,
	`CREATE TABLE memberships (
		source   INTEGER NOT NULL,
		user_id  INTEGER NOT NULL,
		group_id INTEGER NOT NULL,
		PRIMARY KEY (source, user_id, group_id)
	) WITHOUT ROWID`,
	// What a group gives its members. grants_read holds the groups of which that is known: one without rows in
	// group_grants gives nothing.
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
	// What syncs found different about a person, with the time at which they did: what the tables of the present cannot
	// tell. The first copy of a source leaves one row for everybody, with user 0.
	`CREATE TABLE history (
		source  INTEGER NOT NULL,
		user_id INTEGER NOT NULL,
		at      INTEGER NOT NULL,
		kind    INTEGER NOT NULL, -- see historyKinds in package mirrordb
		ref     INTEGER NOT NULL, -- the group that was joined or left, the code of the new status, else 0
		PRIMARY KEY (source, user_id, at, kind, ref)
	) WITHOUT ROWID`,
	// What imported files say about people, beside what the source said. They live as long as the source.
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
	// What the people list in memory is made from without reading all rows: its columns as they were at a generation of
	// the copy (an image), and who was written since. Every write counts the generation up; one that does not say whom
	// it was about makes all images worthless.
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
	// People who are still shown although the last full sync did not deliver them, because its listing was cut off:
	// what is known of them is older than the copy. They are few, mostly none.
	`CREATE TABLE unread_people (
		source  INTEGER NOT NULL,
		user_id INTEGER NOT NULL,
		read_at INTEGER NOT NULL, -- the end of the last full sync that delivered the person
		PRIMARY KEY (source, user_id)
	) WITHOUT ROWID`,
	// Of each person a digest of the rows that the last full sync delivered. Every other write about the person deletes
	// it, so that an equal digest says that the rows are what a full sync would make of the same delivery.
	`CREATE TABLE digests (
		source  INTEGER NOT NULL,
		user_id INTEGER NOT NULL,
		digest  BLOB NOT NULL, -- 16 bytes, see digest in package mirrordb
		PRIMARY KEY (source, user_id)
	) WITHOUT ROWID`,
)
