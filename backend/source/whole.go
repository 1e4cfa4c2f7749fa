package source

import (
	"encoding/json"
	"strconv"
)

// keptRows is how many rows of a listing make one kept page.
const keptRows = 1000

// KeepWhole keeps a listing that was received to its end, for the next attempt if this one ends early; spool may be nil. It is for listings
// whose pages are asked for by number: such a number is worth nothing later, because rows move up when one before them goes.
func KeepWhole[T any](spool Spool, chain string, rows []T) {
	if spool == nil {
		return
	}
	for from := 0; ; from += keptRows {
		to := min(from+keptRows, len(rows))
		page, err := json.Marshal(rows[from:to])
		if err != nil {
			return // without its last page it is no whole listing
		}
		at, next := "", ""
		if from > 0 {
			at = strconv.Itoa(from)
		}
		if to < len(rows) {
			next = strconv.Itoa(to)
		}
		if spool.Keep(chain, at, next, page); next == "" {
			return
		}
	}
}

// Whole gives back a listing that an earlier attempt has received to its end; false where there is none that can be read.
func Whole[T any](spool Spool, chain string) (rows []T, kept bool) {
	if spool == nil {
		return nil, false
	}
	if next, kept := spool.Place(chain); !kept || next != "" {
		return nil, false
	}
	err := spool.Kept(chain, func(_ string, page []byte) error {
		var some []T
		if err := json.Unmarshal(page, &some); err != nil {
			return err //nolint:wrapcheck // only whether there is one matters
		}
		rows = append(rows, some...)
		return nil
	})
	return rows, err == nil
}
