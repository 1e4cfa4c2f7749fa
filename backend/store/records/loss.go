package records

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"seatkeeper/backend/domain"
)

// lossSetting holds what a damaged local copy has cost. It stands here, in the file that is never rebuilt.
const lossSetting = "copy_loss"

// NoteCopyLoss notes that the local copy is lost: every source has to be read again, and files that were imported into
// it are to be imported again. What was lost at an earlier time stays noted.
func (s *Store) NoteCopyLoss(ctx context.Context, imports []domain.LostImport) error {
	loss, err := s.CopyLoss(ctx)
	if err != nil {
		return err
	}
	sources, err := s.Sources(ctx)
	if err != nil {
		return err
	}
	loss.At, loss.Sources = time.Now(), nil
	for _, src := range sources {
		loss.Sources = append(loss.Sources, src.ID)
	}
	for _, i := range imports { // from a damaged file: believed only as far as it makes sense
		if slices.Contains(loss.Sources, i.SourceID) && i.Kind.Title() != "" && !slices.Contains(loss.Imports, i) {
			loss.Imports = append(loss.Imports, i)
		}
	}
	text, err := json.Marshal(loss)
	if err != nil {
		return fmt.Errorf("note what is lost: %w", err)
	}
	return s.SetSetting(ctx, lossSetting, string(text))
}

// CopyLoss tells what was noted last, whether it was made good since or not.
func (s *Store) CopyLoss(ctx context.Context) (domain.CopyLoss, error) {
	var loss domain.CopyLoss
	text, err := s.Setting(ctx, lossSetting)
	if domain.CodeOf(err) == domain.NotFound {
		return loss, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(text), &loss)
	}
	return loss, s.db.Fault("read what is lost", err)
}
