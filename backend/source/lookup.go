package source

import (
	"context"

	"seatkeeper/backend/domain"
)

// OrganizationFinder is a source that knows which organization it belongs to.
type OrganizationFinder interface {
	FindOrganization(ctx context.Context) (domain.Organization, error)
}

// FindOrganization looks up the organization's id for a draft: in what was typed, by the draft's own key, else by the
// sites that are connected already. It never guesses: when the sites belong to several organizations, or nothing tells,
// it is NotFound with a sentence that says what to do.
func (b *Connections) FindOrganization(ctx context.Context, d Draft) (domain.Organization, error) {
	kind, ok := Kinds.Get(string(d.Kind))
	if !ok || kind.FindOrganization == nil {
		return domain.Organization{}, domain.Errorf(domain.Unsupported, "This kind of source has no organization ID.")
	}
	settings, typed := split(kind.Fields, d.Values)
	cfg := Config{Source: domain.Source{Kind: d.Kind, Settings: settings}, Secrets: secrets(typed), Network: b.o.Network}
	found, err := kind.FindOrganization(ctx, cfg)
	if domain.CodeOf(err) != domain.NotFound {
		return found, err
	}
	bySite, ok := b.organizationOfSites(ctx)
	if !ok {
		return domain.Organization{}, err
	}
	return bySite, nil
}

// organizationOfSites asks every connected site; false when none answers, or they do not agree.
func (b *Connections) organizationOfSites(ctx context.Context) (domain.Organization, bool) {
	all, err := b.List(ctx)
	if err != nil {
		return domain.Organization{}, false
	}
	var found domain.Organization
	for _, s := range all {
		if s.Paused || s.Demo {
			continue
		}
		opened, err := b.Open(ctx, s.ID)
		if err != nil {
			continue
		}
		finder, ok := opened.(OrganizationFinder)
		if !ok {
			continue
		}
		org, err := finder.FindOrganization(ctx)
		switch {
		case err != nil:
			continue
		case found.ID != "" && found.ID != org.ID:
			return domain.Organization{}, false
		}
		found, found.From = org, "the connected site "+domain.Quote(s.Name)
	}
	return found, found.ID != ""
}
