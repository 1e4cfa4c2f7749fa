package index

import "seatkeeper/backend/domain"

// see keeps what an imported file told about the last activity anywhere.
func (ix *Index) see(pos int, u *domain.User) {
	if !u.SeenKnown {
		return
	}
	if ix.seen == nil {
		ix.seen = map[uint32]int32{}
	}
	day := NeverActive
	if !u.Seen.IsZero() {
		day = max(1, domain.UnixDay(u.Seen))
	}
	ix.seen[uint32(pos)] = day
}

// withSeen fills in the activity over all apps where the apps themselves leave it open.
func (ix *Index) withSeen(a Activity) Activity {
	for pos, day := range ix.seen {
		switch was := a.Day[pos]; {
		case was == ActivityUnknown:
			a.Day[pos] = day
		case was > NeverActive && a.Unsure.Has(int(pos)) && day > NeverActive:
			a.Day[pos] = max(was, day)
			a.Unsure.Clear(int(pos))
		}
	}
	return a
}
