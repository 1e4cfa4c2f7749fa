package mirror

import (
	"context"
	"fmt"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/source"
)

// askAboutMissing asks the source about each of the few whom a full sync did not deliver although it delivered fewer
// people than the source counts: those whom it does not know any more are gone. Without it nobody would ever be gone at
// a source whose count is wrong for good. What cannot be asked stays as it was.
func (e *Engine) askAboutMissing(j *job) error {
	missing, err := e.options.Store.Unread(j.ctx, j.sourceID)
	if err != nil || len(missing) == 0 || len(missing) > fewPeople {
		return err
	}
	opened, err := e.options.Open(j.ctx, j.sourceID)
	if err != nil {
		return fmt.Errorf("open the source: %w", err)
	}
	reader, ok := opened.(source.UserReader)
	if !ok {
		return nil
	}
	j.update(func(s *domain.Sync) {
		s.Progress = domain.ReadProgress{Step: "Missing people", PeopleTotal: len(missing), GroupsTotal: -1}
	})
	return e.inTens(j.ctx, missing, func(ctx context.Context, chunk []string) error {
		return e.refresh(ctx, reader, j.sourceID, chunk)
	})
}
