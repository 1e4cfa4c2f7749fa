package index

// Activity is a column of last days of activity, over one or several apps. Day holds a day or one of NoApp, ActivityUnknown and
// NeverActive. Unsure holds those with a known day who also have an app of which it is unknown: they may have been active later.
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
	for i := range a.Day {
		a.Day[i] = NoApp
	}
	wanted := make([]bool, len(ix.Apps))
	for i := range wanted {
		wanted[i] = apps == nil
	}
	for _, app := range apps {
		wanted[app] = true
	}
	for pos := range ix.n {
		for _, s := range ix.access.of(pos) {
			if wanted[s.app] {
				a.add(pos, s.last())
			}
		}
	}
	return a
}

// add joins the activity in one more app.
func (a *Activity) add(pos int, day int32) {
	switch was := a.Day[pos]; {
	case was == NoApp:
		a.Day[pos] = day
	case day == ActivityUnknown && was > NeverActive:
		a.Unsure.Set(pos)
	case day == ActivityUnknown:
		a.Day[pos] = ActivityUnknown
	case was == ActivityUnknown && day > NeverActive:
		a.Day[pos] = day
		a.Unsure.Set(pos)
	case was != ActivityUnknown:
		a.Day[pos] = max(was, day)
	}
}
