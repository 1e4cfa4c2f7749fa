package imports

import (
	"testing"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/people/csvfile"
)

// TestWho: a row is somebody's only when it can be nobody else's.
func TestWho(t *testing.T) {
	people := func(dataCenter bool) *matching {
		m := &matching{dataCenter: dataCenter}
		m.add(1, "712020:A", "mia@example.com")
		m.add(2, "712020:b", "shared@example.com")
		m.add(3, "712020:c", "Shared@Example.com")
		m.add(4, "712020:d", "")
		return m
	}
	for _, c := range []struct {
		account, email string
		cloud, own     int64 // who it is in the cloud and in a Data Center, 0 for nobody
	}{
		{"712020:a", "", 1, 0},
		{"712020:a", "other@example.com", 1, 0},
		{"", "MIA@example.com", 1, 1},
		{"712020:zzz", "mia@example.com", 0, 1}, // the address was somebody else's before
		{"", "shared@example.com", 0, 0},
		{"712020:B", "shared@example.com", 2, 0},
		{"", "nobody@else.org", 0, 0},
		{"", "", 0, 0},
	} {
		row := csvfile.Row{AccountID: c.account, Email: c.email}
		for dataCenter, want := range map[bool]int64{false: c.cloud, true: c.own} {
			if id, reason := people(dataCenter).who(row); id != want || (id == 0) != (reason != "") {
				t.Errorf("%+v, Data Center %t: %d %q, want %d", c, dataCenter, id, reason, want)
			}
		}
	}
}

// TestJoin: where two rows about one person differ, nothing is known for certain.
func TestJoin(t *testing.T) {
	to := domain.ImportedFacts{Status: domain.StatusActive, LastDay: 5, Billable: domain.Yes, MFA: domain.Yes}
	join(&to, domain.ImportedFacts{Status: domain.StatusSuspended, LastDay: 9, Billable: domain.No, MFA: domain.Yes})
	if to.Status != domain.StatusUnknown || to.LastDay != 9 || to.Billable != domain.Unknown || to.MFA != domain.Yes {
		t.Errorf("%+v", to)
	}
}
