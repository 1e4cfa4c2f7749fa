package bindings

// InactiveDays is after how many days without use somebody counts as inactive.
type InactiveDays struct {
	Days  int   `json:"days"`
	Steps []int `json:"steps"` // the numbers of days for which trends are kept
}

// TrendQuery asks for a trend.
type TrendQuery struct {
	SourceID string `json:"sourceId"`
	AppID    string `json:"appId"`    // "" for people by status
	Days     int    `json:"days"`     // how far back, today included; 0 for all
	Inactive int    `json:"inactive"` // after how many days without use somebody is inactive
}

// TrendSeries is one line.
type TrendSeries struct {
	Name  string `json:"name"` // "seats", "active", "inactive", "never", "invited", "unknown"; of everybody "people" and statuses
	Title string `json:"title"`
}

// TrendPoint is one day that was counted.
type TrendPoint struct {
	Day      string `json:"day"`      // YYYY-MM-DD
	Computed bool   `json:"computed"` // worked out later, in the demo organization
	Values   []int  `json:"values"`   // by series
}

// TrendView is a trend; days without a sync are missing.
type TrendView struct {
	Series  []TrendSeries `json:"series"`
	Points  []TrendPoint  `json:"points"` // oldest first
	Step    int           `json:"step"`   // the number of days that is drawn: the kept one nearest to what was asked
	Summary string        `json:"summary"`
	Zone    string        `json:"zone"`  // in which the last day was counted
	Zones   int           `json:"zones"` // in how many different ones days were counted
}

// GoneApp is an app that is no longer there, but of which a trend is kept.
type GoneApp struct {
	AppID string `json:"appId"`
	App   string `json:"app"`
	Site  string `json:"site"`
	Last  string `json:"last"` // the last day that has it, YYYY-MM-DD
}

// AttentionItem is one thing to look at.
type AttentionItem struct {
	Kind   string            `json:"kind"`
	Level  string            `json:"level"` // "bad", "warn", "info"
	Title  string            `json:"title"`
	Hint   string            `json:"hint"`
	Count  int               `json:"count"`  // length of the list it opens, -1 for none
	Page   string            `json:"page"`   // "people", "groups", "runs", "sources"
	Filter string            `json:"filter"` // for people
	Query  map[string]string `json:"query"`  // view state of the other pages
}

// AttentionView is what needs attention, the worst first.
type AttentionView struct {
	Items  []AttentionItem `json:"items"`
	Hidden []AttentionItem `json:"hidden"` // put aside for today
}
