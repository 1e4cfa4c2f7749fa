package atlassianorg

import (
	"context"
	"errors"
	"slices"

	"seatkeeper/backend/atlassian"
	"seatkeeper/backend/atlassian/admin"
)

// A server may ignore that a question is narrowed, and answer with everybody. Where a row tells what it is, the client
// below has looked. A row that names its own groups without the one that was asked for proves nothing by itself,
// because such lists may be cut off: it is believed only when a second, different question agrees about some of these
// rows.

// inGroup lets through whom the answer to "who is in this group" shows to be in it: those whose own rows say so, and
// the others only if they are no more than the group counts (-1: not known) and Atlassian names the group among theirs.
// fits is false when others were left out.
func inGroup[T any](
	ctx context.Context, api *admin.Client, dir, group string, count, limit int, keep func(admin.User) T,
) (members []T, fits bool, err error) {
	most := -1
	if count >= 0 {
		most = count + count/10 + 1 // somebody may have come meanwhile
	}
	return believed(ctx, api, dir, admin.UserQuery{GroupIDs: []string{group}}, most, limit, keep, func(id string) (bool, error) {
		groups, err := api.GroupsOf(ctx, []string{id})
		return slices.ContainsFunc(groups, func(g admin.Group) bool { return groupID(g.ID) == group }), err
	})
}

// withApp is inGroup for who has an app. Whose roles cannot be asked for is believed.
func withApp[T any](ctx context.Context, api *admin.Client, q admin.UserQuery, keep func(admin.User) T) (people []T, fits bool, err error) {
	return believed(ctx, api, admin.AnyDirectory, q, -1, -1, keep, func(id string) (bool, error) {
		roles, err := api.RolesOf(ctx, id)
		if absent(err) {
			return true, nil
		}
		return slices.ContainsFunc(roles, func(r admin.RoleAssignment) bool { return slices.Contains(q.ResourceIDs, r.ResourceID) }), err
	})
}

var errEnough = errors.New("enough")

func believed[T any](
	ctx context.Context, api *admin.Client, dir string, q admin.UserQuery, most, limit int, keep func(admin.User) T, confirm func(id string) (bool, error),
) (list []T, fits bool, err error) {
	var doubtful []T
	var who []string
	seen := map[string]bool{}
	over := func(bound int) bool { return bound >= 0 && len(seen) > bound }
	err = api.WalkChosen(ctx, dir, q, func(rows []admin.User) error {
		for _, row := range rows {
			switch {
			case seen[row.AccountID]:
			case q.Named(row):
				list = append(list, keep(row))
			default:
				doubtful, who = append(doubtful, keep(row)), append(who, row.AccountID)
			}
			seen[row.AccountID] = true
		}
		if len(doubtful) > 0 && over(most) || limit >= 0 && len(seen) >= limit {
			return errEnough
		}
		return nil
	})
	if errors.Is(err, errEnough) {
		err = nil
	}
	switch {
	case len(doubtful) > 0 && over(most), atlassian.IsMisfit(err):
		return list, false, nil
	case err != nil:
		return nil, false, err
	case len(doubtful) == 0:
		return list, true, nil
	}
	for _, id := range slices.Compact([]string{who[0], who[len(who)-1]}) {
		if is, err := confirm(id); err != nil || !is {
			return list, false, err
		}
	}
	return append(list, doubtful...), true, nil
}

// trulyIn tells whether any of the people is in a group that their own rows do not name, by a different question from
// the one that named it.
func (o *org) trulyIn(ctx context.Context, accountIDs []string, group string) (bool, error) {
	rows, err := o.api.Users(ctx, admin.AnyDirectory, admin.UserQuery{AccountIDs: accountIDs, GroupIDs: []string{group}})
	if atlassian.IsMisfit(err) {
		return false, nil
	}
	return len(rows) > 0, err
}

// beyond gives the groups of people that their own lists lack, if a second question about the first and the last of
// them agrees: a list that is cut off lacks some, and a server that ignores whom the groups were asked for names all
// there are.
func (o *org) beyond(ctx context.Context, accountIDs []string, listed func(group string) bool) ([]string, error) {
	groups, err := o.api.GroupsOf(ctx, accountIDs)
	if err != nil {
		return nil, err
	}
	var more []string
	for _, g := range groups {
		if id := groupID(g.ID); !listed(id) {
			more = append(more, id)
		}
	}
	if len(more) == 0 {
		return nil, nil
	}
	slices.Sort(more)
	for _, id := range slices.Compact([]string{more[0], more[len(more)-1]}) {
		if truly, err := o.trulyIn(ctx, accountIDs, id); err != nil || !truly {
			return nil, err
		}
	}
	return more, nil
}
