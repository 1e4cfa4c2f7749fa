package jiradc

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"seatkeeper/backend/atlassian"
	"seatkeeper/backend/atlassian/jira"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/source"
)

// searchBudget bounds how many searches an older version is asked for when there are more people than one search shows.
const searchBudget = 2000

// readPeople lists the people: all at once where Jira can, else by searching.
func (r *reader) readPeople(ctx context.Context) error {
	kept, err := source.Whole(r.cache, chainPeople, func(page []byte) error {
		users, _, err := atlassian.Listed[jira.DCUser](ctx, page)
		r.keep(users, nil)
		return err
	})
	if kept || err != nil {
		return err
	}
	return r.listPeople(ctx)
}

func (r *reader) listPeople(ctx context.Context) error {
	pages := source.NewListing(r.cache, chainPeople)
	err := r.site.api.WalkUserList(ctx, func(page json.RawMessage, users []jira.DCUser) {
		r.keep(users, nil)
		pages.Keep(page)
	})
	if domain.CodeOf(err) == domain.NotFound {
		return r.searchPeople(ctx)
	}
	if err == nil {
		pages.End()
	}
	return err
}

// searchPeople is the way of versions before 10.3: a search shows 1,000 people at most, or as few as an administrator
// allows, and nothing tells how many there are. Where it does not show all, people are searched for by the beginnings
// of their names. Members of groups come on top. Who is in no group and begins with an unusual letter may still be
// missing, and the copy says so.
func (r *reader) searchPeople(ctx context.Context) error {
	var all []jira.DCUser
	most, err := r.site.api.SearchAll(ctx, func(users []jira.DCUser) {
		all = append(all, users...)
		r.keep(users, nil)
	})
	if err != nil || len(all) == 0 {
		return err
	}
	if most < jira.SearchLimit {
		if hides, err := r.site.api.HidesSome(ctx, all); err != nil || !hides {
			return err
		}
	}
	r.limited = fmt.Sprintf("This version of Jira lists only the first %s people. The others were found by the beginnings of their names and through "+
		"their groups; somebody who is in no group may be missing.", thousands(most))
	asked := 0
	for open := []string{""}; len(open) > 0 && asked < searchBudget; open = open[1:] {
		for _, letter := range jira.Letters(all) {
			if asked++; asked > searchBudget {
				break
			}
			prefix := open[0] + letter
			limited, err := r.site.api.Search(ctx, prefix, most, func(users []jira.DCUser) {
				r.keep(users, nil)
				all = append(all, users...)
			})
			if err != nil {
				return err
			}
			if limited {
				open = append(open, prefix)
			}
		}
	}
	return nil
}

// thousands writes a number of at most six digits for a sentence.
func thousands(n int) string {
	if n < 1000 {
		return strconv.Itoa(n)
	}
	return fmt.Sprintf("%d,%03d", n/1000, n%1000)
}

// ReadUsers reads chosen people afresh, with their groups.
func (s *instance) ReadUsers(ctx context.Context, accountIDs []string) ([]domain.User, error) {
	if len(accountIDs) > chosenAtOnce {
		return nil, domain.Errorf(domain.Invalid, "At most %d people can be read at once.", chosenAtOnce)
	}
	for _, id := range accountIDs {
		if err := checkKey("account id", id); err != nil {
			return nil, err
		}
	}
	admins, err := s.adminGroups(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading who administers Jira: %w", err)
	}
	return source.ReadEach(ctx, accountIDs, func(ctx context.Context, id string) (domain.User, error) {
		person, err := s.api.Person(ctx, id)
		if err != nil {
			return domain.User{}, err
		}
		s.names.note(person)
		return userOf(personOf(person), groupNames(person), admins), nil
	})
}

// adminGroups are the groups of administrators, read once for a connection and again by each sync.
func (s *instance) adminGroups(ctx context.Context) (map[string]bool, error) {
	if marked := s.markedAdmins(); marked != nil {
		return marked, nil
	}
	groups, _, err := s.api.Groups(ctx)
	if err != nil {
		return nil, err
	}
	s.noteAdmins(groups)
	return s.markedAdmins(), nil
}

func groupNames(u jira.DCUser) []string {
	if u.Groups == nil {
		return nil
	}
	names := make([]string, 0, len(u.Groups.Items))
	for _, g := range u.Groups.Items {
		names = append(names, g.Name)
	}
	return names
}

// check compares the list of people with the members of groups: an active member who is not in the list proves that it
// was cut short, unless it has a row of which nobody knows whose it is.
func (r *reader) check(ctx context.Context) error {
	if r.limited != "" || r.nameless.Load() > 0 || r.listIsWhole() {
		return nil
	}
	if err := r.listPeople(ctx); err != nil { // somebody may have come after the first reading
		return fmt.Errorf("reading people again: %w", err)
	}
	if r.limited != "" || r.listIsWhole() {
		return nil
	}
	return atlassian.Contract("groups have members who are not in the list of people")
}

// listIsWhole tells whether the list of people has every active member of a group. Members who are not active are let
// pass: nothing says that the list must have them.
func (r *reader) listIsWhole() bool {
	for p := range r.people.All() {
		if !p.Listed && p.Active == domain.Yes {
			return false
		}
	}
	return true
}
