package directory

import (
	"context"
	"slices"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

// MaxRows is how many rows one call delivers at most.
const MaxRows = 1000

// ActivityState says what is known of somebody's activity.
type ActivityState string

// The states. Never is only said when it is certain.
const (
	ActivityKnown   ActivityState = "active"  // there is a last day
	ActivityNever   ActivityState = "never"   // certainly never active
	ActivityUnknown ActivityState = "unknown" // it could not be read
	ActivityNone    ActivityState = "none"    // holds no app
)

// Row is one person as lists show it. Names and other texts are Atlassian's, unfiltered: attacker's text.
type Row struct {
	ID          int64
	AccountID   string
	UserName    string // at a Data Center
	AccountType string
	Name        string
	Email       string
	Status      domain.Status
	Managed     domain.Tri
	Origin      string
	MFA         domain.Tri
	Billable    domain.Tri // counts for Atlassian Guard
	Verified    domain.Tri
	Roles       []string // without "atlassian/"
	domain.Profile
	Apps       []string // "Jira (acme)", by site and name
	Groups     int
	GroupNames []string // by name: the first MaxGroupNames, from EachRow all
	Activity   ActivityState
	LastActive time.Time // for ActivityKnown: the day, at midnight UTC
	Added      time.Time // the day, at midnight UTC; zero when unknown
	Policy     string    // name of the authentication policy, where an imported file told it
	ReadAt     time.Time // when what is known of the person was read; zero while the first sync runs
	Selected   bool
}

// MaxGroupNames is how many group names a row holds.
const MaxGroupNames = 5

// Rows delivers the rows from..from+count-1 of a list, fewer at its end and at most MaxRows.
func (s *Service) Rows(_ context.Context, snapshotID string, from, count int) ([]Row, error) {
	snap, err := s.snapshot(snapshotID)
	if err != nil {
		return nil, err
	}
	from = min(max(from, 0), len(snap.positions))
	count = min(max(count, 0), MaxRows, len(snap.positions)-from)
	rows := make([]Row, count)
	for i, pos := range snap.positions[from : from+count] {
		rows[i] = rowAt(snap.index, int(pos))
	}
	p := snap.people
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := range rows {
		rows[i].Selected = p.chosen.in.has(rows[i].ID)
	}
	return rows, nil
}

// Place tells in which row of a list a person stands, -1 for nobody in it.
func (s *Service) Place(_ context.Context, snapshotID string, id int64) (int, error) {
	snap, err := s.snapshot(snapshotID)
	if err != nil {
		return 0, err
	}
	pos, there := snap.index.Position(id)
	if !there {
		return -1, nil
	}
	return slices.Index(snap.positions, int32(pos)), nil
}

// EachRow delivers every row of a list to fn, in order, until fn fails; for exports. Selected is not filled in.
func (s *Service) EachRow(ctx context.Context, snapshotID string, fn func(Row) error) error {
	snap, err := s.snapshot(snapshotID)
	if err != nil {
		return err
	}
	for _, pos := range snap.positions {
		if ctx.Err() != nil {
			return domain.AsError(ctx.Err())
		}
		row := rowAt(snap.index, int(pos))
		if row.Groups > len(row.GroupNames) {
			row.GroupNames = groupNames(snap.index, slices.Clone(snap.index.GroupsOf(int(pos))), row.Groups)
		}
		if err := fn(row); err != nil {
			return err
		}
	}
	return nil
}

func rowAt(ix *index.Index, pos int) Row {
	r := Row{
		ID: ix.ID(pos), AccountID: ix.AccountID.At(pos), UserName: ix.UserName.At(pos), AccountType: ix.AccountType.At(pos), Name: ix.Name.At(pos), Email: ix.Email(pos),
		Status: domain.Status(ix.Status.At(pos)), Managed: ix.Managed[pos], Origin: ix.Origin.At(pos), MFA: ix.MFA[pos], Verified: ix.Verified[pos],
		Billable: ix.Billable[pos],
		Groups:   ix.GroupCount(pos), Policy: ix.Policy.At(pos), ReadAt: ix.ReadAt(pos),
	}
	for i, text := range domain.ProfileTexts {
		*text.Of(&r.Profile) = ix.Profile[i].At(pos)
	}
	for _, role := range index.Split(ix.Roles.At(pos)) {
		r.Roles = append(r.Roles, index.RoleName(role))
	}
	var apps []int
	ix.AppsOf(pos, func(app int, _ int32) { apps = append(apps, app) })
	r.Apps = appLabels(ix, apps)
	r.GroupNames = groupNames(ix, slices.Clone(ix.GroupsOf(pos)), MaxGroupNames)
	r.Activity, r.LastActive = activityOf(ix.Activity.Day[pos])
	if day := ix.Added[pos]; day != 0 {
		r.Added = filter.DateOf(day)
	}
	return r
}

func activityOf(day int32) (ActivityState, time.Time) {
	switch day {
	case index.NoApp:
		return ActivityNone, time.Time{}
	case index.ActivityUnknown:
		return ActivityUnknown, time.Time{}
	case index.NeverActive:
		return ActivityNever, time.Time{}
	default:
		return ActivityKnown, filter.DateOf(day)
	}
}

// appLabels names apps; their ordinals are in the order of site and name.
func appLabels(ix *index.Index, apps []int) []string {
	slices.Sort(apps)
	labels := make([]string, len(apps))
	for i, a := range apps {
		labels[i] = index.AppLabel(ix.Apps[a])
	}
	return labels
}

// groupNames gives the first names, at most that many; group ordinals are in the order of names.
func groupNames(ix *index.Index, groups []uint32, most int) []string {
	slices.Sort(groups)
	names := make([]string, 0, min(len(groups), most))
	for _, g := range groups[:min(len(groups), most)] {
		names = append(names, ix.Groups[g].Name)
	}
	return names
}
