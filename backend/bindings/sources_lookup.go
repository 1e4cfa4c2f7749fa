package bindings

import (
	"context"
)

// FoundOrganizationView is an organization that was looked up.
type FoundOrganizationView struct {
	ID      string `json:"id"`
	Name    string `json:"name"`    // "" unknown
	Message string `json:"message"` // where the id was found, in one sentence
}

// FindOrganization looks up the organization's id for what was typed so far: by the key, by a connected site, or in a
// pasted address. It never guesses; when nothing tells, the error says what to do.
func (x *Sources) FindOrganization(draft SourceDraft) (FoundOrganizationView, error) {
	return call(x.given(draft), "Sources.FindOrganization", func(ctx context.Context, s *Services) (FoundOrganizationView, error) {
		d, err := draftOf(draft)
		if err != nil {
			return FoundOrganizationView{}, err
		}
		org, err := s.Connections.FindOrganization(ctx, d)
		if err != nil {
			return FoundOrganizationView{}, err
		}
		message := "Found by " + org.From + "."
		if org.Name != "" {
			message = "Found by " + org.From + ": " + org.Name + "."
		}
		return FoundOrganizationView{ID: org.ID, Name: org.Name, Message: message}, nil
	})
}
