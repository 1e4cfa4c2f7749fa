package sim

import "strings"

// insider tells whether person i is the organization's and not known to sites only. Who came after the world was built is.
func (w *World) insider(i int) bool { return i < w.shown || i >= w.built }

// byEmail finds one of the organization's people by e-mail address.
func (w *World) byEmail(email string) (int, bool) {
	for i := range w.people {
		if w.insider(i) && strings.EqualFold(w.people[i].email, email) && w.people[i].account != accountClosed {
			return i, true
		}
	}
	return 0, false
}

// newcomer adds an account that was just invited and is in no directory yet. Its number never changes, so old cursors stay good;
// pointers into w.people do not. The caller holds the lock.
func (w *World) newcomer(email string, now int64) int {
	local, domain, _ := strings.Cut(email, "@")
	p := person{name: email, nickname: local, email: email, added: now / 1e9, kind: kindInvited, managed: w.claimed(domain)}
	w.people = append(w.people, p)
	w.orders.drop()
	w.revision++
	return len(w.people) - 1
}

// claimed tells whether the domain is a verified one of the organization.
func (w *World) claimed(domain string) bool {
	for _, d := range w.domains {
		if d.status == "verified" && strings.EqualFold(d.name, domain) {
			return true
		}
	}
	return false
}

func (o *orderCache) drop() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.orders = nil
}
