package source

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/form"
	"seatkeeper/backend/workspace/secret"
)

// item is what stands in the secret store for one of a source's keys. ID, Kind, Destination and Use bind the values:
// they are compared before any use, so that neither a changed database nor a swapped item sends a credential to a host
// that it was not typed for, or lets what only reads hold the key for changes.
type item struct {
	Version     int               `json:"v"`
	ID          string            `json:"id"`
	Kind        domain.SourceKind `json:"kind"`
	Destination string            `json:"destination"`
	Use         domain.KeyUse     `json:"use,omitempty"` // "" for reading: the key that every source has
	Values      map[string]string `json:"values"`        // by the field's name
}

const itemVersion = 1

func secretKey(id string) string { return "source/" + id }

func changeSecretKey(id string) string { return secretKey(id) + "/changes" }

// use normalizes: an item of the time before there were two uses has none.
func (it item) use() domain.KeyUse {
	if it.Use == "" {
		return domain.KeyForReading
	}
	return it.Use
}

// key is where the item stands in the secret store.
func (it item) key() string {
	if it.use() == domain.KeyForChanges {
		return changeSecretKey(it.ID)
	}
	return secretKey(it.ID)
}

// prepared is a draft that is complete: checked, with the stored secrets filled in.
type prepared struct {
	kind        Kind
	source      domain.Source
	secrets     map[string]domain.Secret
	destination string
	old         bool // the source exists
	kept        bool // all secrets are the stored ones
	moved       bool // its destination is another than before
}

func (p prepared) config(n Network) Config {
	return Config{Source: p.source, Secrets: p.secrets, Network: n}
}

func (b *Connections) existing(ctx context.Context, id string) (*domain.Source, error) {
	if id == "" {
		return nil, nil //nolint:nilnil // a new source has no old state
	}
	s, err := b.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	return &s, nil
}

// prepare checks a draft and fills in stored secrets. It makes no request.
func (b *Connections) prepare(ctx context.Context, old *domain.Source, d Draft) (prepared, error) {
	p := prepared{old: old != nil}
	if old != nil {
		p.source = *old
		if d.Kind == "" {
			d.Kind = old.Kind
		}
		if d.Kind != old.Kind {
			return p, &domain.Error{Code: domain.Invalid, Field: "kind", Message: "The kind of a source cannot change.", Hint: "Add a new source."}
		}
	}
	kind, ok := Kinds.Get(string(d.Kind))
	if !ok {
		return p, &domain.Error{Code: domain.Invalid, Field: "kind", Message: "There is no kind of source " + domain.Quote(string(d.Kind)) + "."}
	}
	p.kind = kind
	all, err := b.List(ctx)
	if err != nil {
		return p, err
	}
	name, badName := checkName(d.Name, p.source.ID, all)
	settings, typed := split(kind.Fields, d.Values)
	p.source.Kind, p.source.Name, p.source.Color, p.source.Settings = d.Kind, name, d.Color, settings
	// What was typed comes first: the destination decides whether stored secrets may stand in for empty ones.
	entered := maps.Clone(settings)
	maps.Copy(entered, typed)
	if err := form.Join(form.Check(typedNow(kind.Fields, old != nil), entered), badName); err != nil {
		return p, err
	}
	if p.destination, err = kind.Destination(settings, b.o.Network); err != nil {
		return p, fmt.Errorf("read the address: %w", err)
	}
	values, stored, err := b.fill(ctx, p, typed)
	if err != nil {
		return p, err
	}
	p.kept = stored && len(typed) == 0
	complete := maps.Clone(settings)
	maps.Copy(complete, values)
	if err := form.Check(kind.Fields, complete); err != nil {
		return p, err
	}
	p.secrets = secrets(values)
	if err := b.fitsOther(ctx, &p, old, typed); err != nil {
		return p, err
	}
	if err := kind.Check(p.config(b.o.Network)); err != nil {
		return p, fmt.Errorf("check the settings: %w", err)
	}
	return p, nil
}

// fitsOther looks at a changed source's key for changes: it is bound to the old destination, and must not be typed as
// the first key.
func (b *Connections) fitsOther(ctx context.Context, p *prepared, old *domain.Source, typed map[string]string) error {
	if old == nil || !old.ChangeKey.Set() {
		return nil
	}
	before, err := p.kind.Destination(old.Settings, b.o.Network)
	p.moved = err != nil || before != p.destination
	key := typed[p.kind.ChangeKeyField]
	if p.moved || key == "" || old.ChangeKey.Keeping != domain.KeyStored {
		return nil
	}
	return b.differs(ctx, *old, domain.NewSecret(key), domain.KeyForChanges)
}

// split separates the typed secrets from the settings, both trimmed: a pasted key often carries a line end. A value
// without a field stays among the settings, where the check refuses it.
func split(fields []form.Field, values map[string]string) (settings, typed map[string]string) {
	settings, typed = map[string]string{}, map[string]string{}
	hidden := map[string]bool{}
	for _, f := range fields {
		hidden[f.Name] = f.Secret()
	}
	for name, v := range values {
		v = strings.TrimSpace(v)
		switch {
		case v == "":
		case hidden[name]:
			typed[name] = v
		default:
			settings[name] = v
		}
	}
	return settings, typed
}

// typedNow are the fields as they must be typed: of an existing source no secret needs to be, as the stored one may
// stand in.
func typedNow(fields []form.Field, exists bool) []form.Field {
	fields = slices.Clone(fields)
	for i := range fields {
		if exists && fields[i].Secret() {
			fields[i].Required = false
		}
	}
	return fields
}

func secrets(values map[string]string) map[string]domain.Secret {
	out := make(map[string]domain.Secret, len(values))
	for name, v := range values {
		out[name] = domain.NewSecret(v)
	}
	return out
}

// fill gives all secrets of a draft: those typed, and for an existing source the stored ones where nothing was typed.
// stored tells whether stored ones could stand in.
func (b *Connections) fill(ctx context.Context, p prepared, typed map[string]string) (values map[string]string, stored bool, err error) {
	values = maps.Clone(typed)
	var empty []form.Field
	for _, f := range p.kind.Fields {
		if f.Secret() && values[f.Name] == "" {
			empty = append(empty, f)
		}
	}
	if !p.old || len(empty) == 0 {
		return values, false, nil
	}
	have, err := b.load(ctx, p.source, p.destination, domain.KeyForReading)
	switch code := domain.CodeOf(err); {
	case code == domain.AuthFailed:
		for _, f := range empty {
			if f.Required {
				e := *domain.AsError(err)
				e.Code, e.Field, e.Hint = domain.Invalid, f.Name, "Enter it again."
				return nil, false, &e
			}
		}
		return values, false, nil
	case err != nil:
		return nil, false, err
	}
	for _, f := range empty {
		if v := have[f.Name]; v != "" {
			values[f.Name] = v
		}
	}
	return values, true, nil
}

// load reads a source's stored secrets for one use and checks that they were stored for it, and for this source, kind
// and destination. Otherwise it fails with AuthFailed; when the secret store does not work, with its error.
func (b *Connections) load(ctx context.Context, s domain.Source, destination string, use domain.KeyUse) (map[string]string, error) {
	name := "key"
	if use == domain.KeyForChanges {
		name = "key for changes"
	}
	refuse := func(reason, format string) error {
		return &domain.Error{Code: domain.AuthFailed, Reason: reason, Message: fmt.Sprintf(format, name), Hint: "Enter the key again under Sources."}
	}
	raw, err := b.o.Secrets.Get(ctx, item{ID: s.ID, Use: use}.key())
	if domain.CodeOf(err) == domain.NotFound {
		return nil, refuse("key_missing", "The %s of this source is not stored on this machine.")
	}
	if err != nil {
		return nil, fmt.Errorf("read the key of %s: %w", s.ID, err)
	}
	var it item
	if err := json.Unmarshal([]byte(raw.Reveal()), &it); err != nil || it.Version != itemVersion {
		return nil, refuse("key_damaged", "The stored %s of this source cannot be read.") // without the cause, which would quote the item
	}
	same := subtle.ConstantTimeCompare([]byte(it.Destination), []byte(destination)) == 1
	if it.ID != s.ID || it.Kind != s.Kind || it.use() != use || !same {
		return nil, refuse("key_bound", "The stored %s was entered for another address.")
	}
	return it.Values, nil
}

// keep stores the secrets of a prepared source and returns how to undo that. Secrets that did not change are not
// written again.
func (b *Connections) keep(ctx context.Context, s domain.Source, p prepared) (undo func(), err error) {
	if p.kept {
		return func() {}, nil // load has just shown that the stored ones belong here
	}
	it := item{ID: s.ID, Kind: s.Kind, Destination: p.destination, Values: map[string]string{}}
	for name, v := range p.secrets {
		it.Values[name] = v.Reveal()
	}
	return b.storeItem(ctx, it, !p.old)
}

// storeItem writes an item and returns how to undo that. A fresh one has nothing before it.
func (b *Connections) storeItem(ctx context.Context, it item, fresh bool) (undo func(), err error) {
	it.Version = itemVersion
	data, err := json.Marshal(it)
	if err != nil {
		return nil, fmt.Errorf("encode the key: %w", err)
	}
	if undo, err = b.backOf(ctx, it.key(), fresh); err != nil {
		return nil, err
	}
	if err := b.o.Secrets.Set(ctx, it.key(), domain.NewSecret(string(data))); err != nil {
		if domain.AsError(err).Reason != secret.ReasonSlow { // a slow store takes back by itself what comes too late
			undo()
		}
		return nil, fmt.Errorf("store the key: %w", err)
	}
	return undo, nil
}

// dropItem deletes an item, if it is there, and returns how to undo that. One that cannot be read is deleted all the
// same.
func (b *Connections) dropItem(ctx context.Context, key string) (undo func(), err error) {
	before, getErr := b.o.Secrets.Get(ctx, key)
	if err := b.o.Secrets.Delete(ctx, key); err != nil {
		return nil, fmt.Errorf("delete a stored key: %w", err)
	}
	return func() {
		if getErr != nil {
			return // there was none, or none that could be read
		}
		b.settle(ctx, "put a key back", func(ctx context.Context) error { return b.o.Secrets.Set(ctx, key, before) })
	}, nil
}

// backOf returns how to bring an item back to what it is now.
func (b *Connections) backOf(ctx context.Context, key string, fresh bool) (undo func(), err error) {
	back := func(ctx context.Context) error { return b.o.Secrets.Delete(ctx, key) }
	if !fresh {
		before, err := b.o.Secrets.Get(ctx, key)
		switch {
		case err == nil:
			back = func(ctx context.Context) error { return b.o.Secrets.Set(ctx, key, before) }
		case domain.CodeOf(err) != domain.NotFound:
			return nil, fmt.Errorf("read a stored key: %w", err)
		}
	}
	return func() { b.settle(ctx, "undo storing a key", back) }, nil
}

// try runs the kind's own test over a connection of its own.
func (b *Connections) try(ctx context.Context, p prepared) (domain.TestResult, error) {
	s, err := p.kind.Open(p.config(b.o.Network))
	if err != nil {
		return domain.TestResult{}, fmt.Errorf("open the connection: %w", err)
	}
	defer s.Close()
	r := s.Test(ctx)
	if err := ctx.Err(); err != nil {
		return domain.TestResult{}, fmt.Errorf("test the connection: %w", err)
	}
	if r.TestedAt.IsZero() {
		r.TestedAt = time.Now().UTC()
	}
	return r, nil
}
