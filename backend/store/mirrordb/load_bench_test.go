//go:build unix

package mirrordb

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	driver "github.com/glebarez/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/logger"
)

// rowStatements writes everything that a first sync has written as SQL text, a row a statement.
func rowStatements(b *testing.B, s *Store) []string {
	b.Helper()
	var all []string
	for _, table := range loadedTables {
		var columns string
		if err := s.db.Read.SQL.QueryRow("SELECT group_concat('quote(\"' || name || '\")', ' || '','' || ') FROM pragma_table_info(?)", table).Scan(&columns); err != nil {
			b.Fatal(err)
		}
		rows, err := s.db.Read.SQL.Query("SELECT 'INSERT INTO " + table + " VALUES (' || " + columns +
			" || ') ON CONFLICT DO NOTHING;' FROM " + table)
		if err != nil {
			b.Fatal(err)
		}
		for rows.Next() {
			var statement string
			if err := rows.Scan(&statement); err != nil {
				b.Fatal(err)
			}
			all = append(all, statement)
		}
		if err := rows.Err(); err != nil {
			b.Fatal(err)
		}
		_ = rows.Close() //nolint:sqlclosecheck // one after the other
	}
	return all
}

// copyAsText is the processor time of making the same rows from SQL text in one transaction: by the program sqlite3, or
// in this process where there is none.
func copyAsText(b *testing.B, from *Store) (seconds float64, by string) {
	b.Helper()
	dir := b.TempDir()
	to := openTest(b, dir)
	statements := rowStatements(b, from)
	program, err := exec.LookPath("sqlite3")
	if err != nil {
		return timed(func() {
			tx, err := to.db.Write.SQL.Begin()
			for _, statement := range statements {
				if err == nil {
					_, err = tx.Exec(statement)
				}
			}
			if err == nil {
				err = tx.Commit()
			}
			if err != nil {
				b.Fatal(err)
			}
		}), "in-process"
	}
	path := to.db.Path
	if err := to.Close(); err != nil {
		b.Fatal(err)
	}
	text := filepath.Join(dir, "rows.sql")
	head := "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536; BEGIN;\n"
	if err := os.WriteFile(text, []byte(head+strings.Join(statements, "\n")+"\nCOMMIT;\n"), 0o600); err != nil {
		b.Fatal(err)
	}
	in, err := os.Open(text)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = in.Close() }()
	cmd := exec.CommandContext(b.Context(), program, "-batch", "-bail", path)
	cmd.Stdin = in
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	return (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds(), "sqlite3"
}

// BenchmarkLoadAgainstText is a first sync against SQL text.
func BenchmarkLoadAgainstText(b *testing.B) {
	const people = 100_000
	var ratios, texts []float64
	by := ""
	for b.Loop() {
		s := openTest(b, b.TempDir())
		load, _ := firstSync(b, s, people)
		var text float64
		text, by = copyAsText(b, s)
		ratios, texts = append(ratios, load/text), append(texts, text)
		_ = s.Close()
	}
	b.ReportMetric(median(ratios), "ratio")
	b.ReportMetric(median(texts), by+"-cpu-s")
}

// What one writes first with GORM: keys of the database's own, Atlassian's ids as text in every row, unique by them.
type (
	plainUser struct {
		ID                                           uint
		AccountID                                    string `gorm:"uniqueIndex"`
		AccountType, Name, Nickname, Email           string
		Status, Origin                               string
		EmailVerified, Managed, MFA, Billable        int
		JobTitle, Department, Organization, Location string
		TimeZone                                     string
		AddedAt, DeactivatedAt, CreatedAt, UpdatedAt time.Time
	}
	plainAccess struct {
		ID         uint
		AccountID  string `gorm:"uniqueIndex:person_app"`
		AppID      string `gorm:"uniqueIndex:person_app"`
		LastActive time.Time
	}
	plainMembership struct {
		ID        uint
		AccountID string `gorm:"uniqueIndex:person_group"`
		GroupID   string `gorm:"uniqueIndex:person_group"`
	}
	plainRole struct {
		ID        uint
		AccountID string `gorm:"uniqueIndex:person_role"`
		Role      string `gorm:"uniqueIndex:person_role"`
	}
	plainDirectory struct {
		ID          uint
		AccountID   string `gorm:"uniqueIndex:person_directory"`
		DirectoryID string `gorm:"uniqueIndex:person_directory"`
		Status      string
	}
)

// loadPlainly writes people as one does first, and gives processor time and size of the file.
func loadPlainly(b *testing.B, people int) (seconds float64, size int64) {
	b.Helper()
	path := filepath.Join(b.TempDir(), "plain.db")
	db, err := gorm.Open(driver.Open(path+"?_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)"),
		&gorm.Config{Logger: logger.Discard})
	if err != nil {
		b.Fatal(err)
	}
	if err := db.AutoMigrate(&plainUser{}, &plainAccess{}, &plainMembership{}, &plainRole{},
		&plainDirectory{}); err != nil {
		b.Fatal(err)
	}
	for batch := range bigOrganization(people) {
		var users []plainUser
		var access []plainAccess
		var memberships []plainMembership
		var roles []plainRole
		var directories []plainDirectory
		for _, u := range batch.Users {
			users = append(users, plainUser{
				AccountID: u.AccountID, AccountType: u.AccountType, Name: u.Name, Nickname: u.Nickname, Email: u.Email,
				Status: string(u.Status), Origin: u.Origin,
				EmailVerified: int(u.EmailVerified), Managed: int(u.Managed), MFA: int(u.MFA),
				Billable: int(u.Billable), JobTitle: u.JobTitle,
				Department: u.Department, Organization: u.Organization, Location: u.Location, TimeZone: u.TimeZone,
				AddedAt: u.AddedAt, DeactivatedAt: u.DeactivatedAt,
			})
			for _, a := range u.Access {
				access = append(access, plainAccess{AccountID: u.AccountID, AppID: a.AppID, LastActive: a.LastActive})
			}
			for _, g := range u.GroupIDs {
				memberships = append(memberships, plainMembership{AccountID: u.AccountID, GroupID: g})
			}
			for _, r := range u.PlatformRoles {
				roles = append(roles, plainRole{AccountID: u.AccountID, Role: r})
			}
			for _, d := range u.Memberships {
				directories = append(directories, plainDirectory{AccountID: u.AccountID, DirectoryID: d.DirectoryID,
					Status: string(d.Status)})
			}
		}
		if len(users) == 0 {
			continue
		}
		seconds += timed(func() {
			for _, rows := range []any{users, access, memberships, roles, directories} {
				if err := db.Clauses(clause.OnConflict{DoNothing: true}).CreateInBatches(rows, 100).Error; err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	pool, err := db.DB()
	if err == nil {
		err = pool.Close()
	}
	if err != nil {
		b.Fatal(err)
	}
	return seconds, fileSize(b, path)
}

// fileSize is the size of a database that is closed.
func fileSize(b *testing.B, path string) int64 {
	b.Helper()
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	return info.Size()
}

// BenchmarkLoadAgainstPlainSchema is a first sync against what one writes first: processor time, and size of the file.
func BenchmarkLoadAgainstPlainSchema(b *testing.B) {
	const people = 20_000
	var loads, files []float64
	for b.Loop() {
		s := openTest(b, b.TempDir())
		load, _ := firstSync(b, s, people)
		path := s.db.Path
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
		plain, size := loadPlainly(b, people)
		loads, files = append(loads, load/plain), append(files, float64(fileSize(b, path))/float64(size))
	}
	b.ReportMetric(median(loads), "load-ratio")
	b.ReportMetric(median(files), "file-ratio")
}
