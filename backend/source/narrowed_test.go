package source_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/sim"
	"seatkeeper/backend/source"
	_ "seatkeeper/backend/source/jiradc"
	"seatkeeper/backend/source/sourcetest"
)

// A narrowed is one question about a part, and the server's way to ignore that it was narrowed.
type narrowed struct {
	kind domain.SourceKind
	call string // what is asked, in words
	cfg  sim.Config
	// path and ignore are the fault's; instead is what the server takes in place of what was asked for, nil for
	// everything.
	path, ignore string
	instead      func(w *sim.World) string
	ask          func(ctx context.Context, w *sim.World, src source.Source) (any, error)
	// lacks lets the answer lack something, with a word about it; it may never have more.
	lacks bool
}

const (
	usersSearch  = "*/users/search"
	groupsSearch = "*/groups/search"
)

// everything is what a whole read delivers, of each person the groups and directories.
func everything(ctx context.Context, _ *sim.World, src source.Source) (any, error) {
	got, err := sourcetest.Collect(ctx, src)
	out := map[string][]string{}
	for id, u := range got.Users {
		out[id] = slices.Clone(u.GroupIDs)
		for _, m := range u.Memberships {
			out[id] = append(out[id], "in "+m.DirectoryID)
		}
		slices.Sort(out[id])
	}
	if got.Totals.Note != "" {
		out["note"] = []string{got.Totals.Note}
	}
	return out, err
}

// chosen reads some people afresh.
func chosen(ctx context.Context, w *sim.World, src source.Source) (any, error) {
	var ids []string
	if src, is := src.(source.UserReader); is {
		switch {
		case len(w.DataCenters()) > 0:
			for _, u := range w.DataCenterUsers(0, 3, nil) {
				ids = append(ids, u.Key)
			}
		default:
			for _, p := range w.People(40, func(p sim.PersonState) bool { return p.Status == "active" && len(p.Groups) > 0 })[30:33] {
				ids = append(ids, p.AccountID)
			}
		}
		return src.ReadUsers(ctx, ids)
	}
	return nil, errors.New("it reads no chosen people")
}

// aGroup is a group with a few members.
func aGroup(w *sim.World) sim.GroupState {
	all := w.Groups()
	return all[slices.IndexFunc(all, func(g sim.GroupState) bool { return g.Members > 2 && g.Members < 30 && !g.Synced })]
}

func group(byName bool) func(context.Context, *sim.World, source.Source) (any, error) {
	return func(ctx context.Context, w *sim.World, src source.Source) (any, error) {
		g := aGroup(w)
		if len(w.DataCenters()) > 0 {
			g.ID, g.Name = "contractors", "contractors"
		}
		dir := w.DirectoryIDs()[0]
		if byName {
			g.ID = ""
		}
		return src.(source.GroupReader).ReadGroup(ctx, dir, g.ID, g.Name)
	}
}

func events(ctx context.Context, w *sim.World, src source.Source) (any, error) {
	for range 3 {
		time.Sleep(time.Hour)
		w.Suspend(w.People(1, func(p sim.PersonState) bool { return p.Status == "active" })[0].AccountID)
	}
	since := time.Now().Add(-90 * time.Minute)
	var all []domain.Event
	emit := func(e []domain.Event) error { all = append(all, e...); return nil }
	if src, is := src.(source.ChangeReader); is {
		err := src.ReadEventsSince(ctx, since, emit)
		return all, err
	}
	_, err := src.(source.EventReader).ReadEvents(ctx, since.Format(time.RFC3339Nano), emit)
	return all, err
}

func narrowedCalls() []narrowed {
	cut := sim.Config{People: 200, Groups: 45, Seed: 7, ExpandGroups: 3}
	two := sim.Config{People: 200, Sites: 2, Original: true, Seed: 7}
	one := sim.Config{People: 200, Sites: 1, Seed: 7}
	many := sim.Config{People: 200, Sites: 1, DataCenters: 1, Seed: 7}
	seats := func(ctx context.Context, w *sim.World, src source.Source) (any, error) {
		apps := w.Apps()
		return src.(source.SeatHolderReader).ReadSeatHolders(ctx, apps[len(apps)-1].ID)
	}
	somebody := func(w *sim.World) string { return w.People(1, nil)[0].AccountID }
	return []narrowed{
		{kind: org, call: "members of groups whose lists are cut", cfg: cut, path: usersSearch, ignore: "groupIds", ask: everything, lacks: true},
		{kind: org, call: "groups of people whose lists are cut", cfg: cut, path: groupsSearch, ignore: "accountIds", ask: everything},
		{kind: org, call: "people outside the directories", cfg: one, path: usersSearch, ignore: "membershipStatus", ask: everything},
		{kind: org, call: "people of a directory", cfg: two, path: usersSearch, ignore: "directoryId", ask: everything},
		{kind: org, call: "groups of a directory", cfg: two, path: groupsSearch, ignore: "directoryId", ask: everything},
		{kind: org, call: "chosen people", cfg: one, path: usersSearch, ignore: "accountIds", ask: chosen},
		{kind: org, call: "chosen people", cfg: two, path: usersSearch, ignore: "accountIds", ask: chosen},
		{kind: org, call: "the groups of chosen people", cfg: one, path: groupsSearch, ignore: "accountIds", ask: chosen},
		{kind: org, call: "the groups of chosen people whose lists are cut", cfg: cut, path: usersSearch, ignore: "groupIds", ask: chosen},
		{kind: org, call: "chosen groups", cfg: one, path: groupsSearch, ignore: "groupIds", ask: func(ctx context.Context, w *sim.World, src source.Source) (any, error) {
			return src.(source.ChangeReader).ReadGroups(ctx, []string{aGroup(w).ID})
		}},
		{kind: org, call: "one group by its id", cfg: one, path: groupsSearch, ignore: "groupIds", ask: group(false)},
		{kind: org, call: "one group by its name", cfg: one, path: groupsSearch, ignore: "groupNames", ask: group(true)},
		{kind: org, call: "one group of a directory by its name", cfg: two, path: groupsSearch, ignore: "directoryId", ask: func(ctx context.Context, w *sim.World, src source.Source) (any, error) {
			all, dir := w.Groups(), w.DirectoryIDs()[0]
			other := all[slices.IndexFunc(all, func(g sim.GroupState) bool { return g.DirectoryID != dir })]
			return src.(source.GroupReader).ReadGroup(ctx, dir, "", other.Name)
		}},
		{kind: org, call: "the members of one group", cfg: one, path: usersSearch, ignore: "groupIds", ask: group(false)},
		{kind: org, call: "the members of one group, lists cut", cfg: cut, path: usersSearch, ignore: "groupIds", ask: group(false)},
		{kind: org, call: "the members of one group, lists cut, second question", cfg: cut, path: groupsSearch, ignore: "accountIds", ask: group(false)},
		{kind: org, call: "who takes a seat of an app", cfg: one, path: usersSearch, ignore: "resourceIds", ask: seats},
		{kind: org, call: "who takes a seat and is active", cfg: one, path: usersSearch, ignore: "status", ask: seats},
		{kind: org, call: "events since a time", cfg: one, path: "*/events-stream", ignore: "from", ask: events},
		{kind: org, call: "policies of a type", cfg: one, path: "*/policies", ignore: "type", ask: func(ctx context.Context, _ *sim.World, src source.Source) (any, error) {
			return src.(source.PolicyReader).ReadPolicies(ctx, "ip-allowlist")
		}},
		{kind: org, call: "the operator's account", cfg: one, path: usersSearch, ignore: "accountIds", ask: func(ctx context.Context, _ *sim.World, src source.Source) (any, error) {
			return src.Test(ctx).OperatorID, nil
		}},
		{kind: site, call: "the members of each group", cfg: one, path: "*/group/member", ignore: "groupId", ask: everything},
		{kind: site, call: "the members of each group, all of one", cfg: one, path: "*/group/member", ignore: "groupId", instead: func(w *sim.World) string { return aGroup(w).ID }, ask: everything},
		{kind: site, call: "chosen people", cfg: one, path: "*/rest/api/3/user", ignore: "accountId", instead: somebody, ask: chosen},
		{kind: site, call: "one group by its id", cfg: one, path: "*/group/bulk", ignore: "groupId", ask: group(false)},
		{kind: site, call: "one group by its name", cfg: one, path: "*/group/bulk", ignore: "groupName", ask: group(true)},
		{kind: site, call: "the members of one group", cfg: one, path: "*/group/member", ignore: "groupId", ask: group(false)},
		{kind: site, call: "events since a time", cfg: one, path: "*/auditing/record", ignore: "from", ask: events},
		{kind: site, call: "the seats of an app", cfg: one, path: "*/approximateLicenseCount/*", ignore: "key", instead: func(*sim.World) string { return "jira-core" },
			ask: func(ctx context.Context, _ *sim.World, src source.Source) (any, error) {
				return src.(source.SeatReader).ReadSeats(ctx)
			}},
		{kind: dc, call: "the members of each group", cfg: many, path: "*/group/member", ignore: "groupname", ask: everything},
		{kind: dc, call: "the members of each group, all of one", cfg: many, path: "*/group/member", ignore: "groupname", instead: func(*sim.World) string { return "contractors" }, ask: everything},
		{kind: dc, call: "chosen people", cfg: many, path: "*/rest/api/2/user", ignore: "key", instead: func(w *sim.World) string { return w.DataCenterUsers(0, 5, nil)[4].Key }, ask: chosen},
		{kind: dc, call: "the members of one group", cfg: many, path: "*/group/member", ignore: "groupname", ask: group(false)},
	}
}

// asked asks a question, with the fault or without, in a world of its own.
func asked(t *testing.T, n narrowed, ignoring bool) (answer any, struck int, err error) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		t.Helper()
		w := sim.New(n.cfg)
		if ignoring {
			f := sim.Fault{Kind: sim.FaultIgnores, Path: n.path, Ignore: n.ignore}
			if n.instead != nil {
				f.Instead = n.instead(w)
			}
			w.SetFaults(f)
		}
		values := typedValues(n.kind, w)
		secrets := map[string]domain.Secret{}
		for name, v := range values {
			secrets[name] = domain.NewSecret(v)
		}
		kind, _ := source.Kinds.Get(string(n.kind))
		src, openErr := kind.Open(source.Config{
			Source: domain.Source{ID: "s", Kind: n.kind, Settings: values}, Secrets: secrets,
			Network: source.Network{Transport: w.Transport(), Log: slog.New(slog.DiscardHandler)},
		})
		if openErr != nil {
			t.Fatal(openErr)
		}
		defer src.Close()
		answer, err = n.ask(t.Context(), w, src)
		for _, e := range w.Journal() {
			if e.Fault != "" {
				struck++
			}
		}
	})
	return answer, struck, err
}

// Every question about a part is held against its answer: where the server ignores the narrowing, nothing comes that
// would not have come.
func TestAnswersFitTheQuestion(t *testing.T) {
	t.Parallel()
	for _, n := range narrowedCalls() {
		t.Run(strings.Join([]string{string(n.kind), n.call, n.ignore}, ", "), func(t *testing.T) {
			t.Parallel()
			want, _, err := asked(t, n, false)
			if err != nil || reflect.ValueOf(want).IsZero() {
				t.Fatalf("a server that does as asked: %v, %v", want, err)
			}
			got, struck, err := asked(t, n, true)
			if struck == 0 {
				t.Fatal("the question was not asked in a narrowed way")
			}
			if err != nil {
				if e := domain.AsError(err); e.Reason != "misfit" && e.Reason != "contract" || e.Message == "" || e.Hint == "" {
					t.Errorf("the user is not told that the answer does not fit: %v", err)
				}
				return
			}
			if n.lacks && lacking(t, got.(map[string][]string), want.(map[string][]string)) {
				return
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("the answer changed:\n%s\nand not\n%s", short(got), short(want))
			}
		})
	}
}

// lacking tells whether got has nothing that want has not, and says that something may be missing.
func lacking(t *testing.T, got, want map[string][]string) bool {
	t.Helper()
	said := len(got["note"]) > len(want["note"])
	delete(got, "note")
	for id, groups := range got {
		for _, g := range groups {
			if !slices.Contains(want[id], g) {
				t.Errorf("%s got %s", id, g)
			}
		}
	}
	return said && slices.Equal(slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
}

func short(v any) string {
	s := fmt.Sprintf("%+v", v)
	return s[:min(len(s), 1500)]
}
