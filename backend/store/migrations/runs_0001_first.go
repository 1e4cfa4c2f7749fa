package migrations

import "slices"

// What must not be lost. All times are unix milliseconds, 0 is none; texts that are JSON say so. Columns that are 0 or
// 1 are tested as they stand (WHERE NOT deleted), never compared with a number.
//
// Two promises are kept here and not in Go, so that no program can break them: the counters of a run follow its items
// and add up to the total at every instant, and an item that has its outcome never gets another one. There are two
// exceptions: a success by its answer can be disproved by reading, and writing the same outcome again is no error (a
// commit whose answer was lost).
var _ = Runs.Add(1, "all", slices.Concat(runsSources, runsLists, runsPlans, runsCounts)...)

// Sources, settings and tasks.
var runsSources = []string{
	`CREATE TABLE sources (
		key          INTEGER NOT NULL PRIMARY KEY, -- in the order of adding
		id           TEXT NOT NULL UNIQUE,
		kind         TEXT NOT NULL,
		name         TEXT NOT NULL,
		color        TEXT NOT NULL,
		settings     TEXT NOT NULL,    -- JSON object of the fields that are no secret
		paused       INTEGER NOT NULL,
		demo         INTEGER NOT NULL,
		operator_id  TEXT NOT NULL,
		key_owner_id TEXT NOT NULL,
		key_owners   TEXT NOT NULL,    -- JSON list of account ids
		key_expires  INTEGER NOT NULL, -- 0 is not known
		lacks        TEXT NOT NULL,    -- JSON object: capability to reason
		change_key   TEXT NOT NULL,    -- JSON of domain.ChangeKey; the keys themselves stand where secrets are kept
		created_at   INTEGER NOT NULL,
		updated_at   INTEGER NOT NULL,
		tested_at    INTEGER NOT NULL
	)`,
	`CREATE TABLE settings (
		name  TEXT NOT NULL PRIMARY KEY,
		value TEXT NOT NULL
	) WITHOUT ROWID`,
	`CREATE TABLE tasks (
		id              TEXT NOT NULL PRIMARY KEY,
		kind            TEXT NOT NULL,
		name            TEXT NOT NULL,
		source_id       TEXT NOT NULL, -- '' for none
		schedule_mode   TEXT NOT NULL,
		schedule_hours  INTEGER NOT NULL,
		schedule_at     TEXT NOT NULL,
		schedule_zone   TEXT NOT NULL,
		params          TEXT NOT NULL, -- JSON object of what the kind asks for
		active          INTEGER NOT NULL,
		next_due        INTEGER NOT NULL,
		last_run        INTEGER NOT NULL,
		last_occurrence TEXT NOT NULL,
		retry_at        INTEGER NOT NULL,
		retries         INTEGER NOT NULL
	)`,
	`CREATE INDEX tasks_of_source ON tasks (source_id)`,
	// The occurrences that were begun or missed. To insert one is to claim it: only one process can.
	`CREATE TABLE task_runs (
		id          INTEGER NOT NULL PRIMARY KEY, -- in the order of recording
		task_id     TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
		occurrence  TEXT NOT NULL,
		part        TEXT NOT NULL,
		due_at      INTEGER NOT NULL,
		started_at  INTEGER NOT NULL,
		seen_at     INTEGER NOT NULL,
		finished_at INTEGER NOT NULL,
		attempts    INTEGER NOT NULL,
		outcome     TEXT NOT NULL,
		reason      TEXT NOT NULL,
		ref         TEXT NOT NULL,
		UNIQUE (task_id, occurrence)
	)`,
	`CREATE INDEX task_runs_newest ON task_runs (task_id, part, id)`,
}

// What an admin made under a name. Of those that are not deleted none has another's name_key, the name in lower case.
var runsLists = []string{
	`CREATE TABLE saved_filters (
		id          TEXT NOT NULL PRIMARY KEY,
		name        TEXT NOT NULL,
		name_key    TEXT NOT NULL,
		description TEXT NOT NULL,
		filter      TEXT NOT NULL,    -- as it was saved; kept also when it no longer makes sense
		columns     TEXT NOT NULL,    -- JSON list of column ids, [] for the columns that are shown anyway
		sort        TEXT NOT NULL,
		descending  INTEGER NOT NULL,
		density     INTEGER NOT NULL, -- height of a row in pixels, 0 for the one that is chosen anyway
		pinned      INTEGER NOT NULL,
		created_at  INTEGER NOT NULL,
		updated_at  INTEGER NOT NULL,
		deleted_at  INTEGER NOT NULL  -- the row stays for a while, so that the deletion can be taken back
	)`,
	`CREATE UNIQUE INDEX saved_filters_name ON saved_filters (name_key) WHERE deleted_at = 0`,
	`CREATE TABLE person_lists (
		id         TEXT NOT NULL PRIMARY KEY,
		name       TEXT NOT NULL,
		name_key   TEXT NOT NULL UNIQUE,
		people     TEXT NOT NULL, -- JSON list of addresses and account ids
		created_at INTEGER NOT NULL,
		updated_at INTEGER NOT NULL
	)`,
}

// Plans and runs. A plan keeps its changes as JSON, because a run does exactly what was stored; beside it stands in
// columns what is searched and counted. A run's items keep only what became of each change, and whom it is about, so
// that a person's items are found without the changes.
var runsPlans = []string{
	`CREATE TABLE plans (
		id         TEXT NOT NULL PRIMARY KEY,
		hash       TEXT NOT NULL,
		run_id     TEXT NOT NULL, -- '' until it is confirmed
		expires_at INTEGER NOT NULL,
		body       TEXT NOT NULL  -- JSON of domain.Plan without hash and run id
	) WITHOUT ROWID`,
	`CREATE INDEX plans_unconfirmed ON plans (expires_at) WHERE run_id = ''`,
	`CREATE TABLE plan_changes (
		plan_id    TEXT NOT NULL REFERENCES plans (id) ON DELETE CASCADE,
		seq        INTEGER NOT NULL, -- 1..n without gaps
		verdict    TEXT NOT NULL,
		reason     TEXT NOT NULL,
		account_id TEXT NOT NULL,    -- '' for a change of a group
		used       INTEGER NOT NULL, -- 1 for somebody who used an app lately
		search     TEXT NOT NULL,    -- name, e-mail address, account id and group name in lower case, one to a line
		body       TEXT NOT NULL,    -- JSON of domain.Change
		PRIMARY KEY (plan_id, seq)
	) WITHOUT ROWID`,
	`CREATE TABLE runs (
		id           TEXT NOT NULL PRIMARY KEY,
		plan_id      TEXT NOT NULL UNIQUE REFERENCES plans (id), -- a plan runs once
		source_id    TEXT NOT NULL,
		source_name  TEXT NOT NULL,
		action       TEXT NOT NULL,
		action_title TEXT NOT NULL,
		params       TEXT NOT NULL,    -- JSON object
		trigger_kind TEXT NOT NULL,
		operator     TEXT NOT NULL,
		selection    TEXT NOT NULL,
		note         TEXT NOT NULL,
		undo_of      TEXT NOT NULL,
		confirmed    TEXT NOT NULL,
		raised       TEXT NOT NULL,    -- JSON of domain.Raised, '' for most runs
		state        TEXT NOT NULL CHECK (state IN ('running', 'paused', 'stopped', 'done')),
		pause_reason TEXT NOT NULL,
		created_at   INTEGER NOT NULL,
		finished_at  INTEGER NOT NULL,
		refreshed_at INTEGER NOT NULL, -- what ended before this was read back and stands in the local copy
		deleted      INTEGER NOT NULL, -- to be cleared away; hidden
		total        INTEGER NOT NULL,
		planned      INTEGER NOT NULL CHECK (planned >= 0),
		intent       INTEGER NOT NULL CHECK (intent >= 0),
		done         INTEGER NOT NULL CHECK (done >= 0),
		already      INTEGER NOT NULL CHECK (already >= 0),
		skipped      INTEGER NOT NULL CHECK (skipped >= 0),
		refused      INTEGER NOT NULL CHECK (refused >= 0),
		unknown      INTEGER NOT NULL CHECK (unknown >= 0),
		CHECK (planned + intent + done + already + skipped + refused + unknown = total),
		CHECK (state <> 'done' OR planned + intent = 0)
	)`,
	`CREATE INDEX runs_newest ON runs (created_at DESC, id) WHERE NOT deleted`,
	`CREATE INDEX runs_undoing ON runs (undo_of, created_at) WHERE NOT deleted`,
	`CREATE UNIQUE INDEX runs_one_active ON runs (source_id) WHERE state IN ('running', 'paused')`,
	`CREATE TABLE run_items (
		run_id      TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
		seq         INTEGER NOT NULL, -- of the plan's change
		account_id  TEXT NOT NULL,    -- of the plan's change
		state       TEXT NOT NULL CHECK (state IN ('planned', 'intent', 'done', 'already', 'skipped', 'refused', 'unknown')),
		reason      TEXT NOT NULL,
		evidence    TEXT NOT NULL,
		attempts    INTEGER NOT NULL,
		intent_at   INTEGER NOT NULL,
		finished_at INTEGER NOT NULL,
		receipt     TEXT NOT NULL,    -- JSON of domain.Receipt, '' when nothing was sent
		PRIMARY KEY (run_id, seq)
	) WITHOUT ROWID`,
	`CREATE INDEX run_items_person ON run_items (account_id)`,
	`CREATE TRIGGER run_items_final BEFORE UPDATE ON run_items
	WHEN OLD.state NOT IN ('planned', 'intent') AND (NEW.state <> OLD.state OR NEW.finished_at <> OLD.finished_at)
		AND NOT (OLD.state = 'done' AND OLD.evidence = 'answer' AND NEW.state = 'unknown')
	BEGIN
		SELECT RAISE(ABORT, 'an item that has its outcome cannot be changed');
	END`,
	`CREATE TRIGGER run_items_count AFTER UPDATE OF state ON run_items
	WHEN OLD.state <> NEW.state
	BEGIN
		UPDATE runs SET
			planned = planned + (NEW.state = 'planned') - (OLD.state = 'planned'),
			intent  = intent  + (NEW.state = 'intent')  - (OLD.state = 'intent'),
			done    = done    + (NEW.state = 'done')    - (OLD.state = 'done'),
			already = already + (NEW.state = 'already') - (OLD.state = 'already'),
			skipped = skipped + (NEW.state = 'skipped') - (OLD.state = 'skipped'),
			refused = refused + (NEW.state = 'refused') - (OLD.state = 'refused'),
			unknown = unknown + (NEW.state = 'unknown') - (OLD.state = 'unknown')
		WHERE id = NEW.run_id;
	END`,
}

// What was counted each day: the past cannot be read again from Atlassian. One day of 50 apps takes some 4 KB; rows are
// appended day by day, so the file grows by full pages. Days are unix days of the date in the time zone that stands
// beside them.
var runsCounts = []string{
	`CREATE TABLE counted_apps (
		key      INTEGER NOT NULL PRIMARY KEY,
		source   INTEGER NOT NULL REFERENCES sources (key) ON DELETE CASCADE,
		app_id   TEXT NOT NULL,
		app_key  TEXT NOT NULL,
		name     TEXT NOT NULL, -- as on the last day that has the app
		site     TEXT NOT NULL,
		site_url TEXT NOT NULL,
		UNIQUE (source, app_id)
	)`,
	`CREATE TABLE daily_counts (
		source       INTEGER NOT NULL REFERENCES sources (key) ON DELETE CASCADE,
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
	`CREATE TABLE daily_app_counts (
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
		PRIMARY KEY (source, day, app),
		FOREIGN KEY (source, day) REFERENCES daily_counts (source, day) ON DELETE CASCADE
	) WITHOUT ROWID`,
}
