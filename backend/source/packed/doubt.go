package packed

import (
	"context"
	"encoding/binary"
	"hash/maphash"
	"slices"

	"golang.org/x/sync/errgroup"
)

// mostDoubted bounds the groups that are looked at: a server that ignores which group it was asked for does so with
// all.
const mostDoubted = 8

// Doubt tells whether the lists of members do not fit what people's own lists of groups say. A row of a member does not
// tell of which group it is, so that a server which ignores the group gives everybody for each, or the same people. So
// groups are looked at that have everybody or the same members as another one, and some of their people are asked
// about: in tells whether the person is in the group of that number; known is false for who is not there any more.
func (c *People) Doubt(
	ctx context.Context, groups []*Members, in func(ctx context.Context, id string, group int) (is, known bool, err error),
) (bool, error) {
	doubted := c.alike(groups)
	votes := make([][]int, len(doubted))
	work, ctx := errgroup.WithContext(ctx)
	for i, g := range doubted {
		asked := sample(groups[g].places)
		votes[i] = make([]int, len(asked))
		for j, at := range asked {
			work.Go(func() error {
				is, known, err := in(ctx, string(c.text(at, 0)), g)
				switch {
				case known && is:
					votes[i][j] = 1
				case known:
					votes[i][j] = -1
				}
				return err
			})
		}
	}
	err := work.Wait()
	return slices.ContainsFunc(votes, func(of []int) bool {
		sum := 0
		for _, v := range of {
			sum += v
		}
		return sum < 0
	}), err
}

// alike are the first groups, by their numbers, that have everybody or the same members as another one.
func (c *People) alike(groups []*Members) []int {
	seed, first := maphash.MakeSeed(), map[uint64]int{}
	var found []int
	add := func(g int) {
		if len(found) < mostDoubted && !slices.Contains(found, g) {
			found = append(found, g)
		}
	}
	for g, m := range groups {
		if m.Len() == 0 {
			continue
		}
		if m.Len() == c.Len() {
			add(g)
		}
		var h maphash.Hash
		h.SetSeed(seed)
		for _, at := range m.places {
			_, _ = h.Write(binary.LittleEndian.AppendUint32(nil, uint32(at)))
		}
		if other, twin := first[h.Sum64()]; twin {
			add(other)
			add(g)
		} else {
			first[h.Sum64()] = g
		}
	}
	return found
}

// sample chooses some of the places: the last, the middle, the first.
func sample(places []Place) []Place {
	n := len(places)
	out := []Place{places[n-1]}
	for _, at := range []Place{places[n/2], places[0]} {
		if !slices.Contains(out, at) {
			out = append(out, at)
		}
	}
	return out
}
