// Package registry keeps named things that packages add once at start: kinds of source, actions, fields, formats.
//
// It is the only package-level mutable state that the house allows, and Seal ends the mutability.
package registry

import (
	"fmt"
	"slices"
	"sync"
)

// Of is a registry of values of type T by name.
type Of[T any] struct {
	what   string // for the panic's text
	mu     sync.RWMutex
	byName map[string]T
	sealed bool
}

// New makes an empty registry; what names its contents in messages ("bulk action").
func New[T any](what string) *Of[T] { return &Of[T]{what: what, byName: map[string]T{}} }

// Add registers v under name and returns it, so that a package can write `var _ = registry.Add(...)`.
// It panics on an empty or doubled name and after Seal: all three are mistakes in the program.
func (r *Of[T]) Add(name string, v T) T {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch _, double := r.byName[name]; {
	case name == "":
		panic(fmt.Sprintf("registry: a %s without a name", r.what))
	case double:
		panic(fmt.Sprintf("registry: %s %q added twice", r.what, name))
	case r.sealed:
		panic(fmt.Sprintf("registry: %s %q added after start", r.what, name))
	}
	r.byName[name] = v
	return v
}

// Get returns the value of that name.
func (r *Of[T]) Get(name string) (T, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	v, ok := r.byName[name]
	return v, ok
}

// Names returns all names, sorted.
func (r *Of[T]) Names() []string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	names := make([]string, 0, len(r.byName))
	for n := range r.byName {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

// All returns all values in the order of their names.
func (r *Of[T]) All() []T {
	names := r.Names()
	all := make([]T, 0, len(names))
	for _, n := range names {
		v, _ := r.Get(n)
		all = append(all, v)
	}
	return all
}

// Seal forbids any further Add.
func (r *Of[T]) Seal() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sealed = true
}
