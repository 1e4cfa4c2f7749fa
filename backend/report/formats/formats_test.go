package formats

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/report"
)

var update = flag.Bool("update", false, "write the golden files")

var at = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)

func sample() (domain.Run, []domain.Item) {
	run := domain.Run{
		ID: "RUN1", PlanID: "PLAN1", SourceID: "SOURCE1", SourceName: "=Acme", Action: "group.add_member", ActionTitle: "Add to groups",
		Params: map[string]string{"groups": "g1"}, Trigger: domain.TriggerManual, Operator: "ann", Selection: `status = active (3 people)`,
		Note: "new \"team\",\nfrom May", State: domain.RunDone, CreatedAt: at, FinishedAt: at.Add(time.Minute), Total: 3, Confirmed: "3",
		Counts: map[domain.ItemState]int{domain.ItemDone: 1, domain.ItemRefused: 1, domain.ItemSkipped: 1},
		Raised: &domain.Raised{Caps: []string{"This plan stops: it would …"}, Words: "add 3 of 4 people", Reason: "a new team"},
	}
	target := func(id, name string) domain.Target {
		return domain.Target{AccountID: id, Name: name, Email: id + "@example.com", DirectoryID: "d1", GroupID: "g1", GroupName: "@team"}
	}
	diffs := []domain.Diff{{Field: "Group @team", Before: "not a member", After: "member"}}
	return run, []domain.Item{
		{
			RunID: "RUN1", State: domain.ItemDone, Evidence: domain.ByAnswer, Attempts: 1, IntentAt: at, FinishedAt: at.Add(time.Second),
			Change:  domain.Change{Seq: 1, Action: "group.add_member", Target: target("a1", `=HYPERLINK("http://x","y")`), Verdict: domain.VerdictChange, Diffs: diffs, Undo: "not a member"},
			Receipt: &domain.Receipt{Method: "POST", URL: "https://api.atlassian.com/x", Body: `{"accountId":"a1"}`, Status: 204, RequestID: "r-1", SentAt: at, Took: time.Second},
		},
		{
			RunID: "RUN1", State: domain.ItemRefused, Evidence: domain.ByAnswer, Reason: "No seat is left.", Attempts: 1, IntentAt: at, FinishedAt: at,
			Change:  domain.Change{Seq: 2, Action: "group.add_member", Target: target("a2", "Łukasz \"Lu\" 王\r\n, x"), Verdict: domain.VerdictChange, Diffs: diffs, Undo: "not a member"},
			Receipt: &domain.Receipt{Method: "POST", URL: "https://api.atlassian.com/x", Status: 409, Answer: `{"errors":[]}`, SentAt: at},
		},
		{
			RunID: "RUN1", State: domain.ItemSkipped, Evidence: domain.ByPlan, Reason: "This is your own account.", FinishedAt: at,
			Change: domain.Change{Seq: 3, Action: "group.add_member", Target: target("a3", "\u200b +1"), Verdict: domain.VerdictProtected, Reason: "This is your own account."},
		},
	}
}

func encode(t *testing.T, format string, run domain.Run, items []domain.Item) []byte {
	t.Helper()
	f, ok := report.Formats.Get(format)
	if !ok {
		t.Fatalf("no format %s", format)
	}
	var out bytes.Buffer
	enc, err := f.Run(&out, run)
	if err != nil {
		t.Fatal(err)
	}
	for _, it := range items {
		if err := enc.Item(it); err != nil {
			t.Fatal(err)
		}
	}
	if err := enc.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestGolden(t *testing.T) {
	run, items := sample()
	for _, format := range []string{"csv", "json"} { // a workbook is compressed: it is read back instead
		t.Run(format, func(t *testing.T) {
			got := encode(t, format, run, items)
			path := filepath.Join("testdata", "run."+format+".golden")
			if *update {
				if err := os.WriteFile(path, got, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("differs from %s; go test ./backend/report/formats -update writes it\n%s", path, got)
			}
		})
	}
}

func TestJSONIsWhole(t *testing.T) {
	run, items := sample()
	for n := range 4 {
		var doc struct {
			Run struct {
				ID string `json:"id"`
			} `json:"run"`
			Items []struct {
				Target domain.Target `json:"target"`
			} `json:"items"`
		}
		if err := json.Unmarshal(encode(t, "json", run, items[:n]), &doc); err != nil {
			t.Fatal(err)
		}
		if doc.Run.ID != "RUN1" || len(doc.Items) != n {
			t.Errorf("%+v", doc)
		}
		for i := range n {
			if doc.Items[i].Target != items[i].Change.Target {
				t.Errorf("%+v", doc.Items[i])
			}
		}
	}
}

func TestHarmless(t *testing.T) {
	for _, cell := range []string{
		"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "|calc", "%0A", "＝1", "＋1", "－1", "＠x", "｜x", "％x",
		" =1", "\u00a0=1", "\u200b=1", "\ufeff=1", "\u202e=1", " \u00ad\u3000 -2", "\x00=1", "\x0b=1", "\u2028=1",
	} {
		if got := harmless(cell); got != "'"+cell {
			t.Errorf("%q became %q", cell, got)
		}
	}
	for _, cell := range []string{"", " ", "Ann", "a=b", "1-2", "'=1", "王", "x\n=1"} {
		if got := harmless(cell); got != cell {
			t.Errorf("%q became %q", cell, got)
		}
	}
}

// FuzzCSV reads every cell back: it is what the window shows, and nothing can be a formula.
func FuzzCSV(f *testing.F) {
	for _, s := range []string{"=1", `a"b`, "x,y", "\r\n", "\ufeff=cmd|' /C calc'!A0", "-\xff", "'", "\x00"} {
		f.Add(s)
	}
	run, items := sample()
	f.Fuzz(func(t *testing.T, s string) {
		it := items[0]
		it.Change.Target.Name = s
		data := encode(t, "csv", run, []domain.Item{it})
		rest, ok := bytes.CutPrefix(data, []byte(byteOrderMark))
		if !ok {
			t.Fatal("no mark")
		}
		rows, err := csv.NewReader(bytes.NewReader(rest)).ReadAll()
		if err != nil || len(rows) != 2 || len(rows[1]) != len(runHead) {
			t.Fatalf("%v, %v", rows, err)
		}
		cell := rows[1][5]
		if cell != domain.Visible(s) && cell != "'"+domain.Visible(s) {
			t.Errorf("%q came back as %q", s, cell)
		}
		first := strings.TrimLeft(cell, " \t\r\n\v\f\u0085\u00a0\ufeff\u200b")
		if first != "" && strings.ContainsAny(first[:1], "=+-@|%") {
			t.Errorf("%q can be a formula", cell)
		}
	})
}
