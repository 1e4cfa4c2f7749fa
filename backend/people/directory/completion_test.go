package directory_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"seatkeeper/backend/people/directory"
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

// TestCompletionsAreRight cuts random filters anywhere and checks that what is proposed there is no mistake: the text
// that comes of it is right, or only lacks something at its end, and every name in it is there.
func TestCompletionsAreRight(t *testing.T) {
	schema := index.Schema()
	kinds, cuts := map[string]int{}, 0
	for seed := range uint64(8) {
		r := rand.New(rand.NewPCG(seed, 11))
		o := randomOrg(r, 80)
		s := openOn(o)
		infos := s.Fields()
		for range 60 {
			formatted := s.Format(randomFilter(r, o.now, infos))
			if formatted.Error != nil {
				continue
			}
			units := utf16.Encode([]rune(formatted.Canonical))
			for _, cut := range []int{r.IntN(len(units) + 1), r.IntN(len(units) + 1), r.IntN(len(units) + 1), bracket(r, units)} {
				text := string(utf16.Decode(units[:cut]))
				proposals, err := s.Complete(t.Context(), "s", text, len(utf16.Encode([]rune(text))))
				if err != nil {
					t.Fatal(err)
				}
				cuts++
				r.Shuffle(len(proposals), func(i, j int) { proposals[i], proposals[j] = proposals[j], proposals[i] })
				for _, c := range proposals[:min(len(proposals), 5)] {
					kinds[c.Kind]++
					before := utf16.Encode([]rune(text))
					made := string(utf16.Decode(before[:c.From])) + c.Insert
					_, mistake := filter.Parse(made, schema)
					if mistake != nil && (mistake.Pos < len(strings.TrimRight(made, " ")) || len(mistake.Expected) == 0) {
						t.Fatalf("seed %d: %q becomes %q: %v", seed, text, made, mistake)
					}
					if mistake != nil {
						continue
					}
					if parsed, err := s.Parse(t.Context(), "s", made); err != nil || parsed.Error != nil && strings.Contains(made[parsed.Error.Pos:parsed.Error.End], strings.TrimSpace(c.Insert)) {
						t.Fatalf("seed %d: %q becomes %q: %v, %v", seed, text, made, parsed.Error, err)
					}
				}
			}
		}
		s.Close()
	}
	t.Logf("%d cuts, %v", cuts, kinds)
	for _, kind := range []string{"field", "operator", "value", "argument", "function", "keyword"} {
		if kinds[kind] < 20 {
			t.Errorf("%d proposals of the kind %s", kinds[kind], kind)
		}
	}
}

// bracket gives the place behind one of the brackets, where most kinds of things may follow.
func bracket(r *rand.Rand, units []uint16) int {
	var places []int
	for i, u := range units {
		if strings.ContainsRune("(),", rune(u)) {
			places = append(places, i+1)
		}
	}
	if places == nil {
		return len(units)
	}
	return pick(r, places)
}

// TestFieldsAreFoundByOtherWords: who knows a field by its label or by another spelling gets it proposed, behind those
// whose name fits.
func TestFieldsAreFoundByOtherWords(t *testing.T) {
	s := openOn(randomOrg(rand.New(rand.NewPCG(3, 3)), 10))
	defer s.Close()
	for typed, want := range map[string]string{"two": "mfa", "seem": "", "poli": "authPolicy", "product": "app", "act": "lastActive", "gra": "grantingGroups"} {
		proposals, err := s.Complete(t.Context(), "s", typed, len(typed))
		if err != nil || (len(proposals) == 0) != (want == "") || want != "" && proposals[0].Label != want {
			t.Errorf("%s: %v, %v", typed, proposals, err)
		}
	}
}

// TestWildcardsAreTold: ~ needs no wildcards, and says so where one is why nobody is found.
func TestWildcardsAreTold(t *testing.T) {
	s := openOn(randomOrg(rand.New(rand.NewPCG(3, 3)), 50))
	defer s.Close()
	for text, want := range map[string]string{
		`name ~ "no*"`: `name ~ "no"`, `email ~ "%@acme.com"`: `email ~ "@acme.com"`, `group ~ "*vip*"`: `group ~ "vip"`, `name ~ "no"`: "", `name ~ "%"`: "",
		`accountId ~ "712020*" ORDER BY name`: `accountId ~ "712020" ORDER BY name`,
	} {
		warned(t, s, text, want)
	}
}

// warned checks how the only warning about a text corrects it; "" for none.
func warned(t *testing.T, s *directory.Service, text, want string) {
	t.Helper()
	parsed, err := s.Parse(t.Context(), "s", text)
	got := ""
	if err == nil && len(parsed.Warnings) == 1 {
		got = parsed.Warnings[0].Corrected(text)
	}
	if got != want {
		t.Errorf("%s: %q, %+v, %v", text, got, parsed, err)
	}
}

// TestDaysAheadAreTold: 90d is 90 days from now, which hardly anybody means who looks for the inactive.
func TestDaysAheadAreTold(t *testing.T) {
	s := openOn(randomOrg(rand.New(rand.NewPCG(3, 3)), 50))
	defer s.Close()
	for text, want := range map[string]string{
		"lastActive < 90d": "lastActive < -90d", `status = active AND NOT lastActive("Jira") >= +2w`: `status = active AND NOT lastActive("Jira") >= -2w`,
		"added > 3M": "added > -3m", "lastTouched < 1y": "lastTouched < -1y", "lastActive < -90d": "", "lastActive <= now()": "", "lastActive < 0d": "", "added is empty": "",
	} {
		for range 2 { // the second answer is remembered
			warned(t, s, text, want)
		}
	}
}

// TestOtherWordsForStatus: a word that Atlassian does not use is corrected to the one that it uses, never to the
// opposite.
func TestOtherWordsForStatus(t *testing.T) {
	s := openOn(randomOrg(rand.New(rand.NewPCG(3, 3)), 50))
	defer s.Close()
	for text, want := range map[string]string{
		"status = inactive": "status = deactivated", "status in (Disabled)": "status in (deactivated)", "status = pending": "status = invited",
		`status = "In no directory"`: "status = no_directory", `status = "To be deleted"`: "status = for_deletion", // as the window shows them
		"status = actve": "status = active", "source = IdP": "source = synced",
	} {
		parsed, err := s.Parse(t.Context(), "s", text)
		if err != nil || parsed.Error == nil || parsed.Error.Corrected(text) != want {
			t.Errorf("%s: %+v, %v", text, parsed.Error, err)
		}
	}
}

// TestTodayIsInUTC: the days of people are in UTC, and so is today, wherever the computer stands. In another time zone
// somebody could have been active tomorrow.
func TestTodayIsInUTC(t *testing.T) {
	before := time.Local
	defer func() { time.Local = before }() //nolint:reassign // where the computer stands
	for _, hours := range []int{-12, -1, 0, 1, 14} {
		time.Local = time.FixedZone("somewhere", hours*3600) //nolint:reassign // see above
		o := randomOrg(rand.New(rand.NewPCG(3, 3)), 20)
		o.change(func(c *content) {
			for i := range c.users {
				c.users[i].AddedAt = time.Now() // as Atlassian says it: a moment
			}
		})
		s := openOn(o)
		for text, want := range map[string]int{"added = now()": 20, "added > now()": 0, "added < now()": 0, "added > -1d": 20, "added >= startOfDay()": 20} {
			if snap, err := s.Query(t.Context(), directory.Query{SourceID: "s", Filter: text}); err != nil || snap.Total != want {
				t.Errorf("at UTC%+d: %s lists %d, %v", hours, text, snap.Total, err)
			}
		}
		s.Close()
	}
}

// TestOrderByAliases: sort keys are written in any case and by any name, and come out as they are called.
func TestOrderByAliases(t *testing.T) {
	s := openOn(randomOrg(rand.New(rand.NewPCG(3, 3)), 30))
	defer s.Close()
	if parsed, err := s.Parse(t.Context(), "s", `ORDER BY lastseen(jira) desc, lastActive("Jira (acme)"), lastActive`); err != nil || parsed.Error != nil ||
		parsed.Canonical != `ORDER BY lastActive("jira") DESC, lastActive("Jira (acme)"), lastActive` ||
		parsed.Explain != "Everybody, sorted by last activity in jira (descending), then by last activity in Jira (acme), then by last activity." {
		t.Errorf("%+v, %v", parsed, err)
	}
	parsed, err := s.Parse(t.Context(), "s", "ORDER BY POLICY desc, LASTSEEN asc, dataage")
	if err != nil || parsed.Error != nil || parsed.Canonical != "ORDER BY authPolicy DESC, lastActive, dataAge" || !slices.ContainsFunc(parsed.Tree.Order, func(o filter.Order) bool { return o.Desc }) {
		t.Errorf("%+v, %v", parsed, err)
	}
}
