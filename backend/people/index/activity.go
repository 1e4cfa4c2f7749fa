package index

import (
	"math"
	"slices"
)

// Activity is a column of last days of activity, over one or several apps. Day holds a day or one of NoApp,
// ActivityUnknown and NeverActive. Unsure holds those with a known day who also have an app of which it is unknown:
// they may have been active later.
type Activity struct {
	Day    []int32
	Unsure Bits
	open   Bits // those of whom no day is known and nobody can say that there is none; see match
}

// match gives the column ready for conditions: what is the same in all of them is found once.
func (a *Activity) match(ix *Index) Activity {
	a.open = marked(ix, a.Day, NoApp, ActivityUnknown)
	return *a
}

// ActivityIn gives the last activity in any of the apps, or for nil in all apps.
func (ix *Index) ActivityIn(apps []int) Activity {
	if apps == nil && ix.Activity.Day != nil {
		return ix.Activity
	}
	a := Activity{Day: make([]int32, ix.n), Unsure: ix.NewBits()}
	most := make([]int32, len(ix.Apps)) // what an app says at most: nothing but for those that are asked for
	for app := range most {
		most[app] = NoApp
		if apps == nil || slices.Contains(apps, app) {
			most[app] = math.MaxInt32
		}
	}
	for pos := range a.Day {
		day, unknown := NoApp, uint32(0)
		for _, s := range ix.access.of(pos) { // without branches: neighbors are as good as random
			last := min(s.last(), most[s.app])
			day = max(day, last)
			unknown |= uint32(last-NeverActive) &^ uint32(last-ActivityUnknown) // the sign: for ActivityUnknown alone
		}
		if unknown>>31 != 0 {
			if day <= NeverActive {
				day = ActivityUnknown
			} else {
				a.Unsure.Set(pos)
			}
		}
		a.Day[pos] = day
	}
	return a
}
