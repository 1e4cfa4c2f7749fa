package index

import "seatkeeper/backend/filter"

// MatchActivity evaluates conditions on the last activity in the apps of the field's argument.
//
// For somebody who holds none of these apps the question does not arise, so that every answer is unknown. Somebody who certainly never
// was active is neither before nor after any day. Where an app could not be read, only what the others prove is said.
func MatchActivity(e *Eval, n *filter.Node) (Truth, error) {
	apps, err := e.Arg(n)
	if err != nil {
		return Truth{}, err
	}
	ix := e.Index
	activity := ix.ActivityIn(apps)
	want := int32(0)
	if len(n.Values) > 0 {
		want = n.Values[0].Day(e.Today)
	}
	op := n.Op.Positive()
	t := Truth{Yes: ix.NewBits(), Maybe: ix.NewBits()}
	for pos, day := range activity.Day {
		yes, maybe := false, false
		switch {
		case day == NoApp:
			maybe = true
		case op == filter.IsUnknown:
			yes = day == ActivityUnknown
		case day == ActivityUnknown:
			maybe = true
		case op == filter.Empty:
			yes = day == NeverActive
		case day == NeverActive:
		case activity.Unsure.Has(pos):
			yes, maybe = atLeast(op, day, want)
		default:
			yes = compare(op, day, want)
		}
		if yes {
			t.Yes.Set(pos)
		}
		if yes || maybe {
			t.Maybe.Set(pos)
		}
	}
	return e.signed(n, t)
}

// atLeast compares a day that is only known not to be before day.
func atLeast(op filter.Op, day, want int32) (yes, maybe bool) {
	switch op {
	case filter.Greater, filter.AtLeast:
		return compare(op, day, want), true
	default: // before, or exactly on a day
		return false, day < want || (day == want && op != filter.Less)
	}
}
