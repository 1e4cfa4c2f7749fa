package atlassianorg

import (
	"context"
	"fmt"
	"strings"

	"seatkeeper/backend/atlassian"
	"seatkeeper/backend/atlassian/admin"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/source"
)

// anyOrganization stands where a client needs an id that the call does not use.
const anyOrganization = "-"

// lookUp finds the organization's id: in the address that was pasted, or by asking with the key. It never guesses:
// without a certain answer it is NotFound, with a sentence that says what to do.
func lookUp(ctx context.Context, cfg source.Config) (domain.Organization, error) {
	typed := strings.TrimSpace(cfg.Source.Settings[fieldOrgID])
	if m := orgLinkPattern.FindStringSubmatch(typed); m != nil {
		return domain.Organization{ID: m[1], From: "the address that you pasted"}, nil
	}
	key := strings.TrimSpace(cfg.Secrets[fieldKey].Reveal())
	if key == "" {
		return domain.Organization{}, notFoundBecause("There is no API key to ask with.")
	}
	if err := checkKey(key); err != nil {
		return domain.Organization{}, err
	}
	base, err := atlassian.APIBase(cfg.Network.APIBase, source.APIBase)
	if err != nil {
		return domain.Organization{}, err
	}
	rest := atlassian.New(atlassian.Options{
		Base: base, Credential: atlassian.Bearer(domain.NewSecret(key)), Transport: cfg.Network.Transport, Log: cfg.Network.Log,
	})
	defer rest.Close()
	list, err := admin.New(rest, anyOrganization).Hurried().Organizations(ctx)
	switch e := domain.AsError(err); {
	case err != nil && e.Reason == "scope":
		return domain.Organization{}, notFoundBecause("The API key has scopes that do not allow listing organizations.")
	case err != nil && e.Code == domain.AuthFailed:
		return domain.Organization{}, authError(e)
	case err != nil:
		return domain.Organization{}, err
	case len(list) == 0:
		return domain.Organization{}, notFoundBecause("The API key is accepted, but it shows no organization: keys with scopes never do.")
	case len(list) > 1:
		return domain.Organization{}, notFoundBecause(fmt.Sprintf("The API key shows %d organizations, and only you know which one is meant.", len(list)))
	}
	return domain.Organization{ID: list[0].ID, Name: domain.Visible(list[0].Attributes.Name), From: "the API key"}, nil
}

func notFoundBecause(why string) error {
	return &domain.Error{
		Code: domain.NotFound, Reason: "organization", Field: fieldOrgID, Message: why,
		Hint: "Open admin.atlassian.com and paste its address here; the ID is the part after /o/.",
	}
}
