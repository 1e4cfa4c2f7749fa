package bindings

import (
	"context"
	"maps"

	"seatkeeper/backend/bulk"
	"seatkeeper/backend/people/directory"
)

// Groups is the groups of a source.
type Groups struct{ *core }

// List lists groups, a page at a time, for the operator to see.
func (x *Groups) List(q GroupQuery) (GroupList, error) {
	return call(x.given(q), "Groups.List", func(ctx context.Context, s *Services) (GroupList, error) {
		if err := checkPage(q.From, q.Count); err != nil {
			return GroupList{}, err
		}
		page, err := s.Directory.GroupList(ctx, directory.GroupQuery(q))
		if err != nil {
			return GroupList{}, err
		}
		s.Directory.ShowGroups(directory.GroupQuery(q))
		return GroupList{
			Groups: list(page.Groups, groupRow), Total: page.Total, All: page.All, Kinds: maps.Clone(page.Kinds), GrantsKnown: page.Grants,
			Directories: list(page.Directories, directoryName),
		}, nil
	})
}

// Names gives ids and names of all groups that a query finds, at most as many as one plan takes.
func (x *Groups) Names(q GroupQuery) ([]NamedID, error) {
	return call(x.given(q), "Groups.Names", func(ctx context.Context, s *Services) ([]NamedID, error) {
		q.From, q.Count = 0, bulk.MaxGroups
		page, err := s.Directory.GroupList(ctx, directory.GroupQuery(q))
		return list(page.Groups, func(g directory.GroupInfo) NamedID { return NamedID{ID: g.GroupID, Name: g.Name} }), err
	})
}

// Outside gives those of the groups, by id, that a query does not find.
func (x *Groups) Outside(q GroupQuery, ids []string) ([]string, error) {
	return call(x.given(q, ids), "Groups.Outside", func(ctx context.Context, s *Services) ([]string, error) {
		outside, err := s.Directory.GroupsOutside(ctx, directory.GroupQuery(q), ids)
		return list(outside, same), err
	})
}

func groupRow(g directory.GroupInfo) GroupRow {
	return GroupRow{
		GroupID: g.GroupID, Name: g.Name, Description: g.Description, Directory: g.Directory, Members: g.MemberCount, Counted: g.Counted,
		Synced: tri(g.Synced), Locked: g.Locked(), AdminsOf: g.AdminsOf(), Grants: list(g.Gives, groupGrant), GrantsKnown: g.GrantsKnown,
		Apps: g.AppCount, Filter: g.Filter,
	}
}

func groupGrant(g directory.Given) GroupGrant {
	return GroupGrant{App: g.App, Roles: list(g.Roles, same), Default: g.Default}
}
