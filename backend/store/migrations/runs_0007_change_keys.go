package migrations

// What is known of a source's two keys; the keys themselves stand where secrets are kept. All three are JSON.
var _ = Runs.Add(7, "keys for changes",
	`ALTER TABLE sources ADD COLUMN key_owners TEXT NOT NULL DEFAULT '[]'`, // list of account ids
	`ALTER TABLE sources ADD COLUMN lacks      TEXT NOT NULL DEFAULT '{}'`, // object: capability to reason
	`ALTER TABLE sources ADD COLUMN change_key TEXT NOT NULL DEFAULT '{}'`,
)
