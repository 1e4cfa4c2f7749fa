package mirrordb

import (
	"fmt"
	"runtime"
	"testing"

	"seatkeeper/backend/domain"
)

// A first sync keeps little of each person in memory: not the people, whom nobody could count beforehand.
func TestFirstSyncKeepsNoPeopleInMemory(t *testing.T) {
	const (
		people  = 20_000
		perUser = 200 // bytes; a person has more than a thousand
	)
	s := openTest(t, t.TempDir())
	begun, err := s.BeginSync(t.Context(), testSource)
	if err != nil {
		t.Fatal(err)
	}
	stage := func(from, to int) {
		var b domain.Batch
		for i := from; i < to; i++ {
			u := person(i)
			u.JobTitle = fmt.Sprintf("%01000d", i)
			b.Users = append(b.Users, u)
		}
		if err := s.StageBatch(t.Context(), begun.ID, b); err != nil {
			t.Fatal(err)
		}
	}
	held := func() int64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	stage(0, 500)
	before := held()
	for i := 500; i < people; i += 500 {
		stage(i, i+500)
	}
	if grown := (held() - before) / people; grown > perUser {
		t.Errorf("%d bytes for each person, want at most %d", grown, perUser)
	} else {
		t.Logf("%d bytes for each person", grown)
	}
}
