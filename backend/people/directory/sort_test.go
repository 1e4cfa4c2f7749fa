package directory_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/people/directory"
	"seatkeeper/backend/people/index"
)

// TestSorting checks every sort key in both directions: by value, nobody without one before somebody with one, and
// equal ones by name.
func TestSorting(t *testing.T) {
	for seed := range uint64(5) {
		r := rand.New(rand.NewPCG(seed, 4))
		o := randomOrg(r, 150)
		s := openOn(o)
		byName := sorted(t, s, "name", false)
		place := map[int64]int{}
		for i, row := range byName {
			place[row.ID] = i
		}
		sortable := 0
		for _, f := range s.Fields() {
			if !f.Sortable {
				continue
			}
			sortable++
			for _, desc := range []bool{false, true} {
				rows := sorted(t, s, f.Name, desc)
				for i := 1; i < len(rows); i++ {
					if a, b := rows[i-1], rows[i]; !ordered(f.Name, sortKey(f.Name, a), sortKey(f.Name, b), desc, place[a.ID] < place[b.ID]) {
						t.Errorf("seed %d: by %s (descending %v) %+v stands before %+v", seed, f.Name, desc, a, b)
					}
				}
			}
		}
		if sortable < 15 {
			t.Errorf("only %d fields are sortable", sortable)
		}
		s.Close()
	}
}

// TestAListIsInTheOrderOfEverybody checks that few people and many stand in the order in which they stand among
// everybody.
func TestAListIsInTheOrderOfEverybody(t *testing.T) {
	few, many := 0, 0
	for seed := range uint64(5) {
		r := rand.New(rand.NewPCG(seed, 6))
		o := randomOrg(r, 300)
		s := openOn(o)
		for _, order := range []string{"", " ORDER BY name", " ORDER BY name DESC", " ORDER BY email", " ORDER BY lastActive DESC, name DESC", ` ORDER BY lastActive("Jira") DESC, lastActive("jira (ACME)"), status`} {
			everybody := ids(t, s, query(t, s, order).ID)
			for range 20 {
				canonical := s.Format(randomFilter(r, o.now, s.Fields())).Canonical
				at := strings.Index(canonical, "ORDER BY")
				if at < 0 {
					at = len(canonical)
				}
				snap, err := s.Query(t.Context(), directory.Query{SourceID: "s", Filter: canonical[:at] + order})
				if err != nil {
					t.Fatal(canonical, err)
				}
				got := ids(t, s, snap.ID)
				want := slices.DeleteFunc(slices.Clone(everybody), func(id int64) bool { return !slices.Contains(got, id) })
				if !slices.Equal(got, want) {
					t.Errorf("seed %d: %s:\n  got %v\n want %v", seed, canonical[:at]+order, got, want)
				}
				if len(got) > 1 && len(got) < 75 {
					few++
				} else if len(got) >= 75 {
					many++
				}
			}
		}
		s.Close()
	}
	if t.Logf("%d short lists, %d long ones", few, many); few < 50 || many < 50 {
		t.Error("the lists are not of every length")
	}
}

func sorted(t *testing.T, s *directory.Service, field string, desc bool) []directory.Row {
	t.Helper()
	snap, err := s.Query(t.Context(), directory.Query{SourceID: "s", Sort: field, Desc: desc})
	if err != nil {
		t.Fatal(err)
	}
	rows, err := s.Rows(t.Context(), snap.ID, 0, 1000)
	if err != nil || len(rows) != snap.All {
		t.Fatal(len(rows), err)
	}
	return rows
}

// ordered tells whether somebody may stand just before somebody else, by their sort keys and which of them is before
// the other by name.
func ordered(field, ka, kb string, desc, byName bool) bool {
	switch {
	case ka == "" || kb == "":
		return ka != "" || (kb == "" && (field == "name" || byName))
	case ka == kb:
		return field == "name" || byName
	default:
		return (ka < kb) != desc
	}
}

// sortKey writes a value so that plain texts order it; "" is no value.
func sortKey(field string, r directory.Row) string {
	number := func(n int) string { return fmt.Sprintf("%09d", n) }
	tri := func(t domain.Tri) string { return map[domain.Tri]string{domain.Yes: "1", domain.No: "2"}[t] }
	folded := func(s string) string {
		if s == "" {
			return ""
		}
		return index.Fold(s) + "\x00" + s
	}
	switch field {
	case "name":
		return index.Fold(r.Name)
	case "email":
		return index.Fold(r.Email)
	case "accountId":
		return r.AccountID
	case "status":
		order := []domain.Status{"active", "invited", "suspended", "deactivated", "no_directory", "for_deletion", "unknown"}
		return number(slices.Index(order, r.Status))
	case "source":
		return map[string]string{"invited": "1", "synced": "2"}[r.Origin]
	case "managed":
		return tri(r.Managed)
	case "mfa":
		return tri(r.MFA)
	case "billable":
		return tri(r.Billable)
	case "emailVerified":
		return tri(r.Verified)
	case "groupCount":
		return number(r.Groups)
	case "appCount":
		return number(len(r.Apps))
	case "added":
		if r.Added.IsZero() {
			return ""
		}
		return r.Added.Format(time.DateOnly)
	case "lastActive":
		switch r.Activity {
		case directory.ActivityKnown:
			return r.LastActive.Format(time.DateOnly)
		case directory.ActivityNever:
			return "0"
		default:
			return ""
		}
	case "domain":
		return folded(strings.ToLower(r.Email[strings.LastIndexByte(r.Email, '@')+1:]))
	case "userName":
		return folded(r.UserName)
	case "department":
		return folded(r.Department)
	case "jobTitle":
		return folded(r.JobTitle)
	case "location":
		return folded(r.Location)
	case "organization":
		return folded(r.Organization)
	case "accountType":
		return folded(r.AccountType)
	case "timeZone":
		return folded(r.TimeZone)
	case "authPolicy":
		return folded(r.Policy)
	case "dataAge": // the latest first
		if r.ReadAt.IsZero() {
			return ""
		}
		return fmt.Sprintf("%012d", 1<<36-r.ReadAt.Unix())
	}
	panic("no sort key for " + field)
}
