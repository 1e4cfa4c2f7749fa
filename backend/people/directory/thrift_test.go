package directory_test

import (
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"sync"
	"testing"

	"seatkeeper/backend/people/directory"
)

// TestThriftEnds checks that the garbage collector is as before once all first indexes are made, however they overlap.
func TestThriftEnds(t *testing.T) {
	const usual = 123
	before := debug.SetGCPercent(usual)
	defer debug.SetGCPercent(before)
	s := openOn(randomOrg(rand.New(rand.NewPCG(8, 8)), 100))
	defer s.Close()
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			if _, err := s.Query(t.Context(), directory.Query{SourceID: fmt.Sprint("s", i)}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if now := debug.SetGCPercent(usual); now != usual {
		t.Errorf("the collector is left at %d", now)
	}
}
