package mirrordb

import (
	"encoding/binary"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
)

// What goes through the file of pieces comes back by person, in the order in which it came, and so does what is summed up from it.
func TestPiecesComeBackByPerson(t *testing.T) {
	d, err := newDelivery(1, filepath.Join(t.TempDir(), "came"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := d.drop(); err != nil {
			t.Error(err)
		}
	}()
	random := rand.New(rand.NewPCG(1, 1))
	some := func(n int) (x digest) {
		binary.LittleEndian.PutUint64(x[:], random.Uint64N(uint64(n)))
		x[0], x[8] = x[1]*7+x[0], x[0]
		return x
	}
	came := map[digest][]piece{}
	for i := range 60_000 { // many blocks of each part
		x := piece{person: some(3000), facts: some(50), row: some(3), id: random.Int64(), at: uint32(i), kind: userPiece}
		if random.IntN(4) == 0 {
			x.kind, x.facts, x.id = factPiece, digest{}, 0
		}
		came[x.person] = append(came[x.person], x)
		if err := d.add(x); err != nil {
			t.Fatal(err)
		}
	}
	want := map[digest]*deliveredPerson{}
	for person, all := range came {
		for _, kind := range []byte{userPiece, factPiece} {
			for _, x := range all {
				switch p := want[person]; {
				case x.kind != kind:
				case kind == userPiece:
					if p == nil {
						p = &deliveredPerson{id: x.id}
						want[person] = p
					}
					p.add(x.facts)
					p.step(&d.digester, x.row)
				case p != nil:
					p.step(&d.digester, x.row)
				}
			}
		}
	}
	back, people := map[digest][]piece{}, 0
	err = d.each(func(_ int, part *deliveredPart) error {
		people += len(part.people)
		for _, x := range part.pieces {
			back[x.person] = append(back[x.person], x)
		}
		for person, i := range part.at {
			if got := part.people[i]; want[person] == nil || got.digest() != want[person].digest() || got.id != want[person].id {
				t.Fatalf("%x: %+v, want %+v", person, got, want[person])
			}
		}
		return nil
	})
	if n, errCount := d.count(); err != nil || errCount != nil || n != people || people != len(want) || len(back) != len(came) {
		t.Fatal(n, people, len(want), len(back), len(came), err, errCount)
	}
	for person, all := range came {
		if !slices.Equal(back[person], all) {
			t.Fatalf("%x: %d pieces, want %d", person, len(back[person]), len(all))
		}
	}
}
