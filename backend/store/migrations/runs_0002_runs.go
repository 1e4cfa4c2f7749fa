package migrations

// Plans and runs. A plan keeps its changes as JSON, because a run does exactly what was stored; a run's items keep only what became of
// each change. The counters of a run follow its items by a trigger, and two checks hold at every instant: the counters add up to the
// total, and an item that has its outcome never gets another one. There are two exceptions: a success by its answer can be disproved by
// reading, and writing the same outcome again is no error (a commit whose answer was lost).
//
// Times are unix milliseconds, 0 is none.
var _ = Runs.Add(2, "plans and runs",
	`CREATE TABLE plans (
		id         TEXT NOT NULL PRIMARY KEY,
		source_id  TEXT NOT NULL,
		hash       TEXT NOT NULL,
		run_id     TEXT NOT NULL,  -- '' until it is confirmed
		expires_at INTEGER NOT NULL,
		changes    INTEGER NOT NULL,
		body       TEXT NOT NULL   -- JSON of domain.Plan without hash and run id
	) WITHOUT ROWID`,
	`CREATE INDEX plans_unconfirmed ON plans (expires_at) WHERE run_id = ''`,
	`CREATE TABLE plan_changes (
		plan_id TEXT NOT NULL,
		seq     INTEGER NOT NULL, -- 1..n without gaps
		verdict TEXT NOT NULL,
		search  TEXT NOT NULL,    -- name, e-mail address, account id and group name in lower case, one per line
		body    TEXT NOT NULL,    -- JSON of domain.Change
		PRIMARY KEY (plan_id, seq)
	) WITHOUT ROWID`,
	`CREATE TABLE runs (
		id           TEXT NOT NULL PRIMARY KEY,
		plan_id      TEXT NOT NULL UNIQUE, -- a plan runs once
		source_id    TEXT NOT NULL,
		source_name  TEXT NOT NULL,
		action       TEXT NOT NULL,
		action_title TEXT NOT NULL,
		params       TEXT NOT NULL,        -- JSON object
		trigger_kind TEXT NOT NULL,
		operator     TEXT NOT NULL,
		selection    TEXT NOT NULL,
		note         TEXT NOT NULL,
		undo_of      TEXT NOT NULL,
		confirmed    TEXT NOT NULL,
		state        TEXT NOT NULL CHECK (state IN ('running', 'paused', 'stopped', 'done')),
		pause_reason TEXT NOT NULL,
		created_at   INTEGER NOT NULL,
		finished_at  INTEGER NOT NULL,
		refreshed_at INTEGER NOT NULL,     -- what ended before this was read back and stands in the local copy
		deleted      INTEGER NOT NULL,     -- to be cleared away; hidden
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
	`CREATE INDEX runs_newest ON runs (created_at DESC, id) WHERE deleted = 0`,
	`CREATE INDEX runs_undoing ON runs (undo_of, created_at) WHERE undo_of <> '' AND deleted = 0`,
	`CREATE UNIQUE INDEX runs_one_active ON runs (source_id) WHERE state IN ('running', 'paused')`,
	`CREATE TABLE run_items (
		run_id      TEXT NOT NULL,
		seq         INTEGER NOT NULL, -- of the plan's change
		state       TEXT NOT NULL CHECK (state IN ('planned', 'intent', 'done', 'already', 'skipped', 'refused', 'unknown')),
		reason      TEXT NOT NULL,
		evidence    TEXT NOT NULL,
		attempts    INTEGER NOT NULL,
		intent_at   INTEGER NOT NULL,
		finished_at INTEGER NOT NULL,
		receipt     TEXT NOT NULL,    -- JSON of domain.Receipt, '' when nothing was sent
		PRIMARY KEY (run_id, seq)
	) WITHOUT ROWID`,
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
)
