package actions

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"seatkeeper/backend/bulk"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/form"
	"seatkeeper/backend/source"
)

// maxNames bounds the groups of one plan, maxGroupName the length of a name, in bytes.
const (
	maxNames       = 100
	maxGroupName   = 255
	maxDescription = 1000
)

var (
	namesField = form.Field{
		Name: "names", Label: "Names", Help: "One name on each line.", Type: form.Lines, Required: true, Validate: func(value string) error {
			_, err := groupNames(value)
			return err
		},
	}
	directoryField   = form.Field{Name: "directory", Label: "Directory", Type: form.Directory}
	descriptionField = form.Field{
		Name: "description", Label: "Description", Help: "The same for all of them.", Type: form.Text, Longest: maxDescription,
		Sources: []domain.SourceKind{domain.KindAtlassianOrg},
	}
)

// A group that is made grants nothing: what it opens is set in Atlassian afterwards.
var _ = bulk.Register(bulk.Action{
	Kind:       "group.create",
	Title:      "Create groups",
	Verb:       "Create",
	Params:     []form.Field{namesField, directoryField, descriptionField},
	Needs:      []domain.Capability{domain.CanCreateGroups},
	Risk:       bulk.RiskLow,
	Reversible: true,
	Gives:      true,
	UndoClass:  "Undo deletes the groups that are still empty and unchanged.",
	Effect:     "New groups without members, which give access to nothing. Their names cannot be changed later.",
	Docs:       docsGroups,
	Cap:        bulk.Cap{Percent: 100, Count: 20},
	Goal:       domain.StateThere,
	Visible:    groupCreateVisible,
	Inverse:    "group.delete",
	Sentence:   func(_ domain.Plan, groups string) string { return "Create " + groups },
	Subject: bulk.AboutGroups{
		Plan: planCreate,
		State: func(g domain.GroupNow, _ domain.Change) domain.State {
			if g.There {
				return domain.StateThere
			}
			return domain.StateAbsent
		},
	},
	Apply: func(ctx context.Context, src source.Source, c domain.Change) (domain.Receipt, error) {
		s, ok := src.(source.GroupCreator)
		if !ok {
			return domain.Receipt{}, cannot("create groups")
		}
		_, receipt, err := s.CreateGroup(ctx, c.Target.DirectoryID, c.Target.GroupName, c.Before.Description)
		return receipt, err
	},
})

// groupNames splits the field's value into names.
func groupNames(value string) ([]string, error) {
	var names []string
	seen := map[string]bool{}
	for line := range strings.Lines(value) {
		name := strings.TrimSpace(line)
		switch key := strings.ToLower(name); {
		case name == "":
			continue
		case len(name) > maxGroupName:
			return nil, domain.Errorf(domain.Invalid, "The name %s… is longer than %d characters.", domain.Visible(string([]rune(name)[:40])), maxGroupName)
		case domain.Visible(name) != name:
			return nil, domain.Errorf(domain.Invalid, "A name holds characters that cannot be seen: %s.", domain.Quote(name))
		case seen[key]:
			return nil, domain.Errorf(domain.Invalid, "The name %s stands there twice.", name)
		default:
			seen[key] = true
			names = append(names, name)
		}
	}
	if len(names) > maxNames {
		return nil, domain.Errorf(domain.Invalid, "These are %d names; one plan takes at most %d.", len(names), maxNames)
	}
	return names, nil
}

func planCreate(_ context.Context, in bulk.GroupInput) ([]domain.Change, error) {
	wanted := slices.Clone(in.Again)
	if in.Again == nil {
		var err error
		if wanted, err = typedGroups(in); err != nil {
			return nil, err
		}
	}
	changes := make([]domain.Change, 0, len(wanted))
	for _, old := range wanted {
		// One that ended had another id: it is looked for by its name, as just before the call.
		c := domain.Change{Target: domain.Target{Name: old.Target.GroupName, GroupName: old.Target.GroupName, DirectoryID: old.Target.DirectoryID}, Before: old.Before}
		if c.Before == nil {
			c.Before = &domain.GroupBefore{}
		}
		named, now := domain.Group{Name: c.Target.GroupName}, in.Find(c.Target)
		switch {
		case now.Unread:
			c.Verdict, c.Reason = domain.VerdictUnsupported, notReadYet
		case now.There:
			c.Verdict, c.Reason = domain.VerdictAlready, "A group of this name is there already."
		case named.AdminsOf() != "":
			c.Verdict, c.Reason = domain.VerdictUnsupported, "This is the name of a group of administrators, which only Atlassian makes."
		default:
			c.Verdict, c.Expect, c.Undo = domain.VerdictChange, domain.StateAbsent, domain.StateAbsent
			c.Diffs = createDiffs(in, c)
		}
		changes = append(changes, c)
	}
	return changes, nil
}

// typedGroups reads what was typed.
func typedGroups(in bulk.GroupInput) ([]domain.Change, error) {
	invalid := func(field, message string) error {
		return &domain.Error{Code: domain.Invalid, Field: field, Message: message}
	}
	names, err := groupNames(in.Params[namesField.Name])
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, invalid(namesField.Name, "The names are missing.")
	}
	directory, description := strings.TrimSpace(in.Params[directoryField.Name]), strings.TrimSpace(in.Params[descriptionField.Name])
	_, known := in.Directories[directory]
	switch {
	case known:
	case directory == "" && len(in.Directories) == 1:
		for id := range in.Directories {
			directory = id
		}
	case directory != "":
		return nil, invalid(directoryField.Name, "This directory is not in the local copy.")
	case len(in.Directories) > 1:
		return nil, invalid(directoryField.Name, "Choose the directory that the groups belong to.")
	}
	if in.Source.Kind == domain.KindJiraCloud || in.Source.Kind == domain.KindJiraDC {
		if description != "" {
			return nil, invalid(descriptionField.Name, "Groups of this source have no description.")
		}
	}
	changes := make([]domain.Change, len(names))
	for i, name := range names {
		changes[i] = domain.Change{
			Target: domain.Target{GroupName: name, DirectoryID: directory}, Before: &domain.GroupBefore{Description: description},
		}
	}
	return changes, nil
}

// createDiffs says what will be there, and of a group that is made again also what will not.
func createDiffs(in bulk.GroupInput, c domain.Change) []domain.Diff {
	diffs := []domain.Diff{{Field: "Group", Before: domain.StateAbsent.Words(), After: domain.StateThere.Words() + ", without members"}}
	if d := c.Before.Description; d != "" {
		diffs = append(diffs, domain.Diff{Field: "Description", Before: "", After: d})
	}
	if d, ok := in.Directories[c.Target.DirectoryID]; ok && len(in.Directories) > 1 {
		diffs = append(diffs, domain.Diff{Field: "Directory", Before: "", After: d.Name})
	}
	if !in.Undo {
		return diffs
	}
	diffs = append(diffs, domain.Diff{Field: "ID", Before: "the old one is gone", After: "a new one"})
	if n := len(c.Before.Members); n > 0 {
		diffs = append(diffs, domain.Diff{
			Field: "Members", Before: fmt.Sprint(n), After: "none yet: when the groups are there, undo the same run once more to put them back",
		})
	}
	for _, app := range c.Before.Opens {
		diffs = append(diffs, domain.Diff{Field: in.AppName(app), Before: "the group gave access", After: "not given back: set it in Atlassian"})
	}
	return diffs
}
