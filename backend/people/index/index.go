package index

import (
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"seatkeeper/backend/domain"
)

// Days of activity that are no days. Any larger number is a day since 1970-01-01.
const (
	NoApp           int32 = -2 // the person holds no app that was asked for
	ActivityUnknown int32 = -1 // no activity is known, and of at least one app it could not be read
	NeverActive     int32 = 0  // of every app it is known that it was never used
)

// Index is the people of one source. It never changes; all methods may be called at once.
type Index struct {
	Freshness domain.Freshness // of the local copy it was built from
	Built     time.Time

	Apps        []domain.App       // by app ordinal
	Groups      []domain.Group     // by group ordinal
	Directories []domain.Directory // as the source lists them

	// Columns by position.
	AccountID                           Arena
	Name                                Arena
	Status, Origin, AccountType, Domain *Dict
	Profile                             []*Dict // by domain.ProfileTexts
	Policy                              *Dict
	UserName                            *Dict // at a Data Center; nobody has one elsewhere
	Roles, InDirectories, SuspendedIn   *Dict // sets: see Split
	Managed, MFA, Verified, Billable    []domain.Tri
	Added                               []int32 // day to the organization, 0 unknown
	Activity                            Activity

	generation    int64        // of the local copy: what was written up to it is in here
	unsaved       atomic.Int64 // how many people are not as in the image
	n             int
	everybody     Bits
	ids           []int64
	byID          []uint32       // positions in the order of ids, nil when the ids ascend
	search        textIndex      // folded name and e-mail
	emails        map[int]string // where the e-mail is not its folded form
	access        lists[seat]    // of a person
	seats         lists[uint32]  // positions of an app's holders
	groups        lists[uint32]  // group ordinals of a person
	people        lists[uint32]  // positions of a group's members
	named         namesakes      // groups, apps and directories by name
	sorts         sorter
	seen          map[uint32]int32 // the day of the last activity anywhere, where an imported file told it
	ages          ages
	domains       map[string]bool // e-mail domains of the organization in lower case, and which are verified
	peopleLists   atomic.Pointer[[]*peopleList]
	outside       outside
	memo          memo               // answers that may be asked for again
	lowerAccounts func() *accountIDs // account ids in lower case, made when first searched
}

// seat is one app of a person, with the day of the last activity in 16 bits: they last until 2149.
type seat struct{ app, day uint16 }

const unknownDay = 1<<16 - 1

func newSeat(app int, day int32) seat {
	if day <= ActivityUnknown {
		return seat{uint16(app), unknownDay}
	}
	return seat{uint16(app), uint16(min(day, unknownDay-1))}
}

// last gives the day of the last activity, ActivityUnknown or NeverActive.
func (s seat) last() int32 {
	if s.day == unknownDay {
		return ActivityUnknown
	}
	return int32(s.day)
}

// Len is the number of people.
func (ix *Index) Len() int { return ix.n }

// ID gives the mirror's id of the person at a position.
func (ix *Index) ID(pos int) int64 { return ix.ids[pos] }

// Position finds a person by the mirror's id.
func (ix *Index) Position(id int64) (int, bool) {
	if ix.byID == nil {
		return slices.BinarySearch(ix.ids, id)
	}
	i, ok := slices.BinarySearchFunc(ix.byID, id, func(pos uint32, id int64) int {
		switch at := ix.ids[pos]; {
		case at < id:
			return -1
		case at > id:
			return 1
		default:
			return 0
		}
	})
	if !ok {
		return 0, false
	}
	return int(ix.byID[i]), true
}

// Email gives the e-mail address at a position, "" when hidden.
func (ix *Index) Email(pos int) string {
	if e, ok := ix.emails[pos]; ok {
		return e
	}
	return string(ix.search.email(pos))
}

// GroupCount tells in how many groups the person at a position is.
func (ix *Index) GroupCount(pos int) int { return len(ix.groups.of(pos)) }

// AppCount tells how many apps the person at a position may open.
func (ix *Index) AppCount(pos int) int { return len(ix.access.of(pos)) }

// Members gives the set of people who are in at least one of the groups.
func (ix *Index) Members(groups []int) Bits { return ix.union(&ix.people, groups) }

// Holders gives the set of people who may open at least one of the apps.
func (ix *Index) Holders(apps []int) Bits { return ix.union(&ix.seats, apps) }

func (ix *Index) union(of *lists[uint32], owners []int) Bits {
	b := ix.NewBits()
	for _, o := range owners {
		for _, pos := range of.of(o) {
			b.Set(int(pos))
		}
	}
	return b
}

// AppLabel names an app so that it is not mistaken for the same app at another site: "Jira (acme)".
func AppLabel(a domain.App) string { return a.Label() }

// setSeparator stands between the members of a set in a Dict; no name of Atlassian's has it.
const setSeparator = "\x1f"

// Split gives the members of a set column's value.
func Split(value string) []string {
	if value == "" {
		return nil
	}
	return strings.Split(value, setSeparator)
}

func join(members []string) string {
	if len(members) < 2 {
		return strings.Join(members, "")
	}
	members = slices.Clone(members)
	slices.Sort(members)
	return strings.Join(slices.Compact(members), setSeparator)
}
