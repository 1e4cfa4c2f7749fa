package index

import "seatkeeper/backend/people/filter"

// MatchActivity evaluates conditions on the last activity in the apps of the field's argument.
//
// For somebody who holds none of these apps the question does not arise, so that every answer is unknown. Somebody who
// certainly never was active is neither before nor after any day. Where an app could not be read, only what the others
// prove is said.
func MatchActivity(e *Eval, n *filter.Node) (Truth, error) {
	apps, err := e.Arg(n)
	if err != nil {
		return Truth{}, err
	}
	ix := e.Index
	activity := ix.activityIn(apps)
	day := activity.Day
	op := n.Op.Positive()
	// People without such an app stand below those of whom activity is unknown, these below the others.
	if op == filter.IsUnknown {
		return e.signed(n, Truth{Yes: marked(ix, day, ActivityUnknown, ActivityUnknown), Maybe: activity.open})
	}
	least, most := NeverActive, NeverActive
	if op != filter.Empty {
		least, most = dayRange(op, n.Values[0].Day(e.Today))
	}
	yes := marked(ix, day, least, most)
	t := Truth{Yes: yes, Maybe: yes.or(activity.open)}
	if op != filter.Empty {
		t.unsure(op, activity, n.Values[0].Day(e.Today))
	}
	return e.signed(n, t)
}

// unsure judges those anew whose day is only known not to be earlier.
func (t Truth) unsure(op filter.Op, activity Activity, want int32) {
	activity.Unsure.Each(func(pos int) {
		day := activity.Day[pos]
		later := op == filter.Greater || op == filter.AtLeast
		if !later {
			t.Yes.Clear(pos) // before a day, or exactly on it: who knows
		}
		if later || day < want || (day == want && op != filter.Less) {
			t.Maybe.Set(pos)
		} else {
			t.Maybe.Clear(pos)
		}
	})
}
