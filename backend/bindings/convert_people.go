package bindings

import (
	"encoding/json"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/people/directory"
	"seatkeeper/backend/people/filter"
)

func tri(t domain.Tri) string {
	switch t {
	case domain.Yes:
		return "yes"
	case domain.No:
		return "no"
	default:
		return "unknown"
	}
}

func same(s string) string { return s }

func personRow(r directory.Row) PersonRow {
	return PersonRow{
		ID: r.ID, AccountID: r.AccountID, Name: r.Name, Email: r.Email, Status: string(r.Status), Managed: tri(r.Managed), Origin: r.Origin,
		Apps: list(r.Apps, same), LastActive: date(r.LastActive), Activity: string(r.Activity), Groups: r.Groups, Roles: list(r.Roles, same),
		Department: r.Department, JobTitle: r.JobTitle, Location: r.Location, AddedAt: date(r.Added), MFA: tri(r.MFA), Type: r.AccountType,
		Billable: tri(r.Billable), UserName: r.UserName, Policy: r.Policy, ReadAt: stamp(r.ReadAt), Selected: r.Selected,
	}
}

func personView(p directory.Person) PersonView {
	view := PersonView{
		Row: personRow(p.Row), Nickname: p.User.Nickname, EmailVerified: tri(p.User.EmailVerified), Organization: p.User.Organization,
		TimeZone: p.User.TimeZone, DeactivatedAt: stamp(p.User.DeactivatedAt),
		Directories: list(p.Directories, func(d directory.PersonDirectory) DirectoryState {
			return DirectoryState{Name: d.Directory.Name, Status: string(d.Status)}
		}),
		Access: list(p.Apps, func(a directory.PersonApp) AccessView {
			return AccessView{
				App: a.App.Name, Site: a.App.SiteName, SiteURL: a.App.SiteURL, LastActive: date(a.LastActive), Activity: string(a.Activity),
				Via: list(a.Via, groupName), Paths: list(a.Paths, pathView), Known: a.PathsKnown, Direct: tri(a.Direct), Inferred: a.Inferred,
				Seat: tri(a.Seat), Idle: string(a.Idle),
			}
		}),
		GroupList: list(p.Groups, groupView),
		History: list(p.History, func(e domain.PersonEvent) PersonEvent {
			return PersonEvent{At: stamp(e.At), Kind: string(e.Kind), Group: e.Group, Status: string(e.Status)}
		}),
	}
	for i, members := range p.Members {
		view.GroupList[i].Filter = members
	}
	return view
}

func personRunView(d domain.Deed) PersonRunView {
	return PersonRunView{
		RunID: d.Item.RunID, Seq: d.Item.Change.Seq, Action: d.ActionTitle, State: string(d.Item.State), Reason: domain.Visible(d.Item.Reason),
		At: stamp(d.Item.FinishedAt), Note: d.Note, By: d.Operator, Undo: d.Undo, Group: d.Item.Change.Target.GroupName,
	}
}

func groupName(g domain.Group) string { return g.Name }

func pathView(p directory.Path) PathView {
	return PathView{
		GroupID: p.Group.GroupID, Group: p.Group.Name, Roles: list(p.Roles, domain.RoleTitle), Default: p.Default, Synced: tri(p.Group.Synced),
		Seat: p.Seat, Effect: string(p.Effect), Others: list(p.Others, groupName), Also: list(p.Also, same),
	}
}

func groupView(g domain.Group) GroupView {
	return GroupView{
		GroupID: g.GroupID, Name: g.Name, Description: g.Description, Synced: tri(g.Synced), Locked: g.Locked(), Members: g.MemberCount,
	}
}

func appTile(t directory.AppTile) AppTile {
	number := func(name string, n directory.Number) TileNumber {
		return TileNumber{Name: name, Count: n.Count, Filter: n.Filter}
	}
	return AppTile{
		AppID: t.App.AppID, App: t.App.Name, Site: t.App.SiteName, SiteURL: t.App.SiteURL, Plan: t.App.Plan, Usage: t.App.Usage,
		Partial: t.Partial,
		Numbers: []TileNumber{
			number("seats", t.People), number("active", t.Active), number("inactive", t.Inactive), number("never", t.Never),
			number("unknown", t.Unknown), number("invited", t.Invited), number("suspended", t.Suspended), number("deactivated", t.Deactivated),
		},
	}
}

func filterField(f directory.FieldInfo) FilterField {
	return FilterField{
		Name: f.Name, Label: f.Label, Docs: f.Docs, Type: string(f.Type), Example: f.Example, Dynamic: f.Dynamic, Argument: f.Argument,
		Operators: list(f.Operators, func(op filter.Op) string { return string(op) }),
		Values:    list(f.Options, func(o filter.Option) string { return o.Value }),
	}
}

func parsedFilter(text string, p directory.Parsed) (ParsedFilter, error) {
	out := ParsedFilter{
		Canonical: p.Canonical, Explain: domain.Visible(p.Explain), Count: p.Count, Error: filterError(text, p.Error),
		Warnings: list(p.Warnings, func(e *filter.Error) FilterError { return *filterError(text, e) }),
	}
	if p.Tree == nil {
		return out, nil
	}
	tree, err := json.Marshal(p.Tree)
	if err != nil {
		return ParsedFilter{}, domain.Errorf(domain.Internal, "The filter cannot be given to the page: %w", err)
	}
	out.Tree = string(tree)
	return out, nil
}

func filterError(text string, e *filter.Error) *FilterError {
	if e == nil {
		return nil
	}
	return &FilterError{
		Start: e.From, End: e.To, Message: domain.Visible(e.Message), Expected: list(e.Expected, same), Suggestion: e.Corrected(text),
	}
}
