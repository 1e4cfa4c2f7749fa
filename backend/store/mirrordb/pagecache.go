package mirrordb

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/s2"

	"seatkeeper/backend/domain"
)

const (
	pagesPrefix = "pages-"
	// pagesLife is how long after its last page a read that ended early may go on where it was: what it had is that old
	// then.
	pagesLife = time.Hour
	// maxPage bounds one record; a length beyond it is no length.
	maxPage = 64 << 20
)

// PageCache holds the pages that a full sync has received, in a file of their own, so that one that ends early need not
// ask for them again. The file is deleted when the sync is saved. Its methods may be called from several goroutines.
type PageCache struct {
	mu      sync.Mutex
	file    *os.File
	started int64
	kept    []keptPage
	err     error // of a write: nothing is kept after it, and the sync goes on
}

// keptPage is where a page of an earlier attempt stands in the file.
type keptPage struct {
	chain, next string
	at          int64
	size        int
}

// pagesHead is the first record; another source, other settings or another key begin anew.
type pagesHead struct {
	Fingerprint string `json:"fingerprint"`
	Started     int64  `json:"started"`
}

// OpenPageCache opens the pages of a running sync. Those that an earlier attempt has left are there if they are of the
// same source with the same settings and no older than an hour; the sync then counts as begun when that attempt was.
func (s *Store) OpenPageCache(ctx context.Context, syncID int64) (*PageCache, error) {
	g, err := s.stager(syncID)
	if err != nil {
		return nil, err
	}
	mark, err := s.fingerprint(ctx, g.sourceID)
	if err != nil {
		return nil, err
	}
	f, err := os.OpenFile(s.pagesFile(g.sourceID), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, s.db.Fault("open the pages of a sync", err)
	}
	p := &PageCache{file: f, started: g.started}
	if err := p.load(mark); err != nil {
		return nil, s.db.Fault("read the pages of a sync", errors.Join(err, f.Close()))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	g.started = p.started // people who were read afresh since then are newer than these pages
	return p, nil
}

// load finds the pages that are there, cuts off a half written one, and begins anew where the file is not of this read.
func (p *PageCache) load(mark string) error {
	info, err := p.file.Stat()
	if err != nil {
		return fmt.Errorf("look at the pages: %w", err)
	}
	var head pagesHead
	end := int64(0)
	in := bufio.NewReaderSize(p.file, 1<<16)
	for {
		body, size, errRead := readRecord(in)
		if errRead != nil {
			break // the end, or what a crash has cut off
		}
		if end == 0 {
			if json.Unmarshal(body, &head) != nil || head.Fingerprint != mark ||
				time.Since(info.ModTime()) > pagesLife {
				break
			}
		} else {
			line, _, _ := bytes.Cut(body, []byte("\n"))
			names := strings.Split(string(line), "\t")
			if len(names) != 3 {
				break
			}
			if names[1] == "" { // the chain was begun anew: what came before is another listing
				p.kept = slices.DeleteFunc(p.kept, func(k keptPage) bool { return k.chain == names[0] })
			}
			p.kept = append(p.kept, keptPage{chain: names[0], next: names[2], at: end, size: size})
		}
		end += int64(size)
	}
	if len(p.kept) == 0 {
		end = 0
	}
	if err := p.file.Truncate(end); err != nil {
		return fmt.Errorf("cut a half page off: %w", err)
	}
	if _, err := p.file.Seek(end, io.SeekStart); err != nil {
		return fmt.Errorf("go behind the pages: %w", err)
	}
	if end > 0 {
		p.started = head.Started
		return nil
	}
	body, err := json.Marshal(pagesHead{mark, p.started})
	if err != nil {
		return fmt.Errorf("write the head of the pages: %w", err)
	}
	return p.write(body)
}

// Resumed tells whether pages of an earlier attempt are there, and when that attempt began.
func (p *PageCache) Resumed() (started time.Time, resumed bool) {
	return time.Unix(p.started, 0), len(p.kept) > 0
}

// Kept gives the pages of one chain in their order. next is the cursor of the page after it, "" for the last one.
func (p *PageCache) Kept(chain string, fn func(next string, page []byte) error) error {
	for _, k := range p.kept {
		if k.chain != chain {
			continue
		}
		body, _, err := readRecord(bufio.NewReader(io.NewSectionReader(p.file, k.at, int64(k.size))))
		if err != nil {
			return domain.Errorf(domain.Internal,
				"A page of the earlier sync cannot be read any more.").WithHint("Sync again.")
		}
		_, page, _ := bytes.Cut(body, []byte("\n"))
		if err := fn(k.next, page); err != nil {
			return err
		}
	}
	return nil
}

// Place gives the cursor after the last kept page of a chain, and whether there is any.
func (p *PageCache) Place(chain string) (next string, kept bool) {
	for _, k := range p.kept {
		if k.chain == chain {
			next, kept = k.next, true
		}
	}
	return next, kept
}

// Keep adds a page with its cursor, "" for the first one of a chain, and that of the next one. A disk that is full
// costs only that the sync cannot go on later.
func (p *PageCache) Keep(chain, at, next string, page []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err != nil || strings.ContainsAny(chain+at+next, "\t\n") {
		p.err = errors.Join(p.err, errors.New("not kept"))
		return
	}
	p.err = p.write(append([]byte(chain+"\t"+at+"\t"+next+"\n"), page...))
}

// write appends one record: length, checksum, packed body.
func (p *PageCache) write(body []byte) error {
	packed := s2.Encode(nil, body)
	record := binary.LittleEndian.AppendUint32(make([]byte, 0, 8+len(packed)), uint32(len(packed)))
	record = binary.LittleEndian.AppendUint32(record, crc32.ChecksumIEEE(packed))
	if _, err := p.file.Write(append(record, packed...)); err != nil {
		return fmt.Errorf("write a page: %w", err)
	}
	return nil
}

// readRecord reads one record and tells how long it is in the file.
func readRecord(in io.Reader) (body []byte, size int, err error) {
	var head [8]byte
	if _, err := io.ReadFull(in, head[:]); err != nil {
		return nil, 0, fmt.Errorf("read a page's head: %w", err)
	}
	n := binary.LittleEndian.Uint32(head[0:])
	if n > maxPage {
		return nil, 0, io.ErrUnexpectedEOF
	}
	packed := make([]byte, n)
	if _, err := io.ReadFull(in, packed); err != nil {
		return nil, 0, fmt.Errorf("read a page: %w", err)
	}
	if crc32.ChecksumIEEE(packed) != binary.LittleEndian.Uint32(head[4:]) {
		return nil, 0, io.ErrUnexpectedEOF
	}
	if whole, err := s2.DecodedLen(packed); err != nil || whole > maxPage {
		return nil, 0, io.ErrUnexpectedEOF
	}
	if body, err = s2.Decode(nil, packed); err != nil {
		return nil, 0, fmt.Errorf("unpack a page: %w", err)
	}
	return body, len(head) + len(packed), nil
}

// Close closes the file; drop deletes it.
func (p *PageCache) Close(drop bool) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	err := p.file.Close()
	if drop || p.err != nil {
		err = errors.Join(err, os.Remove(p.file.Name()))
	}
	return err
}

func (s *Store) pagesFile(sourceID string) string {
	sum := sha256.Sum256([]byte(sourceID))
	return filepath.Join(s.dir, pagesPrefix+hex.EncodeToString(sum[:12]))
}

// fingerprint stands for everything that a read depends on.
func (s *Store) fingerprint(ctx context.Context, sourceID string) (string, error) {
	mark, err := s.o.Mark(ctx, sourceID)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", mark, s.db.Newest()))
	return hex.EncodeToString(sum[:]), nil
}

// resumable tells whether a full sync of the source would go on where an earlier one ended, as far as a glance can
// tell.
func (s *Store) resumable(ctx context.Context, sourceID string) bool {
	s.mu.Lock()
	_, busy := s.stagers[sourceID]
	s.mu.Unlock()
	f, err := os.Open(s.pagesFile(sourceID))
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil || busy || time.Since(info.ModTime()) > pagesLife {
		return false
	}
	body, size, err := readRecord(f)
	var head pagesHead
	if err != nil || json.Unmarshal(body, &head) != nil || info.Size() <= int64(size) {
		return false
	}
	mark, err := s.fingerprint(ctx, sourceID)
	return err == nil && mark == head.Fingerprint
}

// removePages deletes pages that are too old to go on from.
func (s *Store) removePages() error {
	files, err := filepath.Glob(filepath.Join(escapeGlob(s.dir), pagesPrefix+"*"))
	for _, f := range files {
		if info, errStat := os.Stat(f); errStat == nil && time.Since(info.ModTime()) > pagesLife {
			err = errors.Join(err, os.Remove(f))
		}
	}
	return s.db.Fault("delete what an interrupted sync left", err)
}
