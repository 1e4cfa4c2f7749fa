package records

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"
)

// moment is a time as it is kept: unix milliseconds, 0 for none.
type moment int64

func momentOf(t time.Time) moment {
	if t.IsZero() {
		return 0
	}
	return moment(t.UnixMilli())
}

func (m moment) time() time.Time {
	if m == 0 {
		return time.Time{}
	}
	return time.UnixMilli(int64(m)).UTC()
}

// GormDataType also keeps GORM from setting CreatedAt and UpdatedAt by itself.
func (moment) GormDataType() string { return "bigint" }

// document is a value that is kept as JSON. A list or map that is nil becomes an empty one, and a pointer that is nil
// an empty text.
type document[T any] struct{ V T }

// Value implements driver.Valuer.
func (d document[T]) Value() (driver.Value, error) {
	v := reflect.ValueOf(d.V)
	switch {
	case v.Kind() == reflect.Map && v.IsNil():
		return "{}", nil
	case v.Kind() == reflect.Slice && v.IsNil():
		return "[]", nil
	case v.Kind() == reflect.Pointer && v.IsNil():
		return "", nil
	}
	text, err := json.Marshal(d.V)
	if err != nil {
		return nil, fmt.Errorf("write as JSON: %w", err)
	}
	return string(text), nil
}

// Scan implements sql.Scanner.
func (d *document[T]) Scan(column any) error {
	var text []byte
	switch c := column.(type) {
	case string:
		text = []byte(c)
	case []byte:
		text = c
	default:
		return fmt.Errorf("no JSON, but %T", column)
	}
	var fresh T
	if len(text) > 0 {
		if err := json.Unmarshal(text, &fresh); err != nil {
			return fmt.Errorf("read JSON: %w", err)
		}
	}
	d.V = fresh
	return nil
}

// GormDataType is the column's type.
func (document[T]) GormDataType() string { return "text" }

// plain makes text that passes through any database unchanged.
func plain(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}
