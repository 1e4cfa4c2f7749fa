package sim

import (
	"math/rand/v2"
	"strconv"
	"strings"
)

// nameMaker draws people's names and makes e-mail addresses that are not taken yet.
type nameMaker struct {
	rng    *rand.Rand
	total  int            // sum of the cultures' weights
	taken  map[string]int // local parts, with how often they were used
	givens [][]spelled
	family [][]spelled
}

type spelled struct{ name, ascii string }

func newNameMaker(rng *rand.Rand) *nameMaker {
	m := &nameMaker{rng: rng, taken: map[string]int{}}
	split := func(in []string) []spelled {
		out := make([]spelled, len(in))
		for i, s := range in {
			name, ascii, ok := strings.Cut(s, "|")
			if !ok {
				ascii = strings.ToLower(name)
			}
			out[i] = spelled{name, ascii}
		}
		return out
	}
	for i := range cultures {
		m.total += cultures[i].weight
		m.givens = append(m.givens, split(cultures[i].given))
		m.family = append(m.family, split(cultures[i].family))
	}
	return m
}

// draw returns a full name, the nickname in it, the local part of an e-mail address, and the place.
func (m *nameMaker) draw() (name, nickname, local string, place uint8) {
	n := m.rng.IntN(m.total)
	c := 0
	for n >= cultures[c].weight {
		n -= cultures[c].weight
		c++
	}
	g := m.givens[c][m.rng.IntN(len(m.givens[c]))]
	f := m.family[c][m.rng.IntN(len(m.family[c]))]
	if cultures[c].familyFirst {
		name = f.name + " " + g.name
		nickname = name[len(f.name)+1:]
	} else {
		name = g.name + " " + f.name
		nickname = name[:len(g.name)]
	}
	if m.rng.IntN(100) < 2 && !cultures[c].familyFirst {
		name, nickname = g.name, g.name // some people have one name
	}
	place = cultures[c].place
	if m.rng.IntN(100) < 25 {
		place = uint8(m.rng.IntN(len(places)))
	}
	return name, nickname, m.free(g.ascii + "." + f.ascii), place
}

// free makes a local part unique: "mia.krystof", "mia.krystof2", ...
func (m *nameMaker) free(local string) string {
	m.taken[local]++
	if n := m.taken[local]; n > 1 {
		return local + strconv.Itoa(n)
	}
	return local
}
