package bindings

// ImportView is a file that was taken into a source's local copy.
type ImportView struct {
	Kind       string `json:"kind"` // "users", "managed_accounts", "domain_accounts"
	Title      string `json:"title"`
	FileName   string `json:"fileName"`
	AsOf       string `json:"asOf"` // the day of which the file is
	ImportedAt string `json:"importedAt"`
	Rows       int    `json:"rows"`
	Matched    int    `json:"matched"`  // people of the source
	Activity   bool   `json:"activity"` // it tells last activity
}

// ImportPreview is what a file would bring.
type ImportPreview struct {
	ID        string      `json:"id"` // "" when the dialog was cancelled
	FileName  string      `json:"fileName"`
	Kind      string      `json:"kind"`
	Title     string      `json:"title"`
	AsOf      string      `json:"asOf"`
	Rows      int         `json:"rows"`
	Matched   int         `json:"matched"`
	Twice     int         `json:"twice"`
	Activity  int         `json:"activity"` // people of whom it tells activity
	Apps      []ImportApp `json:"apps"`
	Unknown   []string    `json:"unknown"` // columns that are left out
	Unmatched []MissedRow `json:"unmatched"`
	Misses    int         `json:"misses"` // all rows that match nobody
	Bad       []BadRow    `json:"bad"`
	BadCount  int         `json:"badCount"`
	Replaces  *ImportView `json:"replaces"` // the import that this one would take the place of
	Notes     []string    `json:"notes"`
}

// ImportApp is an app of which a file tells the last activity.
type ImportApp struct {
	Name  string `json:"name"` // as in the file
	Site  string `json:"site"`
	Means string `json:"means"` // the app of the source, "" for none
}

// MissedRow is a row that matches nobody for certain.
type MissedRow struct {
	Line      int    `json:"line"`
	AccountID string `json:"accountId"`
	Email     string `json:"email"`
	Name      string `json:"name"`
	Reason    string `json:"reason"`
}

// BadRow is a row, or a value of one, that cannot be read.
type BadRow struct {
	Line   int    `json:"line"`
	Reason string `json:"reason"`
	Whole  bool   `json:"whole"` // the whole row was left out
}

// ListDraft is a list of people that was read and is not saved yet.
type ListDraft struct {
	ID      string    `json:"id"` // "" when the dialog was cancelled
	Name    string    `json:"name"`
	Rows    int       `json:"rows"`    // the titles not counted
	Column  string    `json:"column"`  // from which the people are, in words; "" for a text without columns
	Choice  int       `json:"choice"`  // the same as a number from 1; -1 all, 0: several may be meant, and one has to be chosen
	Entries int       `json:"entries"` // e-mail addresses, account ids and user names
	Twice   int       `json:"twice"`   // what stands there already
	Bad     []BadRow  `json:"bad"`     // the first of BadCount
	Match   ListMatch `json:"match"`

	Columns  []ListColumn `json:"columns"`  // with people, from left to right
	BadCount int          `json:"badCount"` // rows that say nobody, and parts of rows
}

// ListColumn is a column of a list in which people stand.
type ListColumn struct {
	Number int      `json:"number"` // from 1
	Title  string   `json:"title"`  // "" where there are no titles
	People int      `json:"people"` // cells with somebody
	Sample []string `json:"sample"` // the first of them
}

// ListMatch is whom a list means in a source.
type ListMatch struct {
	Matched        int      `json:"matched"`   // entries that mean one person
	People         int      `json:"people"`    // whom they mean: fewer where an address and an id mean the same
	Unmatched      []string `json:"unmatched"` // the first of UnmatchedCount
	UnmatchedCount int      `json:"unmatchedCount"`
	Ambiguous      []string `json:"ambiguous"` // entries that several people may be meant by
	AmbiguousCount int      `json:"ambiguousCount"`
}

// PeopleList is a saved list of people.
type PeopleList struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	Entries   int       `json:"entries"`
	UpdatedAt string    `json:"updatedAt"`
	Filter    string    `json:"filter"` // finds its people
	Match     ListMatch `json:"match"`
}
