package bindings

// Problem is an error as the window shows it.
type Problem struct {
	Code    string `json:"code"`   // one of domain's codes
	Reason  string `json:"reason"` // finer cause, "" for none
	Message string `json:"message"`
	Hint    string `json:"hint"`
	Field   string `json:"field"`

	More []FieldProblem `json:"more,omitempty"` // other inputs that are wrong at the same time
}

// FieldProblem is what is wrong with an input.
type FieldProblem struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

// AppInfo is the state of the program.
type AppInfo struct {
	Version   string   `json:"version"`
	Platform  string   `json:"platform"` // "linux", "darwin", "windows"
	DataDir   string   `json:"dataDir"`
	Ready     bool     `json:"ready"`   // the workspace is open
	Problem   *Problem `json:"problem"` // why it is not
	Demo      bool     `json:"demo"`
	Simulator bool     `json:"simulator"`
	Tray      bool     `json:"tray"` // closing the window hides it
	// Notifications of the desktop: "on", "off", or "unavailable" where the desktop shows none.
	Notifications string      `json:"notifications"`
	Keyring       KeyringView `json:"keyring"`
	Theme         string      `json:"theme"` // "light", "dark", "auto"
	ActiveSource  string      `json:"activeSource"`
	Rebuilding    bool        `json:"rebuilding"` // the local copy was damaged and is not whole again
	Quit          QuitView    `json:"quit"`
}

// QuitView says how far quitting is while runs are under way.
type QuitView struct {
	State string    `json:"state"` // "asked": the page asks what to do; "waiting": Seatkeeper ends with the last run; else ""
	Runs  []RunView `json:"runs"`  // what quitting would leave
}

// KeyringView says where keys are kept and whether that works.
type KeyringView struct {
	Backend  string `json:"backend"` // "keyring", "file", "memory"
	Ready    bool   `json:"ready"`
	Reason   string `json:"reason"`
	Message  string `json:"message"`
	Hint     string `json:"hint"`
	FileMade bool   `json:"fileMade"`
}

// SilenceView says how long a call of the page has had no answer from outside; it arrives as the event "silence".
type SilenceView struct {
	Call    string `json:"call"`    // "Sources.Test"
	Party   string `json:"party"`   // who is silent: "Atlassian", or "Jira"
	Seconds int    `json:"seconds"` // 0: no longer
}

// NoticeView is a message that belongs to no page; it arrives as the event "notice".
type NoticeView struct {
	Level   string `json:"level"`
	Title   string `json:"title"`
	Message string `json:"message"`
}
