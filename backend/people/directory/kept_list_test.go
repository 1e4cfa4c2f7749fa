package directory_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"seatkeeper/backend/domain"
)

// TestKeptListReadsEverybodyOnce: the dialog with all lists must not walk everybody once for each of them at every
// opening.
func TestKeptListReadsEverybodyOnce(t *testing.T) {
	o := randomOrg(rand.New(rand.NewPCG(7, 7)), 100)
	s := openOn(o)
	defer s.Close()
	people := o.get().users
	kept := domain.PersonList{ID: "kept", Name: "Kept", Values: []string{people[0].AccountID, people[1].AccountID}, UpdatedAt: time.Now()}
	s.SetLists([]domain.PersonList{kept})
	first, err := s.MatchKept(t.Context(), "s", kept)
	again, err2 := s.MatchKept(t.Context(), "s", kept)
	if err != nil || err2 != nil || first.Matched != 2 {
		t.Fatal(first, err, err2)
	}
	if &first.People[0] != &again.People[0] {
		t.Error("the list was matched again")
	}
	// A list that was changed meanwhile is not answered from before.
	kept.Values, kept.UpdatedAt = kept.Values[:1], kept.UpdatedAt.Add(time.Second)
	if now, err := s.MatchKept(t.Context(), "s", kept); err != nil || now.Matched != 1 {
		t.Error(now.Matched, err)
	}
}
