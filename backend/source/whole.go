package source

import (
	"strconv"
	"sync"
)

// Listing keeps the pages of a listing as they come, for the next attempt if this one ends early. It is for listings
// whose pages are asked for by number: such a number is worth nothing later, because rows move up when one before them
// goes. So only a listing that was received to its end is given back. Its methods may be called from several
// goroutines.
type Listing struct {
	cache PageCache
	chain string

	mu   sync.Mutex
	n    int
	last []byte // the page that came last: it is not known yet whether it is the end
}

// NewListing begins a listing anew; cache may be nil.
func NewListing(cache PageCache, chain string) *Listing { return &Listing{cache: cache, chain: chain} }

// Keep keeps a page, in any order. The page must not change any more.
func (l *Listing) Keep(page []byte) {
	if l.cache == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.last != nil {
		l.put(strconv.Itoa(l.n + 1))
		l.n++
	}
	l.last = page
}

// End says that the listing is whole.
func (l *Listing) End() {
	if l.cache == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.last == nil {
		l.last = []byte("[]")
	}
	l.put("")
	l.last = nil
}

func (l *Listing) put(next string) {
	at := ""
	if l.n > 0 {
		at = strconv.Itoa(l.n)
	}
	l.cache.Keep(l.chain, at, next, l.last)
}

// Whole gives back the pages of a listing that an earlier attempt has received to its end; kept is false where there is
// none.
func Whole(cache PageCache, chain string, visit func(page []byte) error) (kept bool, err error) {
	if cache == nil {
		return false, nil
	}
	if next, kept := cache.Place(chain); !kept || next != "" {
		return false, nil
	}
	return true, cache.Kept(chain, func(_ string, page []byte) error { return visit(page) })
}
