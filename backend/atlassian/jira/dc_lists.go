package jira

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"seatkeeper/backend/atlassian"
)

const (
	dcListPage = 1000
	// SearchLimit is how many people user/search shows at most, whatever is asked for.
	SearchLimit = 1000
	// everybody is what user/search takes for "all".
	everybody = "."
)

// WalkUserList reads all users, active or not; visit gets each page with its people. A version without this call
// answers NotFound on the first page.
func (c *DataCenter) WalkUserList(ctx context.Context, visit func(page json.RawMessage, users []DCUser)) error {
	var guard atlassian.CursorGuard
	cursor := ""
	for {
		if err := guard.Page(cursor); err != nil {
			return err
		}
		call := atlassian.Get(dcAPI+"/user/list").With("maxResults", number(dcListPage))
		if cursor != "" {
			call = call.With("cursor", cursor)
		}
		p, err := c.page(ctx, call)
		if err != nil {
			if cursor != "" && isMissingCall(err) { // it was there a moment ago
				return atlassian.Contract("the list of people ended in its middle")
			}
			return err
		}
		rows, _, err := atlassian.Listed[DCUser](ctx, p.Values)
		if err != nil {
			return err
		}
		visit(p.Values, rows)
		switch last := p.IsLast != nil && *p.IsLast; {
		case last && p.NextCursor == "", p.IsLast == nil && p.NextCursor == "":
			return nil
		case last != (p.NextCursor == ""):
			return atlassian.Contract("the list of people says that it ends and that it goes on")
		}
		cursor = p.NextCursor
	}
}

// SearchAll reads everybody whom user/search shows at once, and tells how many that are: SearchLimit of them, or as few
// as the instance's own limit allows, which only a narrower search reveals.
func (c *DataCenter) SearchAll(ctx context.Context, visit func([]DCUser)) (shown int, err error) {
	return c.search(ctx, everybody, 2, SearchLimit, visit)
}

// Search reads the people whose user name, e-mail address or a word of whose name begins with the prefix; limited tells
// that it showed as many as the instance ever does, so that there may be more.
func (c *DataCenter) Search(ctx context.Context, prefix string, most int, visit func([]DCUser)) (limited bool, err error) {
	shown, err := c.search(ctx, prefix, 1, most, visit)
	return shown >= most, err
}

// HidesSome tells whether a narrower search finds somebody whom SearchAll did not show: an administrator can set how
// many people a search shows, and nothing in its answer tells that there are more.
func (c *DataCenter) HidesSome(ctx context.Context, shown []DCUser) (bool, error) {
	known := map[string]bool{}
	for _, u := range shown {
		known[u.Key] = true
	}
	var hidden atomic.Bool
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(c.rest.Reads())
	for _, letter := range Letters(shown) {
		work.Go(func() error {
			if hidden.Load() {
				return nil
			}
			_, err := c.search(ctx, letter, 1, 1, func(users []DCUser) {
				if slices.ContainsFunc(users, func(u DCUser) bool { return !known[u.Key] }) {
					hidden.Store(true)
				}
			})
			return err
		})
	}
	err := work.Wait()
	return hidden.Load(), err
}

// search reads pages until so many in a row are empty: a short page is no sign of the end.
func (c *DataCenter) search(ctx context.Context, term string, empties, most int, visit func([]DCUser)) (shown int, err error) {
	for empty := 0; shown < most && empty < empties; {
		answer, err := c.rest.Read(ctx, atlassian.Get(dcAPI+"/user/search").With("username", term, "includeActive", "true",
			"includeInactive", "true", "startAt", number(shown), "maxResults", number(SearchLimit)))
		if err != nil {
			return shown, err
		}
		rows, places, err := atlassian.Listed[DCUser](ctx, answer.Body)
		if err != nil {
			return shown, err
		}
		if empty++; places > 0 {
			empty = 0
		}
		shown += places
		visit(rows)
	}
	return shown, nil
}

// ReadMembers reads the members of a group, inactive ones included. visit gets each page with its people and may get a
// person twice. total is the group's size as of the last page, -1 when it is not told; rows is how many came, some
// maybe twice. The server decides how large a page is.
func (c *DataCenter) ReadMembers(
	ctx context.Context, group string, visit func(page json.RawMessage, users []DCUser),
) (total, rows int, err error) {
	total = -1
	start := 0
	for range maxPages {
		p, err := c.page(ctx, c.members(group).With("startAt", number(start), "maxResults", number(PageSize)))
		if err != nil {
			return total, rows, err
		}
		users, places, err := atlassian.Listed[DCUser](ctx, p.Values)
		if err != nil {
			return total, rows, err
		}
		if p.StartAt != nil && *p.StartAt != start {
			return total, rows, atlassian.Contract("it is another page than the one asked for")
		}
		if p.Total != nil {
			total = *p.Total
		}
		visit(p.Values, users)
		rows += max(places, len(users))
		start += places
		if (page{Total: p.Total, IsLast: p.IsLast}).over(start, places) {
			return total, rows, nil
		}
		if places == 0 {
			return total, rows, atlassian.Contract("a page in the middle of the list is empty")
		}
	}
	return total, rows, atlassian.Contract("the list does not end")
}

// narrowest bounds the search for groups that the picker does not show at once.
const narrowest = 1500

// Groups lists the groups. The picker has no pages and an upper bound that an administrator sets (20 unless changed),
// so what it does not show is asked for by parts of names, longer and longer ones. total is the instance's own count,
// which may stay larger.
func (c *DataCenter) Groups(ctx context.Context) (groups []DCGroup, total int, err error) {
	found := map[string]bool{}
	pick := func(query string) (more bool, err error) {
		n, shown, err := c.pick(ctx, query)
		if err != nil {
			return false, err
		}
		if query == "" {
			total = n
		}
		for _, g := range shown {
			if id := strings.ToLower(g.Name); !found[id] {
				found[id] = true
				groups = append(groups, g)
			}
		}
		return n > len(shown), nil
	}
	more, err := pick("")
	asked := 0
	for open := []string{""}; more && len(open) > 0; {
		query := open[0]
		open = open[1:]
		for _, letter := range letters(groups) {
			if err != nil || len(groups) >= total || asked >= narrowest {
				return groups, total, err
			}
			if strings.TrimSpace(query+letter) != query+letter {
				continue // the server trims what it is asked
			}
			asked++
			var limited bool
			if limited, err = pick(query + letter); limited {
				open = append(open, query+letter)
			}
		}
	}
	return groups, total, err
}

// letters are the characters that names of groups may be told apart by: the usual ones, and those in the names seen so
// far.
func letters(groups []DCGroup) []string {
	const usual = "abcdefghijklmnopqrstuvwxyz0123456789-_."
	all := strings.Split(usual, "")
	seen := map[string]bool{}
	for _, l := range all {
		seen[l] = true
	}
	for _, g := range groups {
		for _, r := range strings.ToLower(g.Name) {
			if l := string(r); !seen[l] {
				seen[l] = true
				all = append(all, l)
			}
		}
	}
	return all
}

// Letters are the characters with which names of people may begin: the usual ones, and the first ones of those seen so
// far.
func Letters(people []DCUser) []string {
	firsts := make([]DCGroup, 0, len(people))
	for _, u := range people {
		for word := range strings.FieldsSeq(u.Name + " " + u.DisplayName) {
			for _, r := range word {
				firsts = append(firsts, DCGroup{Name: string(r)})
				break
			}
		}
	}
	return letters(firsts)
}

// PickGroups reads what the picker shows at once; more tells that it has more.
func (c *DataCenter) PickGroups(ctx context.Context) (groups []DCGroup, total int, err error) {
	total, groups, err = c.pick(ctx, "")
	return groups, total, err
}

func (c *DataCenter) pick(ctx context.Context, query string) (total int, groups []DCGroup, err error) {
	var body struct {
		Total  *int      `json:"total"`
		Groups []DCGroup `json:"groups"`
	}
	if err := c.get(ctx, atlassian.Get(dcAPI+"/groups/picker").With("query", query, "maxResults", "1000"), &body); err != nil {
		return 0, nil, err
	}
	if body.Groups == nil || body.Total == nil || *body.Total < 0 {
		return 0, nil, atlassian.Contract("the list of groups is missing")
	}
	groups, err = atlassian.WithIDs(ctx, body.Groups)
	return *body.Total, groups, err
}
