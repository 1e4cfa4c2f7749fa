package secret

import (
	"context"
	"sync"

	"seatkeeper/backend/domain"
)

// memory keeps secrets as long as the process lives.
type memory struct {
	mu     sync.Mutex
	values map[string]domain.Secret
}

// NewMemory makes a Store that forgets everything when the program ends: for the demo, whose keys open nothing real.
func NewMemory() Store { return &memory{values: map[string]domain.Secret{}} }

func (m *memory) Get(ctx context.Context, key string) (domain.Secret, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	value, ok := m.values[key]
	if !ok {
		return domain.Secret{}, missing(ctx.Err())
	}
	return value, nil
}

func (m *memory) Set(_ context.Context, key string, value domain.Secret) error {
	if err := tooLarge(value); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.values[key] = value
	return nil
}

func (m *memory) Delete(_ context.Context, key string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.values, key)
	return nil
}

func (m *memory) State(context.Context) State { return State{Backend: BackendMemory, Ready: true} }
