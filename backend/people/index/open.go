package index

import (
	"context"
	"io"

	"seatkeeper/backend/domain"
)

// attempts is how often an index is begun again when a sync has swapped the local copy between two reads.
const attempts = 4

// Build makes the index of a source from the rows of its local copy. Every error names what was read.
func Build(ctx context.Context, store Store, sourceID string) (*Index, error) {
	return attempt(ctx, store, sourceID, (*builder).rows)
}

// Open makes the first index of a source: from the image and what was written since, else from the rows.
func Open(ctx context.Context, store Store, sourceID string) (*Index, error) {
	return attempt(ctx, store, sourceID, func(b *builder) error {
		if err := b.image(); err == nil || ctx.Err() != nil {
			return err
		}
		return b.rows()
	})
}

// Next makes the index that follows: from this one and what was written since, else from the rows.
func (ix *Index) Next(ctx context.Context, store Store, sourceID string) (*Index, error) {
	return attempt(ctx, store, sourceID, func(b *builder) error {
		if err := b.follow(ix); err == nil || ctx.Err() != nil {
			return err
		}
		return b.rows()
	})
}

func attempt(ctx context.Context, store Store, sourceID string, build func(*builder) error) (*Index, error) {
	for range attempts {
		b := &builder{ctx: ctx, store: store, sourceID: sourceID}
		if err := build(b); err != nil {
			return nil, err
		}
		after, err := store.Freshness(ctx, sourceID)
		if err != nil {
			return nil, reading("the age of the local copy", err)
		}
		if after.Revision == b.ix.Freshness.Revision {
			b.ix.finish()
			return b.ix, nil
		}
	}
	return nil, domain.Errorf(domain.Stale, "The local copy changed again and again while it was read.").WithHint("Try again in a moment.")
}

// image makes the columns from the image and what was written since.
func (b *builder) image() error {
	err := b.store.LoadImage(b.ctx, b.sourceID, imageVersion, func(generation int64, r io.Reader) error {
		if err := b.head(); err != nil {
			return err
		}
		b.ix.generation = generation
		return b.ix.readImage(r)
	})
	if err != nil {
		return reading("the image of the people list", err)
	}
	return b.follow(b.ix)
}

// follow makes the columns from those of another index of the source and what was written since.
func (b *builder) follow(old *Index) error {
	now, err := b.store.PeopleChanges(b.ctx, b.sourceID, old.generation)
	if err != nil {
		return reading("what has changed", err)
	}
	if now.Whole || len(now.IDs)*patchShare > old.n+minPatch*patchShare {
		return errImage
	}
	if len(now.IDs) == 0 && b.ix == old { // just read
		old.generation = now.Generation
		return nil
	}
	if err := b.head(); err != nil {
		return err
	}
	b.ix.generation = now.Generation
	b.ix.unsaved.Store(old.unsaved.Load() + int64(len(now.IDs)))
	return b.patch(old, now.IDs)
}
