package mirror_test

import (
	"database/sql"
	"errors"
	"maps"
	"net/url"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/sim"
	"seatkeeper/backend/store/mirrordb"
)

// digestsOf reads what the copy keeps of what was delivered about each person.
func digestsOf(t *testing.T, dir string) map[int64]string {
	t.Helper()
	file := url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(filepath.Join(dir, mirrordb.FileName)),
		RawQuery: "mode=ro"}
	db, err := sql.Open("sqlite", file.String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	rows, err := db.QueryContext(t.Context(), "SELECT user_id, hex(digest) FROM digests")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	all := map[int64]string{}
	for rows.Next() {
		var person int64
		var digest string
		err = errors.Join(err, rows.Scan(&person, &digest))
		all[person] = digest
	}
	if err := errors.Join(err, rows.Err()); err != nil {
		t.Fatal(err)
	}
	return all
}

// Every kind of source delivers an unchanged organization so that a full sync knows it again, whatever order its pages
// come in; and what has changed is found.
func TestUnchangedSyncKnowsEverybodyAgain(t *testing.T) {
	for name, c := range map[string]struct {
		config sim.Config
		kind   domain.SourceKind
	}{
		"organization":          {sim.Config{People: 400, Sites: 2, Seed: 5}, domain.KindAtlassianOrg},
		"original organization": {sim.Config{People: 400, Sites: 3, Seed: 6, Original: true}, domain.KindAtlassianOrg},
		"site":                  {sim.Config{People: 300, Sites: 1, Seed: 7}, domain.KindJiraCloud},
		"data center":           {sim.Config{People: 300, Sites: 1, Seed: 8, DataCenters: 1}, domain.KindJiraDC},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c.config.Latency = 80 * time.Millisecond
				dir := t.TempDir()
				w := sim.New(c.config)
				e, s := newSimWorld(t, dir, w, c.kind)
				runSync(t, e)
				first := digestsOf(t, dir)
				done := runSync(t, e)
				if done.Changed+done.Added+done.Removed != 0 {
					t.Errorf("%+v", done)
				}
				second := digestsOf(t, dir)
				same := 0
				for person, digest := range first {
					if second[person] == digest {
						same++
					}
				}
				t.Logf("%d of %d people known again", same, len(first))
				if len(first) != done.People || same*100 < len(first)*95 {
					t.Errorf("only %d of %d people", same, len(first))
				}
				if c.kind != domain.KindAtlassianOrg {
					return
				}
				for i, p := range w.People(9, func(p sim.PersonState) bool {
					return p.Status == "active" &&
						!p.OrgAdmin && len(p.Directories) > 0
				}) {
					if i%2 == 0 {
						w.Suspend(p.AccountID)
					} else {
						w.Remove(p.AccountID)
					}
				}
				if done = runSync(t, e); done.Changed == 0 {
					t.Errorf("%+v", done)
				}
				equalsTruth(t, s, w)
				if maps.Equal(digestsOf(t, dir), second) {
					t.Error("the digests are as before")
				}
			})
		})
	}
}
