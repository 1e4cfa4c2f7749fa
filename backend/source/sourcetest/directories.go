package sourcetest

import (
	"testing"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/sim"
	"seatkeeper/backend/source"
)

// eachDirectory wants the state of a person in each directory when it counts: just before and after a change. It is open whether a list
// of one directory shows the state there or the state over all.
func (s Subject) eachDirectory(t *testing.T) {
	kind, _ := source.Kinds.Get(string(s.Kind))
	if reasonOf(kind, domain.CanSeeDirectory) != "" {
		return
	}
	for name, global := range map[string]bool{"its own state": false, "the state over all": true} {
		t.Run("a directory shows "+name, func(t *testing.T) {
			s.bubble(t, sim.Config{People: 600, Sites: 3, Seed: 5, Original: true, GlobalStatus: global}, func(t *testing.T, w *sim.World) {
				t.Helper()
				s.stateInEach(t, w)
			})
		})
	}
}

func (s Subject) stateInEach(t *testing.T, w *sim.World) {
	t.Helper()
	opened := s.Open(t, w, nil)
	defer opened.Close()
	src, able := opened.(interface {
		source.Suspender
		source.UserReader
	})
	if !able {
		t.Fatal("it tells directories, but cannot suspend in them")
	}
	who := w.People(1, func(p sim.PersonState) bool {
		return p.Status == "active" && p.Account == "active" && len(p.Directories) == 2 && !p.OrgAdmin && len(p.Apps) > 1 && everywhere(w, p)
	})
	if len(who) == 0 {
		t.Fatal("the world has nobody in two directories")
	}
	account := who[0].AccountID
	for directory := range who[0].Directories {
		for _, want := range []domain.Status{domain.StatusSuspended, domain.StatusActive} {
			call := src.Suspend
			if want == domain.StatusActive {
				call = src.Restore
			}
			if _, err := call(t.Context(), directory, account); err != nil {
				t.Fatal(err)
			}
			users, err := src.ReadUsers(t.Context(), []string{account})
			if err != nil || len(users) != 1 || users[0].Status != domain.StatusActive || len(users[0].Memberships) != 2 {
				t.Fatalf("%+v, %v", users, err)
			}
			for _, m := range users[0].Memberships {
				if here := m.DirectoryID == directory; here && m.Status != want || !here && m.Status != domain.StatusActive {
					t.Errorf("after %s in one of two directories: %+v", want, users[0].Memberships)
				}
			}
		}
	}
}

// everywhere tells whether the person may open an app in each directory: only there a state of its own is told.
func everywhere(w *sim.World, p sim.PersonState) bool {
	sites := map[string]bool{}
	for _, a := range w.Apps() {
		for _, id := range p.Apps {
			if a.ID == id {
				sites[a.Site] = true
			}
		}
	}
	for _, status := range p.Directories {
		if status != "active" {
			return false
		}
	}
	return len(sites) == len(p.Directories)
}
