package attention_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/people/attention"
	"seatkeeper/backend/people/directory"
)

// place is a source with everything that can be wrong with it, and settings that survive.
type place struct {
	src      domain.Source
	sync     domain.Sync
	fresh    domain.Freshness
	task     domain.Task
	runs     []domain.Run
	kinds    map[string]int
	counts   map[string]int // by the beginning of the filter
	settings map[string]string
	failure  error
	loss     domain.CopyLoss
}

func fine() *place {
	return &place{
		src: domain.Source{ID: "s", Name: "Acme"}, sync: domain.Sync{State: domain.SyncDone},
		fresh: domain.Freshness{Revision: 3, CompleteAt: time.Now().Add(-time.Hour)},
		task:  domain.Task{Schedule: domain.Schedule{Mode: domain.ScheduleDaily}, Active: true, NextDue: time.Now().Add(time.Hour)}, settings: map[string]string{},
	}
}

func (p *place) Setting(_ context.Context, key string) (string, error) {
	if v, ok := p.settings[key]; ok {
		return v, nil
	}
	return "", domain.Errorf(domain.NotFound, "no setting")
}

func (p *place) SetSetting(_ context.Context, key, value string) error {
	p.settings[key] = value
	return nil
}

func (p *place) Parse(_ context.Context, _, text string) (directory.Parsed, error) {
	for begin, n := range p.counts {
		if strings.HasPrefix(text, begin) {
			return directory.Parsed{Count: n}, nil
		}
	}
	return directory.Parsed{}, p.failure
}

func (p *place) GroupList(context.Context, directory.GroupQuery) (directory.GroupPage, error) {
	return directory.GroupPage{Kinds: p.kinds}, nil
}

// list answers like the run log.
func (p *place) list(_ context.Context, q domain.RunQuery) ([]domain.Run, int, error) {
	var found []domain.Run
	for _, r := range p.runs {
		paused := slices.Contains(q.States, r.State)
		unclear := q.Outcome == domain.OutcomeUnknown && r.Counts[domain.ItemUnknown] > 0 && !r.CreatedAt.Before(q.From)
		if slices.Contains(q.SourceIDs, r.SourceID) && (paused || unclear) {
			found = append(found, r)
		}
	}
	return found[:min(q.Limit, len(found))], len(found), nil
}

func (p *place) service() *attention.Service {
	return attention.New(attention.Options{
		Source: func(context.Context, string) (domain.Source, error) { return p.src, nil },
		Sync:   func(context.Context, string) (domain.Sync, domain.Freshness, error) { return p.sync, p.fresh, nil },
		Task:   func(context.Context, string, string) (domain.Task, error) { return p.task, nil },
		Runs:   p.list, Directory: p, Settings: p, MaxAge: 24 * time.Hour,
		Loss: func(context.Context) (domain.CopyLoss, error) { return p.loss, nil },
	})
}

// say gives the report as lines: level, kind, title, and what it opens.
func (p *place) say(t *testing.T) (shown, hidden []string) {
	t.Helper()
	r, err := p.service().Report(t.Context(), "s", 90)
	if err != nil {
		t.Fatal(err)
	}
	for _, it := range r.Items {
		shown = append(shown, fmt.Sprintf("%s %s: %s > %s %s%v", it.Level, it.Kind, it.Title, it.Page, it.Filter, it.Query))
	}
	for _, it := range r.Hidden {
		hidden = append(hidden, it.Kind)
	}
	return shown, hidden
}

func TestNothingIsSaidWhereAllIsWell(t *testing.T) {
	if shown, hidden := fine().say(t); shown != nil || hidden != nil {
		t.Error(shown, hidden)
	}
}

func TestWhatIsSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		day := 24 * time.Hour
		for what, c := range map[string]struct {
			change func(p *place)
			want   []string
		}{
			"key ends": {
				func(p *place) { p.src.KeyExpires = time.Now().Add(5*day + time.Hour) },
				[]string{"warn key: The key of Acme expires on " + time.Now().Add(5*day+time.Hour).Format("Jan 2, 2006") + " > sources map[key:s]"},
			},
			"copy damaged": {
				func(p *place) {
					p.loss = domain.CopyLoss{Sources: []string{"s"}, Imports: []domain.LostImport{{SourceID: "s", Kind: domain.ImportUsers}, {SourceID: "other", Kind: domain.ImportUsers}}}
				},
				[]string{
					"bad copy_rebuilt: The local copy was damaged and is being built again > sources map[]",
					"warn import_lost_" + string(domain.ImportUsers) + ": Export of users was lost with the damaged local copy > sources map[]",
				},
			},
			"key ends on a day": { // as it was typed, wherever this computer is
				func(p *place) { p.src.KeyExpires = time.Date(2000, 1, 6, 0, 0, 0, 0, time.UTC) },
				[]string{"warn key: The key of Acme expires on Jan 6, 2000 > sources map[key:s]"},
			},
			"keys have ended": {
				func(p *place) {
					p.src.KeyExpires = time.Now().Add(-2 * day)
					p.src.ChangeKey = domain.ChangeKey{Keeping: "x", Expires: time.Now().Add(-2 * day)}
				},
				[]string{
					"bad key: The key of Acme has expired > sources map[key:s]",
					"bad change_key: The key for changes of Acme has expired > sources map[changes:s]",
				},
			},
			"old copy, missed sync": {
				func(p *place) {
					p.fresh.CompleteAt, p.task.NextDue = time.Now().Add(-50*time.Hour), time.Now().Add(-2*time.Hour)
				},
				[]string{"warn stale: The local copy is old > sources map[]", "warn sync_missed: A scheduled sync was missed > sources map[]"},
			},
			"a sync that is due this minute is not missed": {func(p *place) { p.task.NextDue = time.Now().Add(-time.Minute) }, nil},
			"a running one neither": {func(p *place) {
				p.sync.State, p.task.NextDue = domain.SyncRunning, time.Now().Add(-2*time.Hour)
			}, nil},
			"failed sync": {
				func(p *place) {
					p.sync = domain.Sync{State: domain.SyncFailed, Error: domain.Errorf(domain.AuthFailed, "No.")}
				},
				[]string{"bad sync_failed: The last sync failed > sources map[]"},
			},
			"short sync": {
				func(p *place) { p.sync.Drift = "Atlassian counts 5 people, but delivered 4." },
				[]string{"warn sync_short: Atlassian's counts differ from what it delivered > sources map[]"},
			},
			"paused and without schedule": {
				func(p *place) { p.src.Paused, p.task.Schedule.Mode = true, domain.ScheduleOff },
				[]string{"info paused: This source is paused > sources map[]", "info no_schedule: This source is not synced by itself > sources map[]"},
			},
			"runs": {
				func(p *place) {
					p.runs = []domain.Run{
						{ID: "r1", SourceID: "s", State: domain.RunPaused}, {ID: "r2", SourceID: "other", State: domain.RunPaused},
						{ID: "r3", SourceID: "s", Counts: map[domain.ItemState]int{domain.ItemUnknown: 2}, CreatedAt: time.Now().Add(-30 * day)},
						{ID: "r4", SourceID: "s", Counts: map[domain.ItemState]int{domain.ItemUnknown: 1}, CreatedAt: time.Now()},
						{ID: "r5", SourceID: "s", Counts: map[domain.ItemState]int{domain.ItemUnknown: 1}, CreatedAt: time.Now().Add(-31 * day)},
					}
				},
				[]string{
					"bad runs_paused: 1 run is paused > runs map[run:r1]",
					"warn runs_unknown: 2 runs of the last 30 days have results that are not known > runs map[from:" +
						time.Now().AddDate(0, 0, -30).Format(time.DateOnly) + " outcome:unknown source:s]",
				},
			},
			"people and groups": {
				func(p *place) {
					p.counts = map[string]int{
						"status in (deactivated": 1, "status = active AND lastActive < -90d": 12_345, "status = invited AND added < -30d": 2,
						"status = active AND added < -30d AND lastActive is empty": 1, `role = "org-admin"`: 3,
					}
					p.kinds = map[string]int{directory.GroupsLeaks: 2, directory.GroupsEmpty: 1, directory.GroupsOpen: 9}
				},
				[]string{
					"warn gone_with_access: 1 deactivated person still has access to apps > people status in (deactivated, for_deletion) AND appCount > 0map[]",
					"warn invited: 2 people were invited more than 30 days ago and never accepted > people status = invited AND added < -30dmap[]",
					"warn never_used: 1 person has access but never used it > people status = active AND added < -30d AND lastActive is emptymap[]",
					"warn inactive: 12,345 people have used no app for 90 days > people status = active AND lastActive < -90dmap[]",
					"warn groups_leaks: 2 default groups give more than one app > groups map[kind:leaks]",
					`info admins: 3 organization admins > people role = "org-admin"map[]`,
					"info groups_empty: 1 group is empty > groups map[kind:empty]",
				},
			},
		} {
			p := fine()
			c.change(p)
			if shown, _ := p.say(t); !slices.Equal(shown, c.want) {
				t.Errorf("%s:\n%s\nwant\n%s", what, strings.Join(shown, "\n"), strings.Join(c.want, "\n"))
			}
		}
	})
}

// TestPutAsideLastsADay: what was put aside is back tomorrow, survives a restart, and is of one source alone.
func TestPutAsideLastsADay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		y, m, d := time.Now().Date()
		time.Sleep(time.Until(time.Date(y, m, d+1, 20, 0, 0, 0, time.Local)))
		p := fine()
		p.kinds = map[string]int{directory.GroupsEmpty: 1, directory.GroupsManyApps: 2}
		if err := p.service().PutAside(t.Context(), "other", "groups_empty", true); err != nil {
			t.Fatal(err)
		}
		expect := func(what string, shown, hidden int) {
			t.Helper()
			p.fresh.CompleteAt, p.task.NextDue = time.Now(), time.Now().Add(time.Hour)
			if s, h := p.say(t); len(s) != shown || len(h) != hidden {
				t.Errorf("%s: shown %v, hidden %v", what, s, h)
			}
		}
		expect("another source's", 2, 0)
		for range 2 {
			if err := p.service().PutAside(t.Context(), "s", "groups_empty", true); err != nil {
				t.Fatal(err)
			}
		}
		expect("put aside", 1, 1)
		if err := p.service().PutAside(t.Context(), "s", "groups_empty", false); err != nil {
			t.Fatal(err)
		}
		expect("shown again", 2, 0)
		if err := p.service().PutAside(t.Context(), "s", "groups_many_apps", true); err != nil {
			t.Fatal(err)
		}
		time.Sleep(3 * time.Hour)
		expect("late in the evening", 1, 1)
		time.Sleep(2 * time.Hour)
		expect("tomorrow", 2, 0)
		p.settings["attention_aside"] = "not JSON"
		expect("damaged setting", 2, 0)
	})
}

func TestAFailureIsNotTakenForNothing(t *testing.T) {
	p := fine()
	p.failure = errors.New("disk")
	if r, err := p.service().Report(t.Context(), "s", 90); err == nil {
		t.Errorf("%+v", r)
	}
}

// A run that is gone, or no longer paused, before its row was read: what was counted is still said, and opens the list.
func TestCountedButNotListed(t *testing.T) {
	p := fine()
	s := attention.New(attention.Options{
		Source: func(context.Context, string) (domain.Source, error) { return p.src, nil },
		Sync:   func(context.Context, string) (domain.Sync, domain.Freshness, error) { return p.sync, p.fresh, nil },
		Task:   func(context.Context, string, string) (domain.Task, error) { return p.task, nil },
		Runs:   func(context.Context, domain.RunQuery) ([]domain.Run, int, error) { return nil, 1, nil }, Directory: p, Settings: p, MaxAge: 24 * time.Hour,
		Loss: func(context.Context) (domain.CopyLoss, error) { return p.loss, nil },
	})
	r, err := s.Report(t.Context(), "s", 90)
	if err != nil || len(r.Items) != 2 || r.Items[0].Query["source"] != "s" || r.Items[0].Query["run"] != "" {
		t.Errorf("%+v %v", r.Items, err)
	}
}
