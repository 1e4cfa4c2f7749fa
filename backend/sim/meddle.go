package sim

import "time"

// The methods of this file change the world as another admin or the identity provider would: without a request, and seen
// by everybody at once. Each returns false when there is no such person, group or app.

// Suspend suspends a person in all directories.
func (w *World) Suspend(accountID string) bool {
	return w.meddle(accountID, func(s state) state { s.suspended = s.member; return s })
}

// Restore gives a person access in all directories again.
func (w *World) Restore(accountID string) bool {
	return w.meddle(accountID, func(s state) state { s.suspended = 0; return s })
}

// Deactivate ends a managed account everywhere, Reactivate revives it.
func (w *World) Deactivate(accountID string) bool {
	return w.meddle(accountID, func(s state) state { s.account = accountInactive; return s })
}

// Reactivate revives a deactivated account.
func (w *World) Reactivate(accountID string) bool {
	return w.meddle(accountID, func(s state) state { s.account, s.deletion = accountActive, false; return s })
}

// Remove takes a person out of all directories.
func (w *World) Remove(accountID string) bool {
	return w.meddle(accountID, func(s state) state { return w.without(s, s.member) })
}

// AddMember puts a person into a group, synced or not.
func (w *World) AddMember(accountID, groupID string) bool {
	g, known := w.groupNumber(groupID)
	return known && w.meddle(accountID, func(s state) state { return withGroup(s, g) })
}

// RemoveMember takes a person out of a group, synced or not.
func (w *World) RemoveMember(accountID, groupID string) bool {
	g, known := w.groupNumber(groupID)
	return known && w.meddle(accountID, func(s state) state { return withoutGroup(s, g) })
}

// SetOrgAdmin gives or takes the organization admin role.
func (w *World) SetOrgAdmin(accountID string, on bool) bool {
	return w.meddle(accountID, func(s state) state {
		s.orgAdmin = on
		for g := range w.groups {
			if w.groups[g].kind == groupOrgAdmins && !on {
				s = withoutGroup(s, g)
			}
		}
		return s
	})
}

// SetSeats limits an app's seats; one more billable person than that is refused. 0 is no limit.
func (w *World) SetSeats(appID string, seats int) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for a := range w.apps {
		if w.apps[a].ari == appID {
			w.apps[a].seats = seats
			return true
		}
	}
	return false
}

// BlockIP puts the sites behind an IP allowlist that this computer is not on, or opens them again.
func (w *World) BlockIP(blocked bool) { w.blocked.Store(blocked) }

func (w *World) groupNumber(groupID string) (int, bool) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	g, known := w.groupByID[groupID]
	return g, known
}

func (w *World) meddle(accountID string, change func(state) state) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	i, found := w.find(accountID)
	if !found {
		return false
	}
	w.deactivate(i, change(w.people[i].state), byNothing, time.Now().UnixNano())
	return true
}
