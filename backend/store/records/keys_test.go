package records

import (
	"regexp"
	"strings"
	"testing"

	"gorm.io/gorm"
)

// TestQueriesUseTheirKeys looks at SQLite's plans: a scan of all items would make a run of 100,000 slower with every
// step.
func TestQueriesUseTheirKeys(t *testing.T) {
	s := openTest(t, t.TempDir())
	plans := map[string]string{}
	explain := func(name, query string, args ...any) {
		err := s.view(t.Context(), "explain", func(tx *gorm.DB) error {
			return eachRow(tx, "EXPLAIN QUERY PLAN "+query, args, func(row scanner) error {
				var id, parent, unused int
				var detail string
				err := scan(row, &id, &parent, &unused, &detail)
				plans[name] += detail + "\n"
				return err
			})
		})
		if err != nil {
			t.Fatal(name, err)
		}
	}
	const items = `SELECT ` + itemColumns + itemsFrom
	explain("planned", items+` AND runs.id = ? AND i.seq > ? AND i.state = 'planned' ORDER BY i.seq LIMIT ?`, "x", 5, 9)
	explain("page", items+` AND runs.id = ? AND i.seq > ? ORDER BY i.seq LIMIT ? OFFSET ?`, "x", 5, 9, 0)
	list := runs(s.db.Read.ORM.Session(&gorm.Session{DryRun: true})).Order("runs.created_at DESC, runs.id").Limit(9).Find(&[]listedRun{}).Statement
	explain("runs", list.SQL.String(), list.Vars...)
	explain("person", deedsQuery, "a", "s", 9)
	explain("touched", touchedQuery, "r")
	for name, plan := range plans {
		if regexp.MustCompile(`SCAN (i|c|u|run_items)\b`).MatchString(plan) || strings.Contains(plan, "USE TEMP B-TREE FOR ORDER BY") && name != "person" {
			t.Errorf("%s:\n%s", name, plan)
		}
	}
	for name, index := range map[string]string{"person": "run_items_person (account_id=?)", "runs": "runs_newest", "touched": "PRIMARY KEY (run_id=?)"} {
		if !strings.Contains(plans[name], index) {
			t.Errorf("%s is not found by %s:\n%s", name, index, plans[name])
		}
	}
}
