package lists_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/people/directory"
	"seatkeeper/backend/people/lists"
)

type noLists struct{}

func (noLists) PersonLists(context.Context) ([]domain.PersonList, error) { return nil, nil }
func (noLists) SavePersonList(context.Context, domain.PersonList) error  { return nil }
func (noLists) DeletePersonList(context.Context, string) error           { return nil }

// byDomain matches whoever is of example.com; of shared.com are several.
type byDomain struct{}

func (byDomain) SetLists([]domain.PersonList) {}

func (d byDomain) MatchKept(ctx context.Context, source string, l domain.PersonList) (directory.ListMatch, error) {
	return d.MatchList(ctx, source, l.Values)
}

func (byDomain) HasUserNames(context.Context, string) (bool, error) { return false, nil }

func (byDomain) MatchList(_ context.Context, _ string, values []string) (m directory.ListMatch, _ error) {
	for _, v := range values {
		switch {
		case strings.HasSuffix(v, "@example.com"):
			m.Matched++
		case strings.HasSuffix(v, "@shared.com"):
			m.Ambiguous = append(m.Ambiguous, v)
		default:
			m.Unmatched = append(m.Unmatched, v)
		}
	}
	return m, nil
}

// TestNumbersAddUp: of a large file each row is an entry, a repetition or a row without anybody, and each entry that
// takes nobody can be had, not only the first thousand.
func TestNumbersAddUp(t *testing.T) {
	var text strings.Builder
	text.WriteString("Name;E-mail\r\n")
	const rows = 100_000
	for i := range rows {
		switch i % 10 {
		case 0:
			fmt.Fprintf(&text, "A;p%d@gone.org\r\n", i)
		case 1:
			fmt.Fprintf(&text, "B;p%d@shared.com\r\n", i)
		case 2:
			text.WriteString("C;first@example.com\r\n")
		case 3:
			fmt.Fprintf(&text, "D;nobody %d\r\n", i)
		default:
			fmt.Fprintf(&text, "\"E; F\";p%d@example.com\r\n", i)
		}
	}
	path := filepath.Join(t.TempDir(), "leavers.csv")
	if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := lists.New(t.Context(), noLists{}, byDomain{})
	if err != nil {
		t.Fatal(err)
	}
	d, err := s.ReadFile(t.Context(), "s", path)
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Values)+d.Twice+len(d.Bad) != rows || d.Match.Matched+len(d.Match.Unmatched)+len(d.Match.Ambiguous) != len(d.Values) {
		t.Errorf("%d entries, %d repetitions, %d rows without anybody; %d match", len(d.Values), d.Twice, len(d.Bad), d.Match.Matched)
	}
	misses := map[string]int{}
	err = s.EachMiss(d.ID, func(m lists.Miss) error {
		if (m.Line > 0) == (m.Entry != "") {
			t.Fatalf("%+v", m)
		}
		kind, _, _ := strings.Cut(m.Reason, " ")
		misses[kind]++
		return nil
	})
	if err != nil || misses["It"] != rows/10 || misses["Several"] != rows/10 || misses["“nobody"] != rows/10 {
		t.Errorf("%v %v", misses, err)
	}
	if err := s.EachMiss("another", nil); domain.CodeOf(err) != domain.Stale {
		t.Error(err)
	}
}
