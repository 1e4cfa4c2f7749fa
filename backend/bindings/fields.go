package bindings

import (
	"context"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/form"
	"seatkeeper/backend/people/directory"
)

// FieldView is one input of a form that the page draws.
type FieldView struct {
	Name        string    `json:"name"`
	Label       string    `json:"label"`
	Help        string    `json:"help"`
	Placeholder string    `json:"placeholder"`
	Type        string    `json:"type"` // "text", "lines", "url", "email", "password", "date", "number", "choice", "groups", "apps", "roles", "file"
	Required    bool      `json:"required"`
	Choices     []NamedID `json:"choices"` // for "choice"
	Min         int       `json:"min"`     // for "number"
	Max         int       `json:"max"`     // for "number"
	Most        int       `json:"most"`    // how many values "groups", "apps" and "roles" take, 1 for a choice of one; 0 for the others
	Longest     int       `json:"longest"` // how many characters the value has at most
	Of          string    `json:"of"`      // for "roles": the field "apps" whose roles are offered
	DocsURL     string    `json:"docsUrl"`
	DocsLabel   string    `json:"docsLabel"`
}

// fieldViews are the fields of a form as a kind of source has them. Where its groups may belong to several directories,
// one has to be chosen; else there is nothing to ask.
func fieldViews(kind domain.SourceKind, fields []form.Field, directories []domain.Directory) []FieldView {
	views := make([]FieldView, 0, len(fields))
	for _, f := range fields {
		if !f.Has(kind) || f.Type == form.Directory && len(directories) < 2 {
			continue
		}
		v := FieldView{
			Name: f.Name, Label: f.Label, Help: f.Help, Placeholder: f.Placeholder, Type: string(f.Type), Required: f.Required,
			Choices: list(f.Choices, func(o form.Option) NamedID { return NamedID{ID: o.Value, Name: o.Label} }),
			Min:     f.Min, Max: f.Max, Most: f.MostOf(), Longest: f.Limit(), Of: f.Of, DocsURL: f.DocsURL, DocsLabel: f.DocsLabel,
		}
		if f.Type == form.Directory {
			v.Type, v.Required, v.Choices = string(form.Choice), true, list(directories, directoryName)
		}
		views = append(views, v)
	}
	return views
}

// drawer makes views of fields as a source has them.
func drawer(ctx context.Context, s *Services, sourceID string) (func([]form.Field) []FieldView, error) {
	src, err := s.Connections.Get(ctx, sourceID)
	if err != nil {
		return nil, err
	}
	directories, err := s.Directory.Directories(ctx, sourceID)
	if err != nil {
		return nil, err
	}
	return func(fields []form.Field) []FieldView { return fieldViews(src.Kind, fields, directories) }, nil
}

func directoryName(d domain.Directory) NamedID {
	return NamedID{ID: d.DirectoryID, Name: domain.Visible(d.Name)}
}

// AppChoice is an app at one site, for a form.
type AppChoice struct {
	AppID string    `json:"appId"`
	Key   string    `json:"key"` // machine name: "jira-software"
	Name  string    `json:"name"`
	Site  string    `json:"site"`
	Roles []NamedID `json:"roles"` // those that groups of the source give on it
}

// Apps lists the apps of a source, each at one site, by site and name.
func (x *People) Apps(sourceID string) ([]AppChoice, error) {
	return call(x.given(sourceID), "People.Apps", func(ctx context.Context, s *Services) ([]AppChoice, error) {
		apps, err := s.Directory.Apps(ctx, sourceID)
		return list(apps, func(a directory.AppRoles) AppChoice {
			return AppChoice{
				AppID: a.AppID, Key: a.Key, Name: a.Name, Site: a.SiteName,
				Roles: list(a.Roles, func(r string) NamedID { return NamedID{ID: r, Name: domain.RoleTitle(r)} }),
			}
		}), err
	})
}

// ByID gives those of the groups, by id, that are in the local copy: a form that is filled in already shows their
// names.
func (x *Groups) ByID(sourceID string, ids []string) ([]GroupView, error) {
	return call(x.given(sourceID, ids), "Groups.ByID", func(ctx context.Context, s *Services) ([]GroupView, error) {
		groups, err := s.Directory.GroupsByID(ctx, sourceID, ids)
		return list(groups, groupView), err
	})
}
