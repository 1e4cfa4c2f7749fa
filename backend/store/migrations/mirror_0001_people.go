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
		complete_at INTEGER NOT NULL
	)`,
	`CREATE TABLE syncs (
		id            INTEGER PRIMARY KEY AUTOINCREMENT, -- never used again: it is the revision
		source        INTEGER NOT NULL,
		state         TEXT NOT NULL,
		started_at    INTEGER NOT NULL,
		finished_at   INTEGER NOT NULL,
		people        INTEGER NOT NULL,
		groups       INTEGER NOT NULL,
		added         INTEGER NOT NULL,
		changed       INTEGER NOT NULL,
		removed       INTEGER NOT NULL,
		drift         TEXT NOT NULL,
		error_code    TEXT NOT NULL,
		error_reason  TEXT NOT NULL,
		error_message TEXT NOT NULL,
		error_hint    TEXT NOT NULL
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
		status         INTEGER NOT NULL, -- see statusCodes in package store
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
		refreshed_at   INTEGER NOT NULL  -- when this person alone was last read afresh
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
)
