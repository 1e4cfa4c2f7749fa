package mirrordb

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"seatkeeper/backend/domain"
)

// begun opens the pages of a new sync of a source and gives how the sync is ended.
func begun(t *testing.T, s *Store, source string) (*PageCache, func()) {
	t.Helper()
	sync, err := s.BeginSync(t.Context(), source)
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.OpenPageCache(t.Context(), sync.ID)
	if err != nil {
		t.Fatal(err)
	}
	return p, func() {
		if err := s.AbortSync(t.Context(), sync.ID, domain.Sync{State: domain.SyncCancelled}); err != nil {
			t.Error(err)
		}
	}
}

func read(t *testing.T, p *PageCache, chain string) (all string) {
	t.Helper()
	if err := p.Kept(chain, func(next string, page []byte) error {
		all += fmt.Sprintf("%s>%s ", page, next)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return all
}

// Pages come back to the same source, up to the last whole one, wherever a crash has cut the file off; to nobody else
// and not for ever.
func TestPages(t *testing.T) {
	s := openTest(t, t.TempDir())
	defer func() { _ = s.Close() }()
	p, end := begun(t, s, testSource)
	p.Keep("d1", "", "c1", []byte("old"))
	p.Keep("d2", "", "", []byte("x"))
	p.Keep("d1", "", "c1", []byte("one")) // the chain began anew
	p.Keep("d1", "c1", "c2", bytes.Repeat([]byte("two "), 1000))
	if err := p.Close(false); err != nil {
		t.Fatal(err)
	}
	end()
	file := s.pagesFile(testSource)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Error(info.Mode(), err)
	}
	two := string(bytes.Repeat([]byte("two "), 1000))
	for size := 0; size <= len(text); size++ {
		if err := os.WriteFile(file, text[:size], 0o600); err != nil {
			t.Fatal(err)
		}
		p, end := begun(t, s, testSource)
		got := read(t, p, "d1")
		next, _ := p.Place("d1")
		switch got {
		case "", "old>c1 ", "one>c1 ":
		case "one>c1 " + two + ">c2 ":
			if next != "c2" || size != len(text) {
				t.Fatal(size, next)
			}
		default:
			t.Fatalf("%d bytes: %.100s", size, got)
		}
		p.Keep("d3", "", "", []byte("more")) // what follows a cut is read again
		if err := p.Close(false); err != nil {
			t.Fatal(err)
		}
		end()
		p, end = begun(t, s, testSource)
		if again := read(t, p, "d1"); again != got || read(t, p, "d3") != "more> " {
			t.Fatalf("%d bytes: %.100s", size, again)
		}
		_ = p.Close(size%2 == 0)
		end()
	}
	for _, c := range []struct {
		name   string
		change func()
	}{
		{"another source", func() {
			if err := os.Rename(file, s.pagesFile("other")); err != nil {
				t.Fatal(err)
			}
		}},
		{"too old", func() {
			old := time.Now().Add(-2 * time.Hour)
			if err := os.Chtimes(file, old, old); err != nil {
				t.Fatal(err)
			}
		}},
		{"other settings", func() {
			s.o.Mark = func(_ context.Context, id string) (string, error) { return "another mark of " + id, nil }
		}}, // the last: they stay
	} {
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
		c.change()
		for _, source := range []string{testSource, "other"} {
			p, end := begun(t, s, source)
			if _, resumed := p.Resumed(); resumed {
				t.Errorf("%s: %s goes on from pages that are not its own", c.name, source)
			}
			_ = p.Close(true)
			end()
		}
	}
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.DropSource(t.Context(), testSource); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(file); !os.IsNotExist(err) {
		t.Error("the pages of a deleted source are still there", err)
	}
}
