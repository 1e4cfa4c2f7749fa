package bulk

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"time"

	"seatkeeper/backend/domain"
)

// The local copy lags behind a run: people are read again a little after their change, or only at the next start. Until
// then the run's own record says what they are like, and a plan is made from it. "Already so" is a claim that leads to
// no call, so it is made only from a reading that is newer than the change.

// recorded is what a run's record says about one target.
type recorded struct {
	state  domain.State // StateOpen also where a run met another state than its plan had expected
	ends   bool         // of a group: the run ends it
	at     time.Time
	from   time.Time // a reading from here on says more than the record
	marked bool      // the run noted that the target was read again since
}

// records is what runs say about their targets; of a target of several runs, the newest.
type records struct {
	by       map[target]recorded
	complete time.Time       // end of the last full sync of the local copy
	unsaid   map[string]bool // of the run that the plan takes back: whom it may have changed without anybody knowing
}

// known reads the runs' record and then the local copy. In the other order what a run notes as read again between the
// two would be in neither.
func (e *Engine) known(ctx context.Context, p domain.Plan) (local, *records, error) {
	r, err := e.recordsOf(ctx, p)
	if err != nil {
		return local{}, r, err
	}
	l, err := e.local(ctx, p.SourceID)
	r.complete = l.fresh.CompleteAt
	return l, r, err
}

// lookUpLife is how long before a plan its people may have been looked up.
const lookUpLife = time.Minute

// lookAgain looks a plan's people up once more where a run noted lately that it has read people again: who was looked
// up before that is as before the run, and the record says nothing of them any more.
func (e *Engine) lookAgain(ctx context.Context, d *draft) error {
	e.mu.Lock()
	marked := e.marked[d.plan.SourceID]
	e.mu.Unlock()
	if time.Since(marked) > lookUpLife {
		return nil
	}
	accounts, at := make([]string, len(d.users)), make(map[string]int, len(d.users))
	for i, u := range d.users {
		accounts[i], at[u.AccountID] = u.AccountID, i
	}
	users, err := e.o.People.UsersByAccount(ctx, d.plan.SourceID, accounts)
	if err != nil {
		return fmt.Errorf("look the people up again: %w", err)
	}
	for _, u := range users {
		d.users[at[u.AccountID]] = u
	}
	return nil
}

// recordsOf collects what runs of the plan's source say about people and groups that were not read again since, and
// what the run says that the plan takes back.
func (e *Engine) recordsOf(ctx context.Context, p domain.Plan) (*records, error) {
	r := &records{by: map[target]recorded{}, unsaid: map[string]bool{}}
	if p.UndoOf != "" {
		err := e.o.Store.EachItem(ctx, p.UndoOf, func(it domain.Item) error {
			r.add(it, true)
			if it.State == domain.ItemUnknown {
				r.unsaid[it.Change.Target.Key()] = true
			}
			return nil
		})
		if err != nil {
			return r, fmt.Errorf("read what the run changed: %w", err)
		}
	}
	items, err := e.o.Store.UnrefreshedOf(ctx, p.SourceID)
	if err != nil {
		return r, fmt.Errorf("read what runs changed: %w", err)
	}
	for _, it := range items {
		r.add(it, false)
	}
	return r, nil
}

// add takes an item in unless a newer one about the same target is there.
func (r *records) add(it domain.Item, marked bool) {
	action, ok := ActionOf(it.Change.Action)
	if !ok || it.Evidence == domain.ByPlan {
		return
	}
	rec := recorded{state: domain.StateOpen, at: it.FinishedAt, marked: marked}
	rec.ends = action.Subject.state(Reading{Group: &domain.GroupNow{}}, it.Change) == action.Goal
	switch it.State {
	case domain.ItemDone, domain.ItemAlready:
		rec.state = action.Goal
	case domain.ItemRefused:
		rec.state, rec.ends = it.Change.Expect, !rec.ends
	case domain.ItemIntent:
		rec.at = it.IntentAt
	case domain.ItemPlanned:
		return
	case domain.ItemSkipped, domain.ItemUnknown:
	}
	// A reading's time is kept in whole seconds. One that the run itself made came after the change was seen.
	if rec.from = rec.at.Add(action.Visible); marked {
		rec.from = rec.at.Truncate(time.Second)
	}
	keys := []target{targetOf(it.Change)}
	if t := it.Change.Target; t.AccountID == "" && t.GroupID != "" {
		keys = append(keys, namedGroup(t)) // one that is made again has another id
	}
	for _, key := range keys {
		if old, there := r.by[key]; !there || !rec.at.Before(old.at) {
			r.by[key] = rec
		}
	}
}

func namedGroup(t domain.Target) target {
	return keyOf(domain.Target{DirectoryID: t.DirectoryID, GroupName: t.GroupName})
}

// of gives the record of a person's target where it is newer than what the local copy knows of the person.
func (r *records) of(u domain.User, t domain.Target) (recorded, bool) {
	rec, ok := r.by[keyOf(t)]
	if !ok {
		return rec, false
	}
	read := u.ReadAt
	if u.Unread && !rec.marked && !read.After(r.complete) { // the end of an earlier full sync, which proves no more than the last one's
		read = time.Time{}
	}
	if read.IsZero() && rec.marked { // a full sync reads for minutes: which of them it was is not known, so its end alone proves nothing
		read = r.complete
	}
	return rec, read.Before(rec.from)
}

// after gives the records as they will be after changes of a plan, which say more than any reading.
func (r *records) after(ahead []domain.Change) *records {
	if len(ahead) == 0 {
		return r
	}
	all := &records{by: maps.Clone(r.by), complete: r.complete}
	for _, c := range ahead {
		own, _ := ActionOf(c.Action)
		all.by[targetOf(c)] = recorded{state: own.Goal, at: r.complete, from: time.Now().Add(planLife)}
	}
	return all
}

// people gives the accounts about which there is a record.
func (r *records) people() map[string]time.Time {
	all := map[string]time.Time{}
	for t, rec := range r.by {
		if all[t.subject].Before(rec.at) {
			all[t.subject] = rec.at
		}
	}
	return all
}

// present takes the mark of being gone from people whom a run has met since the local copy lost sight of them.
func (r *records) present(users []domain.User) {
	met := r.people()
	for i := range users {
		u := &users[i]
		if at := met[u.AccountID]; !u.RemovedAt.IsZero() && u.RemovedAt.Before(at) && r.complete.Before(at) {
			u.RemovedAt = time.Time{}
		}
	}
}

// group corrects a group of the local copy by the record: one that a run has ended is no longer there, and one that it
// has made, or may have, must be read before anything is said about it.
func (r *records) group(t domain.Target, now domain.GroupNow) domain.GroupNow {
	rec, ok := r.by[keyOf(t)]
	if !ok || rec.marked {
		return now
	}
	switch {
	case rec.state == domain.StateOpen:
		now.Unread = true
	case rec.ends:
		now.There = false
	default:
		now.Unread = !now.There
	}
	return now
}

// guardRecorded says of how many people the plan goes by the record of a run, and whom the run that it takes back may
// have changed too.
func guardRecorded(in guardInput, known *records) []domain.GuardFinding {
	var found []domain.GuardFinding
	if n := len(known.unsaid); n > 0 {
		found = append(found, domain.GuardFinding{
			Level: domain.GuardInfo, Rule: "unknown",
			Message: "Of " + in.action.Subject.Counted(n) + " it is not known whether the run changed them. This plan leaves them as they are.",
			Hint:    "Look at them in the run log, and at Atlassian.",
		})
	}
	people := map[string]bool{}
	for _, c := range in.changes {
		if at, ok := in.byAccount[c.Target.AccountID]; ok && c.Verdict == domain.VerdictChange {
			if _, newer := known.of(in.users[at], c.Target); newer {
				people[c.Target.AccountID] = true
			}
		}
	}
	if len(people) == 0 {
		return found
	}
	return append(found, domain.GuardFinding{
		Level: domain.GuardInfo, Rule: "recorded",
		Message: strings.Join([]string{
			domain.Plural(len(people), "person was", "people were"), "changed by a run and not read again since. The plan goes by what the run did.",
		}, " "),
		Hint: "Each is read again just before the call.",
	})
}
