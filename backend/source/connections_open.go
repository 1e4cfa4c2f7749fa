package source

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"seatkeeper/backend/domain"
)

// connection is one source's client. Its turn keeps two callers from opening two clients with two rate gates.
type connection struct {
	turn   chan struct{}
	source Source
}

// Open returns the source's one connection, shared by everything that reads or changes it, and makes it at the first
// call. It fails with Unsupported for a paused source, with AuthFailed where the stored secret is missing or was stored
// for another destination, and with the secret store's error where that does not work.
func (b *Connections) Open(ctx context.Context, id string) (Source, error) {
	c, err := b.connection(id)
	if err != nil {
		return nil, err
	}
	select {
	case c.turn <- struct{}{}:
		defer func() { <-c.turn }()
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for the connection: %w", ctx.Err())
	}
	s, err := b.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	if s.Paused {
		e := domain.Errorf(domain.Unsupported, "This source is paused.")
		e.Reason = "paused"
		return nil, e.WithHint("Resume it under Sources.")
	}
	opened := c.source
	if opened == nil {
		if opened, err = b.connect(ctx, s); err != nil {
			return nil, err
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed || b.open[id] != c { // changed or removed meanwhile: this client may hold the old credential
		opened.Close()
		return nil, domain.Errorf(domain.Conflict, "The source was changed at this moment.").WithHint("Try again.")
	}
	c.source = opened
	return opened, nil
}

// Knock says that the operator asks for something of the source now: where its server has asked to wait, the next
// request tries whether that still holds. Without an open connection there is nothing to wait for.
func (b *Connections) Knock(id string) {
	b.mu.Lock()
	c := b.open[id]
	var at Source
	if c != nil {
		at = c.source
	}
	b.mu.Unlock()
	if k, ok := at.(Knocker); ok {
		k.Knock()
	}
}

func (b *Connections) connection(id string) (*connection, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return nil, domain.Errorf(domain.Cancelled, "Seatkeeper is closing.")
	}
	c, ok := b.open[id]
	if !ok {
		c = &connection{turn: make(chan struct{}, 1)}
		b.open[id] = c
	}
	return c, nil
}

// forget closes a source's connection; the next Open makes a new one.
func (b *Connections) forget(id string) {
	b.mu.Lock()
	c := b.open[id]
	delete(b.open, id)
	b.mu.Unlock()
	if c != nil && c.source != nil {
		c.source.Close()
	}
	b.lock(id)
}

// Close closes every connection. Later calls of Open fail with Cancelled.
func (b *Connections) Close() {
	b.mu.Lock()
	b.closed = true
	ids := slices.Collect(maps.Keys(b.open))
	for _, id := range b.unlocked {
		ids = append(ids, id)
	}
	b.mu.Unlock()
	for _, id := range ids {
		b.forget(id)
	}
}

// connect opens a saved source with its stored secrets.
func (b *Connections) connect(ctx context.Context, s domain.Source) (Source, error) {
	kind, ok := Kinds.Get(string(s.Kind))
	if !ok {
		return nil, domain.Errorf(domain.Unsupported, "This version of Seatkeeper does not know the kind of source %s.", domain.Quote(string(s.Kind)))
	}
	destination, err := kind.Destination(s.Settings, b.o.Network)
	if err != nil {
		return nil, fmt.Errorf("read the address: %w", err)
	}
	values, err := b.load(ctx, s, destination, domain.KeyForReading)
	if err != nil {
		return nil, err
	}
	cfg := Config{Source: s, Secrets: secrets(values), Network: b.o.Network}
	if err := kind.Check(cfg); err != nil {
		return nil, fmt.Errorf("check the settings: %w", err)
	}
	opened, err := kind.Open(cfg)
	if err != nil {
		return nil, fmt.Errorf("open the connection: %w", err)
	}
	return opened, nil
}
