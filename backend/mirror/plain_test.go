package mirror_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"github.com/glebarez/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/logger"
)

// plainLoop reads what a sync reads in the way that one writes down first, to compare with: one request after the
// other, encoding/json, GORM's upserts with its default transactions.
type plainLoop struct {
	API          string `json:"api"` // with a slash at its end
	Organization string `json:"organization"`
	Site         string `json:"site"` // "" for an organization
	Header       string `json:"header"`

	db       *gorm.DB
	requests int
}

type (
	plainUser struct {
		AccountID, Status, Name, Nickname, Email string
		JobTitle, Department, Location, TimeZone string
		Managed, Billable                        bool
		EmailVerified, MFAEnabled                *bool
		AddedToOrg                               *string
		ProductAccess                            []plainAccess         `gorm:"-"`
		Groups                                   []struct{ ID string } `gorm:"-"`
	}
	plainAccess struct {
		AccountID           string `gorm:"primaryKey"`
		ID                  string `gorm:"primaryKey"`
		LastActiveTimestamp *time.Time
	}
	plainMembership struct {
		AccountID string `gorm:"primaryKey"`
		GroupID   string `gorm:"primaryKey"`
	}
	plainGroup struct {
		ID                string `gorm:"primaryKey"`
		GroupID           string `gorm:"-"`
		Name, Description string
		ExternalSynced    *bool
		Counts            struct{ Users, Resources int } `gorm:"embedded"`
	}
	plainGrant struct {
		GroupID    string `gorm:"primaryKey"`
		ResourceID string `gorm:"primaryKey"`
	}
	plainManaged struct {
		AccountID string `json:"account_id" gorm:"primaryKey"`
		Billable  bool   `json:"access_billable"`
	}
	plainWorkspace struct {
		ID         string                                  `gorm:"primaryKey"`
		Attributes struct{ Name, TypeKey, HostURL string } `gorm:"embedded"`
	}
)

// run reads everything into a database in a folder, and gives the number of requests.
func (p *plainLoop) run(dir string) (requests int, err error) {
	p.db, err = gorm.Open(sqlite.Open(filepath.Join(dir,
		"plain.db")+"?_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)"), &gorm.Config{Logger: logger.Discard})
	if err != nil {
		return 0, err
	}
	err = p.db.AutoMigrate(&plainUser{}, &plainAccess{}, &plainMembership{}, &plainGroup{}, &plainGrant{},
		&plainManaged{}, &plainWorkspace{})
	if err == nil && p.Site == "" {
		err = p.organization()
	} else if err == nil {
		err = p.site()
	}
	if db, errDB := p.db.DB(); errDB == nil {
		err = errors.Join(err, db.Close())
	}
	return p.requests, err
}

// ask makes a request and decodes the answer.
func (p *plainLoop) ask(method, address string, body, into any) error {
	p.requests++
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	r, err := http.NewRequest(method, address, bytes.NewReader(text))
	if err != nil {
		return err
	}
	if r.URL.Hostname() != "127.0.0.1" {
		return fmt.Errorf("%s is not the simulator", address)
	}
	r.Header.Set("Authorization", p.Header)
	r.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(r) //nolint:forbidigo // not the client, but what it is compared with; to the simulator only
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %d %s %w", address, res.StatusCode, answer, err)
	}
	return json.Unmarshal(answer, into)
}

// upsert writes the rows of a page, a hundred in a statement.
func upsert[T any](p *plainLoop, rows []T) error {
	if len(rows) == 0 {
		return nil
	}
	return p.db.Clauses(clause.OnConflict{UpdateAll: true}).CreateInBatches(&rows, 100).Error
}

// walk reads a listing of the organization.
func walk[T any](p *plainLoop, method, path string, body map[string]any, visit func([]T) error) error {
	for cursor := ""; ; {
		var page struct {
			Data  []T
			Links struct{ Next *string }
		}
		address := p.API + path
		if cursor != "" && method == http.MethodPost {
			body["cursor"] = cursor
		} else if cursor != "" {
			_, rest, _ := strings.Cut(cursor, "https://api.atlassian.com/") // a link
			address = p.API + rest
		}
		if err := p.ask(method, address, body, &page); err != nil {
			return err
		}
		if err := visit(page.Data); err != nil {
			return err
		}
		if page.Links.Next == nil || *page.Links.Next == "" {
			return nil
		}
		cursor = *page.Links.Next
	}
}

// organization makes the calls that a sync of an organization makes.
func (p *plainLoop) organization() error {
	base := "admin/v2/orgs/" + p.Organization + "/"
	if err := walk(p, http.MethodPost, base+"workspaces", map[string]any{"limit": 1000},
		func(rows []plainWorkspace) error { return upsert(p, rows) }); err != nil {
		return err
	}
	var dirs []struct{ DirectoryID string }
	if err := walk(p, http.MethodGet, base+"directories", nil, func(rows []struct{ DirectoryID string }) error {
		dirs = append(dirs, rows...)
		return nil
	}); err != nil {
		return err
	}
	expand := []string{"platformRoles", "counts.resources", "productAccess", "groups"}
	for _, d := range dirs {
		at := base + "directories/" + d.DirectoryID
		one := []string{d.DirectoryID}
		if err := walk(p, http.MethodPost, at+"/users/search",
			map[string]any{"limit": 100, "expand": expand, "directoryIds": one}, p.people); err != nil {
			return err
		}
		var granting []plainGroup
		counts := []string{"counts.users", "counts.resources"}
		if err := walk(p, http.MethodPost, at+"/groups/search",
			map[string]any{"limit": 100, "expand": counts, "directoryIds": one}, func(rows []plainGroup) error {
				for _, g := range rows {
					if g.Counts.Resources > 0 {
						granting = append(granting, g)
					}
				}
				return upsert(p, rows)
			}); err != nil {
			return err
		}
		for _, g := range granting {
			if err := walk(p, http.MethodGet, at+"/groups/"+g.ID+"/role-assignments?limit=100", nil,
				func(rows []plainGrant) error {
					for i := range rows {
						rows[i].GroupID = g.ID
					}
					return upsert(p, rows)
				}); err != nil {
				return err
			}
		}
	}
	outside := map[string]any{"limit": 100, "expand": expand, "membershipStatus": []string{"no_membership"}}
	if err := walk(p, http.MethodPost, base+"directories/-/users/search", outside, p.people); err != nil {
		return err
	}
	return walk(p, http.MethodGet, "admin/v1/orgs/"+p.Organization+"/users", nil,
		func(rows []plainManaged) error { return upsert(p, rows) })
}

// people writes a page of people.
func (p *plainLoop) people(users []plainUser) error {
	var access []plainAccess
	var memberships []plainMembership
	for _, u := range users {
		for _, a := range u.ProductAccess {
			a.AccountID = u.AccountID
			access = append(access, a)
		}
		for _, g := range u.Groups {
			memberships = append(memberships, plainMembership{u.AccountID, g.ID})
		}
	}
	return errors.Join(upsert(p, users), upsert(p, access), upsert(p, memberships))
}

// site makes the calls that a sync of a Jira Cloud site makes.
func (p *plainLoop) site() error {
	for start := 0; ; {
		var users []plainUser
		if err := p.ask(http.MethodGet, fmt.Sprintf("%s/rest/api/3/users/search?startAt=%d&maxResults=1000", p.Site,
			start), nil, &users); err != nil {
			return err
		}
		if len(users) == 0 {
			break
		}
		start += len(users)
		if err := p.people(users); err != nil {
			return err
		}
	}
	var groups []plainGroup
	if err := places(p, "/rest/api/3/group/bulk?", func(rows []plainGroup) error {
		for i := range rows {
			rows[i].ID = rows[i].GroupID
		}
		groups = append(groups, rows...)
		return upsert(p, rows)
	}); err != nil {
		return err
	}
	for _, g := range groups {
		if err := places(p, "/rest/api/3/group/member?includeInactiveUsers=true&groupId="+g.ID+"&",
			func(users []plainUser) error {
				for i := range users {
					users[i].Groups = []struct{ ID string }{{g.ID}}
				}
				return p.people(users)
			}); err != nil {
			return err
		}
	}
	return nil
}

// places reads a list of a site whose pages are asked for by place.
func places[T any](p *plainLoop, path string, visit func([]T) error) error {
	for start := 0; ; {
		var page struct {
			Values []T
			IsLast bool
		}
		if err := p.ask(http.MethodGet, fmt.Sprintf("%s%sstartAt=%d&maxResults=50", p.Site, path, start), nil,
			&page); err != nil {
			return err
		}
		if err := visit(page.Values); err != nil || page.IsLast {
			return err
		}
		start += len(page.Values)
	}
}
