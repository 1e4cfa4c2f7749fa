package saved

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"seatkeeper/backend/domain"
)

// The file of saved filters, by which admins pass them on. It holds what an admin typed and chose, and nothing of the
// workspace: no source, no address, no credential.
const (
	fileFormat  = "seatkeeper-saved-filters"
	fileVersion = 1
	MaxFile     = 4 << 20 // bytes
)

type file struct {
	Format  string      `json:"format"`
	Version int         `json:"version"`
	Filters []fileEntry `json:"filters"`
}

type fileEntry struct {
	Name        string   `json:"name"`
	Description string   `json:"description,omitempty"`
	Filter      string   `json:"filter"`
	Columns     []string `json:"columns,omitempty"`
	Sort        string   `json:"sort,omitempty"`
	Desc        bool     `json:"desc,omitempty"`
	Density     int      `json:"density,omitempty"`
	Pinned      bool     `json:"pinned,omitempty"`
}

func entryOf(f domain.SavedFilter) fileEntry {
	return fileEntry{f.Name, f.Description, f.Filter, f.Columns, f.Sort, f.Desc, f.Density, f.Pinned}
}

func (e fileEntry) filter() domain.SavedFilter {
	return domain.SavedFilter{
		Name: e.Name, Description: e.Description, Filter: e.Filter, Columns: e.Columns, Sort: e.Sort, Desc: e.Desc, Density: e.Density, Pinned: e.Pinned,
	}
}

// Export writes saved filters as JSON and returns how many; with no ids all of them.
func (s *Service) Export(ctx context.Context, w io.Writer, ids []string) (int, error) {
	all, err := s.store.SavedFilters(ctx)
	if err != nil {
		return 0, fmt.Errorf("list saved filters: %w", err)
	}
	doc := file{Format: fileFormat, Version: fileVersion, Filters: []fileEntry{}}
	for _, f := range all {
		if len(ids) == 0 || slices.Contains(ids, f.ID) {
			doc.Filters = append(doc.Filters, entryOf(f))
		}
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false) // < and > are operators
	enc.SetIndent("", "  ")
	if err := enc.Encode(doc); err != nil {
		return 0, fmt.Errorf("write saved filters: %w", err)
	}
	return len(doc.Filters), nil
}

// Imported is what an import did.
type Imported struct {
	Added   []string // names, as they were saved
	Renamed int      // of these: how many have another name than in the file, because theirs was taken
	Same    int      // left out, because the same filter is there already
}

// Import adds the filters of a file, all of them or none. What is there already is not touched. Filters that make no
// sense at a source are taken all the same: they may elsewhere.
func (s *Service) Import(ctx context.Context, data []byte) (Imported, error) {
	doc, err := read(data)
	if err != nil {
		return Imported{}, err
	}
	have, err := s.store.SavedFilters(ctx)
	if err != nil {
		return Imported{}, fmt.Errorf("list saved filters: %w", err)
	}
	taken, same := map[string]bool{}, map[string]bool{}
	for _, f := range have {
		taken[strings.ToLower(f.Name)], same[fingerprint(f)] = true, true
	}
	now := time.Now().UTC()
	var added []domain.SavedFilter
	var result Imported
	for i, e := range doc.Filters {
		f, err := tidy(e.filter())
		if err != nil {
			known := domain.AsError(err)
			return Imported{}, &domain.Error{
				Code: domain.Invalid, Field: known.Field, Message: fmt.Sprintf("Filter %d of the file cannot be used: %s", i+1, known.Message), Hint: "Nothing was imported.",
			}
		}
		if same[fingerprint(f)] {
			result.Same++
			continue
		}
		same[fingerprint(f)] = true
		if name := free(f.Name, taken); name != f.Name {
			f.Name = name
			result.Renamed++
		}
		taken[strings.ToLower(f.Name)] = true
		f.ID, f.CreatedAt, f.UpdatedAt = rand.Text(), now, now
		added = append(added, f)
		result.Added = append(result.Added, f.Name)
	}
	if err := s.room(ctx, len(added)); err != nil {
		return Imported{}, err
	}
	if err := s.store.SaveFilters(ctx, added); err != nil {
		return Imported{}, fmt.Errorf("save the imported filters: %w", err)
	}
	s.changed()
	return result, nil
}

// read takes a file apart.
func read(data []byte) (file, error) {
	refuse := func(message string, err error) (file, error) {
		return file{}, &domain.Error{Code: domain.Invalid, Field: "file", Message: message, Hint: "Choose a file that Seatkeeper wrote by “Export all”.", Err: err}
	}
	if len(data) > MaxFile {
		return refuse("The file is too large to hold saved filters.", nil)
	}
	var doc file
	dec := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(data, []byte("\uFEFF"))))
	if err := dec.Decode(&doc); err != nil {
		return refuse("The file does not hold saved filters.", err)
	}
	switch {
	case doc.Format != fileFormat:
		return refuse("The file does not hold saved filters.", nil)
	case doc.Version != fileVersion:
		return refuse(fmt.Sprintf("The file was written by a newer Seatkeeper (version %d of the format).", doc.Version), nil)
	case len(doc.Filters) > MaxFilters:
		return refuse(fmt.Sprintf("The file holds more than %d filters.", MaxFilters), nil)
	}
	return doc, nil
}

// numbered is the end of a name that an import has changed.
var numbered = regexp.MustCompile(` \([0-9]+\)$`)

// fingerprint is equal for filters that do the same under the same name, so that a file can be imported twice.
func fingerprint(f domain.SavedFilter) string {
	f.Pinned = false
	f.Name = strings.ToLower(numbered.ReplaceAllString(f.Name, ""))
	text, err := json.Marshal(entryOf(f))
	if err != nil {
		return f.Name // texts and numbers always marshal
	}
	return string(text)
}

// free gives a name that is not taken: "Name (2)".
func free(name string, taken map[string]bool) string {
	for n := 2; taken[strings.ToLower(name)]; n++ {
		suffix := " (" + strconv.Itoa(n) + ")"
		base := name
		if i := strings.LastIndex(name, " ("); n > 2 && i > 0 {
			base = name[:i]
		}
		for utf8.RuneCountInString(base)+len(suffix) > maxName {
			_, size := utf8.DecodeLastRuneInString(base)
			base = base[:len(base)-size]
		}
		name = base + suffix
	}
	return name
}
