package attention

import (
	"context"
	"fmt"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/people/directory"
	"seatkeeper/backend/source/reminders"
)

// late is how long after its time a scheduled sync counts as missed: the clock looks twice a minute, and a sync before
// it may take long.
const late = time.Hour

// runDays is how far back runs are looked at.
const runDays = 30

// looker makes one report.
type looker struct {
	o     Options
	ctx   context.Context //nolint:containedctx // lives for one report
	now   time.Time
	id    string
	days  int
	src   domain.Source
	sync  domain.Sync
	items []Item
}

func (l *looker) add(it Item) { l.items = append(l.items, it) }

// source looks at the key and the local copy.
func (l *looker) source() (err error) {
	if l.src, err = l.o.Source(l.ctx, l.id); err != nil {
		return err
	}
	l.key("key", "key", "The key of "+l.src.Name, l.src.KeyExpires, "Nothing is lost: the local copy stays readable. Syncs and changes go on with a new key.")
	if l.src.ChangeKey.Set() {
		l.key("change_key", "changes", "The key for changes of "+l.src.Name, l.src.ChangeKey.Expires, "Reading and syncs go on. Changes need a new key.")
	}
	if l.src.Paused {
		l.add(Item{Kind: "paused", Level: Info, Title: "This source is paused", Hint: "It is neither synced nor changed until you resume it.", Count: NoCount, Page: Sources})
	}
	return l.copy()
}

// key looks at the end of one key; opens is by what the Sources page is asked for its form.
func (l *looker) key(kind, opens, name string, expires time.Time, ended string) {
	it := Item{Kind: kind, Count: NoCount, Page: Sources, Query: map[string]string{opens: l.id}}
	switch st := reminders.StateOf(expires, l.now); st.Phase {
	case domain.KeyEnded:
		it.Level, it.Title, it.Hint = Bad, name+" has expired", ended
	case domain.KeyEnding:
		it.Level, it.Title = Warn, name+" expires on "+dateOf(expires, l.now.Location())
		it.Hint = st.Words + ". Make a new one at Atlassian and put it in before this one ends."
	default:
		return
	}
	l.add(it)
}

// dateOf gives the date of an end. A bare date, as an operator types it, is the same date everywhere.
func dateOf(t time.Time, here *time.Location) string {
	if t.UTC().Truncate(24 * time.Hour).Equal(t) {
		return t.UTC().Format("Jan 2, 2006")
	}
	return t.In(here).Format("Jan 2, 2006")
}

// copy looks at the last sync.
func (l *looker) copy() error {
	last, fresh, err := l.o.Sync(l.ctx, l.id)
	if err != nil {
		return err
	}
	l.sync = last
	if fresh.Revision != 0 && !fresh.Partial && fresh.Old(l.now, l.o.MaxAge) {
		it := Item{
			Kind: "stale", Level: Warn, Title: "The local copy is old", Count: NoCount, Page: Sources,
			Hint: "The last complete sync was on " + fresh.CompleteAt.In(l.now.Location()).Format("Jan 2, 2006, 15:04") + ". Sync before you act on these numbers.",
		}
		if fresh.CompleteAt.After(l.now) {
			it.Title, it.Hint = "It is not known how old the local copy is", "The clock of this computer was changed. Sync before you act on these numbers."
		}
		l.add(it)
	}
	switch {
	case last.State == domain.SyncFailed:
		it := Item{Kind: "sync_failed", Level: Bad, Title: "The last sync failed", Count: NoCount, Page: Sources}
		if last.Error != nil {
			it.Hint = last.Error.Message
		}
		l.add(it)
	case last.State == domain.SyncDone && last.Drift != "":
		l.add(Item{Kind: "sync_short", Level: Warn, Title: "Atlassian's counts differ from what it delivered", Hint: last.Drift, Count: NoCount, Page: Sources})
	default:
	}
	return nil
}

// loss looks at what a damaged local copy has cost.
func (l *looker) loss() error {
	loss, err := l.o.Loss(l.ctx)
	if err != nil {
		return err
	}
	building, imports := loss.Of(l.id)
	if building {
		l.add(Item{
			Kind: "copy_rebuilt", Level: Bad, Title: "The local copy was damaged and is being built again", Count: NoCount, Page: Sources,
			Hint: "A full sync reads everything afresh, and nobody can be changed before it is done. Run logs, lists and settings are not touched; " +
				"what earlier syncs found different about people begins anew.",
		})
	}
	for _, kind := range imports {
		l.add(Item{
			Kind: "import_lost_" + string(kind), Level: Warn, Count: NoCount, Page: Sources,
			Title: kind.Title() + " was lost with the damaged local copy", Hint: "Import the file again: what it says about people is not known any more.",
		})
	}
	return nil
}

// schedule looks for syncs that should have been.
func (l *looker) schedule() error {
	t, err := l.o.Task(l.ctx, l.id, domain.TaskSync)
	if err != nil && domain.CodeOf(err) != domain.NotFound {
		return err
	}
	due := t.Upcoming()
	switch {
	case err != nil || !t.Active || t.Schedule.Mode == domain.ScheduleOff:
		l.add(Item{
			Kind: "no_schedule", Level: Info, Title: "This source is not synced by itself", Count: NoCount, Page: Sources,
			Hint: "Give it a schedule, so that numbers and trends stay up to date.",
		})
	case !l.src.Paused && l.sync.State != domain.SyncRunning && !due.IsZero() && l.now.Sub(due) > late:
		l.add(Item{
			Kind: "sync_missed", Level: Warn, Title: "A scheduled sync was missed", Count: NoCount, Page: Sources,
			Hint: "It was due on " + due.In(l.now.Location()).Format("Jan 2, 2006, 15:04") + ".",
		})
	default:
	}
	return nil
}

// runs looks for runs that wait for somebody.
func (l *looker) runs() error {
	y, m, d := l.now.Date()
	from := time.Date(y, m, d-runDays, 0, 0, 0, 0, l.now.Location())
	for _, look := range []struct {
		query domain.RunQuery
		view  map[string]string
		item  Item
		one   string
		many  string
	}{
		{
			domain.RunQuery{States: []domain.RunState{domain.RunPaused}}, map[string]string{"state": string(domain.RunPaused)},
			Item{Kind: "runs_paused", Level: Bad, Hint: "The rest of its changes waits until you resume or stop it."}, "run is paused", "runs are paused",
		},
		{
			domain.RunQuery{Outcome: domain.OutcomeUnknown, From: from},
			map[string]string{"outcome": domain.OutcomeUnknown, "from": from.Format(time.DateOnly)},
			Item{Kind: "runs_unknown", Level: Warn, Hint: "Look at these people at Atlassian: whether the change was made could not be read."},
			"run of the last 30 days has results that are not known", "runs of the last 30 days have results that are not known",
		},
	} {
		look.query.SourceIDs, look.query.Limit = []string{l.id}, 1
		found, total, err := l.o.Runs(l.ctx, look.query)
		if err != nil {
			return err
		}
		if total == 0 {
			continue
		}
		it := look.item
		it.Title, it.Count, it.Page, it.Query = domain.Plural(total, look.one, look.many), total, Runs, look.view
		it.Query["source"] = l.id
		if total == 1 && len(found) == 1 {
			it.Query = map[string]string{"run": found[0].ID}
		}
		l.add(it)
	}
	return nil
}

// people counts by the filters that the numbers open.
func (l *looker) people() error {
	for _, look := range []struct {
		item      Item
		filter    string
		one, many string
	}{
		{
			Item{Kind: "gone_with_access", Level: Warn, Hint: "They cost nothing while they are deactivated, but take their seats again when they come back."},
			"status in (deactivated, for_deletion) AND appCount > 0",
			"deactivated person still has access to apps", "deactivated people still have access to apps",
		},
		{
			Item{Kind: "invited", Level: Warn, Hint: "An invited person takes a seat from the first day."},
			"status = invited AND added < -30d",
			"person was invited more than 30 days ago and never accepted", "people were invited more than 30 days ago and never accepted",
		},
		{
			Item{Kind: "never_used", Level: Warn, Hint: "Added more than 30 days ago, and active in none of the apps since."},
			"status = active AND added < -30d AND lastActive is empty",
			"person has access but never used it", "people have access but never used it",
		},
		{
			Item{Kind: "inactive", Level: Warn, Hint: "Not active in any app at any site."},
			fmt.Sprintf("status = active AND lastActive < -%dd", l.days),
			"person has used no app for " + domain.Plural(l.days, "day", "days"), "people have used no app for " + domain.Plural(l.days, "day", "days"),
		},
		{
			Item{Kind: "admins", Level: Info, Hint: "They can change everything, have access to every app, and are never touched by a run."},
			`role = "org-admin"`,
			"organization admin", "organization admins",
		},
	} {
		p, err := l.o.Directory.Parse(l.ctx, l.id, look.filter)
		if err != nil {
			return fmt.Errorf("count by a filter: %w", err)
		}
		if p.Error != nil {
			return fmt.Errorf("the filter %s: %w", domain.Quote(look.filter), p.Error)
		}
		if p.Count > 0 {
			it := look.item
			it.Title, it.Count, it.Page, it.Filter = domain.Plural(p.Count, look.one, look.many), p.Count, People, look.filter
			l.add(it)
		}
	}
	return nil
}

// groups counts by the kinds of the list of groups.
func (l *looker) groups() error {
	page, err := l.o.Directory.GroupList(l.ctx, directory.GroupQuery{SourceID: l.id})
	if err != nil {
		return fmt.Errorf("count groups: %w", err)
	}
	for _, look := range []struct {
		kind      string
		level     Level
		one, many string
		hint      string
	}{
		{
			directory.GroupsLeaks, Warn, "default group gives more than one app", "default groups give more than one app",
			"Whoever is invited to one of the apps gets the others too, and takes seats in them.",
		},
		{directory.GroupsManyApps, Info, "group gives several apps", "groups give several apps", "Who leaves such a group loses all of them."},
		{directory.GroupsEmpty, Info, "group is empty", "groups are empty", ""},
	} {
		if n := page.Kinds[look.kind]; n > 0 {
			l.add(Item{
				Kind: "groups_" + look.kind, Level: look.level, Title: domain.Plural(n, look.one, look.many), Hint: look.hint, Count: n, Page: Groups,
				Query: map[string]string{"kind": look.kind},
			})
		}
	}
	return nil
}
