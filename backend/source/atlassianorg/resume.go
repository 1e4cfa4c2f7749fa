package atlassianorg

import (
	"context"
	"encoding/json"

	"seatkeeper/backend/atlassian/admin"
)

// users walks the people of a directory, from where an earlier read of them ended. The kept pages are delivered only
// when Atlassian still takes the cursor behind them: a listing that begins anew must not be mixed with older pages.
func (r *reader) users(dir string, q admin.UserQuery) func(context.Context, func(json.RawMessage) error) error {
	return func(ctx context.Context, visit func(json.RawMessage) error) error {
		if r.cache == nil {
			return r.api.WalkUsers(ctx, dir, q, visit)
		}
		replay := func() error {
			return r.cache.Kept(dir, func(_ string, page []byte) error { return visit(page) })
		}
		from, kept := r.cache.Place(dir)
		if kept && from == "" {
			return replay()
		}
		return r.api.WalkUsersFrom(ctx, dir, q, from, func(at, next string, raw json.RawMessage) error {
			if kept && at == from {
				if err := replay(); err != nil {
					return err
				}
			}
			kept = false
			if err := visit(raw); err != nil {
				return err
			}
			r.cache.Keep(dir, at, next, raw)
			return nil
		})
	}
}
