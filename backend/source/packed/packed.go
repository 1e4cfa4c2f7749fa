// Package packed holds the people of a read whose groups tell only at the end who belongs where: packed, so that many
// of them take little memory. It reads nothing, and decides nothing about people.
package packed

import (
	"bytes"
	"encoding/binary"
	"hash/maphash"
	"iter"
	"slices"

	"seatkeeper/backend/domain"
)

// Person is one of them, as a Jira tells it.
type Person struct {
	ID, Type, Name, UserName, Email, TimeZone string
	Active                                    domain.Tri
	Listed                                    bool // the list of people itself has this one
}

// Place stands for a person. People have theirs in the order in which they came, from 0 on.
type Place int32

// People is the people. Its methods must not be called at once.
type People struct {
	chunks [][]byte // the packed people
	at     []uint32 // where each is: chunk and place in it
	seed   maphash.Seed
	slots  []Place // by hash of the id: the place + 1, 0 is free; a power of two of them
	traits []traits
	number map[traits]uint32

	scratch []byte
}

// traits are what many people have in common.
type traits struct {
	kind, timeZone string
	active         domain.Tri
	listed         bool
}

const (
	chunkBits = 18
	chunkSize = 1 << chunkBits
	texts     = 4 // that a packed person has behind the number of the traits; the id is the first
)

// New makes an empty one.
func New() *People {
	return &People{seed: maphash.MakeSeed(), slots: make([]Place, 1<<10), number: map[traits]uint32{}}
}

// Len is how many people there are.
func (c *People) Len() int { return len(c.at) }

// Add adds a person; one who is there already stays as before.
func (c *People) Add(p Person) (at Place, fresh bool) {
	if len(c.at) >= len(c.slots)*3/4 {
		c.slots = make([]Place, 2*len(c.slots))
		for i := range c.at {
			*c.slot(c.text(Place(i), 0)) = Place(i) + 1
		}
	}
	c.scratch = append(c.scratch[:0], p.ID...)
	s := c.slot(c.scratch)
	if *s != 0 {
		return *s - 1, false
	}
	*s = Place(len(c.at)) + 1
	c.at = append(c.at, c.keep(c.pack(p)))
	return *s - 1, true
}

// slot gives the slot of an id, or the free one where it belongs.
func (c *People) slot(id []byte) *Place {
	for i := maphash.Bytes(c.seed, id); ; i++ {
		if s := &c.slots[i&uint64(len(c.slots)-1)]; *s == 0 || bytes.Equal(c.text(*s-1, 0), id) {
			return s
		}
	}
}

// Complete fills in what was not known of a person: the e-mail address and the time zone.
func (c *People) Complete(at Place, p Person) {
	zone := c.common(at).timeZone == "" && p.TimeZone != ""
	if email := p.Email != "" && len(c.text(at, 3)) == 0; !zone && !email {
		return
	}
	known := c.Person(at)
	if zone {
		known.TimeZone = p.TimeZone
	}
	if known.Email == "" {
		known.Email = p.Email
	}
	c.Set(at, known)
}

// Set replaces what is known of a person. The id must be the same.
func (c *People) Set(at Place, p Person) {
	b, old := c.pack(p), c.packed(at)
	if size(old) == len(b) { // only the traits are others, as a rule
		copy(old, b)
		return
	}
	c.at[at] = c.keep(b)
}

// List notes that the list of people itself has this one, and tells whether that is new.
func (c *People) List(at Place) (fresh bool) {
	t := c.common(at)
	if t.listed {
		return false
	}
	t.listed = true
	binary.LittleEndian.PutUint32(c.packed(at), c.numberOf(t))
	return true
}

// numberOf gives the number of traits.
func (c *People) numberOf(t traits) uint32 {
	n, known := c.number[t]
	if !known {
		n = uint32(len(c.traits))
		c.traits = append(c.traits, t)
		c.number[t] = n
	}
	return n
}

// Person gives a person.
func (c *People) Person(at Place) Person {
	t := c.common(at)
	return Person{
		ID: string(c.text(at, 0)), Name: string(c.text(at, 1)), UserName: string(c.text(at, 2)), Email: string(c.text(at, 3)),
		Type: t.kind, TimeZone: t.timeZone, Active: t.active, Listed: t.listed,
	}
}

// All gives everybody, in the order in which they came.
func (c *People) All() iter.Seq[Person] {
	return func(yield func(Person) bool) {
		for i := range c.at {
			if !yield(c.Person(Place(i))) {
				return
			}
		}
	}
}

// pack packs a person.
func (c *People) pack(p Person) []byte {
	b := binary.LittleEndian.AppendUint32(c.scratch[:0], c.numberOf(traits{p.Type, p.TimeZone, p.Active, p.Listed}))
	for _, text := range [texts]string{p.ID, p.Name, p.UserName, p.Email} {
		b = append(binary.AppendUvarint(b, uint64(len(text))), text...)
	}
	c.scratch = b
	return b
}

// keep adds a packed person.
func (c *People) keep(b []byte) uint32 {
	last := len(c.chunks) - 1
	if last < 0 || cap(c.chunks[last])-len(c.chunks[last]) < len(b) {
		c.chunks = append(c.chunks, make([]byte, 0, max(chunkSize, len(b))))
		last++
	}
	at := uint32(last)<<chunkBits | uint32(len(c.chunks[last]))
	c.chunks[last] = append(c.chunks[last], b...)
	return at
}

// size is how long a packed person is.
func size(packed []byte) int {
	rest := packed[4:]
	for range texts {
		n, width := binary.Uvarint(rest)
		rest = rest[width+int(n):]
	}
	return len(packed) - len(rest)
}

// packed gives a packed person and what follows.
func (c *People) packed(at Place) []byte {
	x := c.at[at]
	return c.chunks[x>>chunkBits][x&(chunkSize-1):]
}

func (c *People) common(at Place) traits { return c.traits[binary.LittleEndian.Uint32(c.packed(at))] }

// text gives one of the texts.
func (c *People) text(at Place, n int) []byte {
	b := c.packed(at)[4:]
	for {
		size, width := binary.Uvarint(b)
		if b = b[width:]; n == 0 {
			return b[:size]
		}
		b = b[size:]
		n--
	}
}

// Members are who is in a group.
type Members struct {
	places []Place
	whole  int // so many of them are in order, each once
}

// Add adds a member, who may be there already.
func (m *Members) Add(at Place) { m.places = append(m.places, at) }

// Len is how many different members there are.
func (m *Members) Len() int {
	if m.whole != len(m.places) {
		slices.Sort(m.places)
		m.places = slices.Clip(slices.Clone(slices.Compact(m.places)))
		m.whole = len(m.places)
	}
	return m.whole
}

// Each calls fn with everybody, in the order in which they came, and with which of the groups they are in, in the order
// of the groups.
func (c *People) Each(groups []*Members, fn func(p Person, in []int) error) error {
	const atOnce = 1024
	rest := make([][]Place, len(groups))
	for i, g := range groups {
		g.Len()
		rest[i] = g.places
	}
	in := make([][]int, atOnce)
	for from := 0; from < len(c.at); from += atOnce {
		for i := range in {
			in[i] = in[i][:0]
		}
		for i := range rest {
			for len(rest[i]) > 0 && int(rest[i][0]) < from+atOnce {
				who := int(rest[i][0]) - from
				in[who] = append(in[who], i)
				rest[i] = rest[i][1:]
			}
		}
		for i := range min(atOnce, len(c.at)-from) {
			if err := fn(c.Person(Place(from+i)), in[i]); err != nil {
				return err
			}
		}
	}
	return nil
}
