package migrations

// What was counted each day. It stands in the file that is never rebuilt: the past cannot be read again from Atlassian. One day of 50
// apps takes some 2 KB; rows are appended day by day, so the file grows by full pages.
//
// Days are unix days of the date in the time zone that stands beside them; taken_at is in unix seconds.
var _ = Runs.Add(6, "daily counts",
	`CREATE TABLE trend_sources (
		key       INTEGER NOT NULL PRIMARY KEY,
		source_id TEXT NOT NULL UNIQUE
	)`,
	`CREATE TABLE trend_apps (
		key      INTEGER NOT NULL PRIMARY KEY,
		source   INTEGER NOT NULL,
		app_id   TEXT NOT NULL,
		app_key  TEXT NOT NULL,
		name     TEXT NOT NULL, -- as on the last day that has the app
		site     TEXT NOT NULL,
		site_url TEXT NOT NULL,
		UNIQUE (source, app_id)
	)`,
	`CREATE TABLE trend_days (
		source       INTEGER NOT NULL,
		day          INTEGER NOT NULL,
		taken_at     INTEGER NOT NULL,
		zone         TEXT NOT NULL,
		computed     INTEGER NOT NULL, -- worked out later, in the demo organization
		groups       INTEGER NOT NULL,
		active       INTEGER NOT NULL, -- people by status
		suspended    INTEGER NOT NULL,
		deactivated  INTEGER NOT NULL,
		invited      INTEGER NOT NULL,
		no_directory INTEGER NOT NULL,
		for_deletion INTEGER NOT NULL,
		unknown      INTEGER NOT NULL,
		PRIMARY KEY (source, day)
	) WITHOUT ROWID`,
	`CREATE TABLE trend_app_days (
		source      INTEGER NOT NULL,
		day         INTEGER NOT NULL,
		app         INTEGER NOT NULL,
		people      INTEGER NOT NULL,
		never       INTEGER NOT NULL,
		unknown     INTEGER NOT NULL,
		invited     INTEGER NOT NULL,
		suspended   INTEGER NOT NULL,
		deactivated INTEGER NOT NULL,
		active_7    INTEGER NOT NULL, -- people whose last activity was at most 7 days ago; so are the next ones
		active_14   INTEGER NOT NULL,
		active_30   INTEGER NOT NULL,
		active_45   INTEGER NOT NULL,
		active_60   INTEGER NOT NULL,
		active_90   INTEGER NOT NULL,
		active_120  INTEGER NOT NULL,
		active_180  INTEGER NOT NULL,
		active_270  INTEGER NOT NULL,
		active_365  INTEGER NOT NULL,
		active_540  INTEGER NOT NULL,
		active_730  INTEGER NOT NULL,
		PRIMARY KEY (source, day, app)
	) WITHOUT ROWID`,
)
