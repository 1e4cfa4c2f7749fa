package mirrordb

import (
	"errors"
	"reflect"
	"testing"

	"seatkeeper/backend/domain"
)

// TestGrantsFollowTheSync commits one sync after another and expects exactly what the last one delivered.
func TestGrantsFollowTheSync(t *testing.T) {
	s := openTest(t, t.TempDir())
	groups := []domain.Group{{GroupID: "g1", Name: "a"}, {GroupID: "g2", Name: "b"}}
	users := []domain.User{{AccountID: "u", Name: "Ann", Status: domain.StatusActive}}
	one := domain.Grant{AppID: "jira", Role: "atlassian/user"}
	guest := domain.Grant{AppID: "wiki", Role: "atlassian/guest"}
	byDefault := domain.Grant{AppID: "jira", Role: "atlassian/user", Default: true}
	for i, step := range []struct {
		groups    []domain.Group
		delivered []domain.Granting
		short     domain.Shortfall
		g1, g2    []domain.Grant
		k1, k2    bool
	}{
		{groups, []domain.Granting{{GroupID: "g1", Grants: []domain.Grant{one, guest}}, {GroupID: "g2"}},
			domain.Shortfall{}, []domain.Grant{one, guest}, nil, true, true},
		{groups, []domain.Granting{{GroupID: "g1", Grants: []domain.Grant{byDefault}}}, domain.Shortfall{},
			[]domain.Grant{byDefault}, nil, true, false},
		{groups, []domain.Granting{{GroupID: "g1", Grants: []domain.Grant{guest}},
			{GroupID: "g1", Grants: []domain.Grant{one}}}, domain.Shortfall{}, []domain.Grant{one}, nil, true, false},
		// The listing of groups was cut off: the group that is missing keeps what it had, the other does not.
		{groups[1:], []domain.Granting{{GroupID: "g2", Grants: []domain.Grant{guest}}},
			domain.Shortfall{FewerGroups: true}, []domain.Grant{one}, []domain.Grant{guest}, true, true},
		{groups, nil, domain.Shortfall{}, nil, nil, false, false},
	} {
		sync, err := s.BeginSync(t.Context(), testSource)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.StageBatch(t.Context(), sync.ID, domain.Batch{Groups: step.groups, Users: users}); err != nil {
			t.Fatal(err)
		}
		if err := s.StageBatch(t.Context(), sync.ID, domain.Batch{Grants: step.delivered}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.CommitSync(t.Context(), sync.ID, step.short); err != nil {
			t.Fatal(err)
		}
		got := grantsOf(t, s)
		if !reflect.DeepEqual(got["g1"].Grants, step.g1) || !reflect.DeepEqual(got["g2"].Grants, step.g2) ||
			got["g1"].GrantsKnown != step.k1 || got["g2"].GrantsKnown != step.k2 {
			t.Errorf("step %d: %+v", i, got)
		}
	}
}

func grantsOf(t *testing.T, s *Store) map[string]domain.Group {
	t.Helper()
	all, err := s.Groups(t.Context(), testSource)
	if err != nil {
		t.Fatal(err)
	}
	by := map[string]domain.Group{}
	for _, g := range all {
		by[g.GroupID] = g
	}
	return by
}

// Groups that were made, changed or deleted while a full sync was running are left as they were read then: its listing
// is older.
func TestGroupsReadInAFullSyncStay(t *testing.T) {
	s := openTest(t, t.TempDir())
	o := newOrganization(30)
	o.groups[2].GrantsKnown = false
	syncAll(t, s, testSource, o.batches(10))
	begun, err := s.BeginSync(t.Context(), testSource)
	for _, b := range o.batches(10) {
		err = errors.Join(err, s.StageBatch(t.Context(), begun.ID, b))
	}
	made := domain.Group{GroupID: "made", DirectoryID: "dir-0", Name: "Made meanwhile"}
	changed := o.groups[2]
	changed.Description, changed.GrantsKnown = "Changed meanwhile", true
	changed.Grants = []domain.Grant{{AppID: o.apps[0].AppID, Role: "atlassian/user"}}
	deleted := o.groups[3]
	err = errors.Join(err, s.PutGroups(t.Context(), testSource, []domain.Group{made, changed}),
		s.RemoveGroups(t.Context(), testSource, []string{deleted.GroupID}))
	done, errCommit := s.CommitSync(t.Context(), begun.ID, domain.Shortfall{})
	if err := errors.Join(err, errCommit); err != nil || done.Groups != len(o.groups) {
		t.Fatal(done, err)
	}
	groups, err := s.Groups(t.Context(), testSource)
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]domain.Group{}
	for _, g := range groups {
		there[g.GroupID] = g
	}
	_, back := there[deleted.GroupID]
	if there[made.GroupID].Name != made.Name || back {
		t.Errorf("%+v, deleted is there: %v", there[made.GroupID], back)
	}
	if got := there[changed.GroupID]; got.Description != changed.Description || !got.GrantsKnown ||
		len(got.Grants) != 1 {
		t.Errorf("%+v", got)
	}
	// The next one has a newer listing.
	if done := syncAll(t, s, testSource, o.batches(10)); done.Groups != len(o.groups) {
		t.Errorf("%+v", done)
	}
}
