package bulk

import (
	"context"
	"fmt"
	"sync/atomic"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/source"
)

// unlock opens the connection with the source's key for changes, for one run; nil where the action goes with the key
// for reading. typed is the key where the operator chose to be asked.
func (e *Engine) unlock(ctx context.Context, src domain.Source, action Action, typed domain.Secret) (*source.Unlocked, error) {
	use, reason := source.KeyForAll(src, action.Needs)
	switch {
	case use == "":
		return nil, &domain.Error{Code: domain.Unsupported, Message: action.Title + " is not possible here. " + reason}
	case use == domain.KeyForReading:
		return nil, nil //nolint:nilnil // nothing is to be unlocked
	case e.o.Unlock == nil:
		return nil, domain.Errorf(domain.Unsupported, "There is no way to the key for changes.")
	}
	u, err := e.o.Unlock(ctx, src.ID, typed)
	if err != nil {
		return nil, fmt.Errorf("unlock the key for changes: %w", err)
	}
	return u, nil
}

// held is the key for changes in the hands of one run, or nothing. Calls under way may still look while the loop lets
// go of it.
type held struct {
	u atomic.Pointer[source.Unlocked]
}

func (h *held) take(u *source.Unlocked) {
	if u != nil {
		h.u.Store(u)
	}
}

// lock forgets the key.
func (h *held) lock() {
	if u := h.u.Swap(nil); u != nil {
		u.Close()
	}
}

// owners are the accounts that own, or may own, the key that is held.
func (h *held) owners() []string {
	if u := h.u.Load(); u != nil {
		return u.Owners
	}
	return nil
}

// source is the connection with the key for changes, nil while nothing is held.
func (h *held) source() source.Source {
	if u := h.u.Load(); u != nil {
		return u.Source
	}
	return nil
}

// hand is the connection that changes are made with. A run that needs the key for changes never falls back on the other
// one.
func (r *runner) hand() (source.Source, error) {
	if !r.locked {
		return r.src, nil
	}
	if src := r.held.source(); src != nil {
		return src, nil
	}
	return nil, &domain.Error{Code: domain.AuthFailed, Effect: domain.NotApplied, Message: "The key for changes is not unlocked.", Hint: "Resume the run."}
}

// open unlocks the key for changes of a run that goes on by itself after the program was ended.
func (r *runner) open(src domain.Source) error {
	use, _ := source.KeyForAll(src, r.action.Needs)
	r.locked = use == domain.KeyForChanges
	if r.halted || r.held.source() != nil {
		return nil
	}
	u, err := r.e.unlock(r.ctx, src, r.action, domain.Secret{})
	r.held.take(u)
	return err
}

// eitherReader reads people and groups with the key for reading and, where that is refused, with the key for changes
// while the run holds it: what became of a call must not stay open because the other key ended meanwhile.
type eitherReader struct {
	usual source.UserReader
	held  *held
}

// ReadGroup reads with either key, as ReadUsers does.
func (r eitherReader) ReadGroup(ctx context.Context, directoryID, groupID, name string) (domain.GroupNow, error) {
	usual, ok := r.usual.(source.GroupReader)
	if !ok {
		return domain.GroupNow{}, domain.Errorf(domain.Unsupported, "This source cannot read single groups.")
	}
	now, err := usual.ReadGroup(ctx, directoryID, groupID, name)
	if code := domain.CodeOf(err); code != domain.AuthFailed && code != domain.Forbidden {
		return now, err
	}
	if other, ok := r.held.source().(source.GroupReader); ok {
		if now, otherErr := other.ReadGroup(ctx, directoryID, groupID, name); otherErr == nil {
			return now, nil
		}
	}
	return now, err
}

func (r eitherReader) ReadUsers(ctx context.Context, accountIDs []string) ([]domain.User, error) {
	users, err := r.usual.ReadUsers(ctx, accountIDs)
	if code := domain.CodeOf(err); code != domain.AuthFailed && code != domain.Forbidden {
		return users, err
	}
	other, ok := r.held.source().(source.UserReader)
	if !ok {
		return users, err
	}
	if users, otherErr := other.ReadUsers(ctx, accountIDs); otherErr == nil {
		return users, nil
	}
	return nil, err
}
