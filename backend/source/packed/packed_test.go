package packed

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"seatkeeper/backend/domain"
)

// A people tells what maps of people and groups tell to whom the same happens.
func TestCrowdIsWhatMapsAre(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		random := rand.New(rand.NewPCG(seed, 7))
		text := func(most int) string { return strings.Repeat("ä", random.IntN(most+1)) + fmt.Sprint(random.IntN(9)) }
		c, people, order, listed := New(), map[string]Person{}, []string{}, map[string]bool{}
		groups, members := make([]*Members, 40), make([]map[string]bool, 40)
		for i := range groups {
			groups[i], members[i] = &Members{}, map[string]bool{}
		}
		for range 20_000 {
			p := Person{
				ID: fmt.Sprint("712020:", random.IntN(6000)), Name: text(20), UserName: text(3), Type: text(1), Active: domain.Tri(random.IntN(3)),
				Email: []string{"", text(30)}[random.IntN(2)], TimeZone: []string{"", "Europe/Berlin", "UTC"}[random.IntN(3)],
			}
			if random.IntN(5000) == 0 {
				p.Name = strings.Repeat("long ", 100_000)
			}
			at, fresh := c.Add(p)
			known, there := people[p.ID]
			if fresh == there {
				t.Fatal(p.ID, "is new:", fresh)
			}
			if !there {
				order, known = append(order, p.ID), p
			}
			switch random.IntN(4) {
			case 0:
				c.Complete(at, p)
				if known.Email == "" {
					known.Email = p.Email
				}
				if known.TimeZone == "" {
					known.TimeZone = p.TimeZone
				}
			case 1:
				p.Listed = known.Listed
				c.Set(at, p)
				known = p
			case 2:
				if c.List(at) == known.Listed {
					t.Fatal(p.ID, "was listed:", known.Listed)
				}
				known.Listed = true
			default:
				g := random.IntN(len(groups))
				groups[g].Add(at)
				members[g][p.ID] = true
				if random.IntN(500) == 0 && groups[g].Len() != len(members[g]) {
					t.Fatal(groups[g].Len(), "members of", len(members[g]))
				}
			}
			people[p.ID] = known
			if got := c.Person(at); got != known {
				t.Fatalf("%+v is not %+v", got, known)
			}
		}
		if c.Len() != len(people) {
			t.Fatal(c.Len(), "people of", len(people))
		}
		for p := range c.All() {
			listed[p.ID] = p.Listed
			if p != people[p.ID] {
				t.Fatalf("%+v is not %+v", p, people[p.ID])
			}
		}
		var came []string
		if err := c.Each(groups, func(p Person, in []int) error {
			came = append(came, p.ID)
			var want []int
			for i, m := range members {
				if m[p.ID] {
					want = append(want, i)
				}
			}
			if p != people[p.ID] || !slices.Equal(in, want) {
				t.Errorf("%s is in %v, want %v", p.ID, in, want)
			}
			return nil
		}); err != nil || !reflect.DeepEqual(came, order) || len(listed) != len(people) {
			t.Fatal(len(came), len(order), err)
		}
	}
}

// An error ends the delivery.
func TestEachEnds(t *testing.T) {
	t.Parallel()
	c, n := New(), 0
	for i := range 3000 {
		c.Add(Person{ID: fmt.Sprint(i)})
	}
	if err := c.Each(nil, func(Person, []int) error {
		if n++; n == 1500 {
			return domain.Errorf(domain.Cancelled, "enough")
		}
		return nil
	}); domain.CodeOf(err) != domain.Cancelled || n != 1500 {
		t.Error(n, err)
	}
}

// BenchmarkMemory is what a people takes for each person, who is in seven of many groups.
func BenchmarkMemory(b *testing.B) {
	const people = 100_000
	for b.Loop() {
		c := New()
		groups := make([]*Members, 1000)
		for i := range groups {
			groups[i] = &Members{}
		}
		for i := range people {
			at, _ := c.Add(Person{
				ID: fmt.Sprintf("712020:4d87bf74-528b-4706-8931-%012d", i), Name: fmt.Sprint("Person ", i), Email: fmt.Sprintf("p%d@example.com", i), Type: "atlassian",
			})
			for k := range 7 {
				groups[(i*7+k*131)%len(groups)].Add(at)
			}
		}
		bytes := 4*cap(c.at) + 4*cap(c.slots)
		for _, chunk := range c.chunks {
			bytes += cap(chunk)
		}
		for _, g := range groups {
			g.Len()
			bytes += 4 * cap(g.places)
		}
		b.ReportMetric(float64(bytes)/people, "B/person")
	}
}
