package domain

import "time"

// ImportKind is a kind of Atlassian's own exports.
type ImportKind string

// The kinds. A source has at most one import of each.
const (
	ImportUsers           ImportKind = "users"            // people of an organization or a site, with the last activity in each app
	ImportManagedAccounts ImportKind = "managed_accounts" // accounts of verified domains, with policies
	ImportDomainAccounts  ImportKind = "domain_accounts"  // accounts of a domain, claimed or not
)

// Title names the kind for the user.
func (k ImportKind) Title() string {
	return map[ImportKind]string{
		ImportUsers: "Export of users", ImportManagedAccounts: "Export of managed accounts", ImportDomainAccounts: "Export of accounts of a domain",
	}[k]
}

// Days of activity that are no days. Any larger number is a day since 1970-01-01.
const (
	DayUnknown int32 = -1
	DayNever   int32 = 0
)

// UnixDay gives the day of a time in UTC.
func UnixDay(t time.Time) int32 { return int32(t.UTC().Unix() / int64((24 * time.Hour).Seconds())) }

// DateOf gives the day's beginning; zero for DayUnknown and DayNever.
func DateOf(day int32) time.Time {
	if day <= 0 {
		return time.Time{}
	}
	return time.Unix(int64(day)*int64((24*time.Hour).Seconds()), 0).UTC()
}

// ImportedFacts are what a file says about a person. They stand in for what the source did not tell, and never for what it told.
type ImportedFacts struct {
	Status        Status // StatusUnknown where the file leaves it open
	LastDay       int32  // of the last activity anywhere at Atlassian
	AddedAt       time.Time
	Billable, MFA Tri
	Policy        string // name of the authentication policy: foreign text
}

// NoFacts is a file that says nothing.
func NoFacts() ImportedFacts { return ImportedFacts{Status: StatusUnknown, LastDay: DayUnknown} }

// Import is a file that was taken into a source's local copy.
type Import struct {
	SourceID   string
	Kind       ImportKind
	FileName   string    // without its folder
	AsOf       time.Time // the day of which the file is
	ImportedAt time.Time
	Rows       int  // of the file, without those that cannot be read
	Matched    int  // different people of the source
	Activity   bool // it tells last activity
}

// ImportedPerson is what a file says about somebody of the source.
type ImportedPerson struct {
	UserID int64
	ImportedFacts
	Apps map[int64]int32 // the day of the last activity by the mirror's key of the app
}
