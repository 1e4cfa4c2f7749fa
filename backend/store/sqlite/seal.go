package sqlite

import (
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
)

// A seal is checksums of the local copy's file, a mebibyte each, taken when it was closed. SQLite sees a page that is
// broken, but not a bit that has flipped within a text or a day; the seal sees both, at the next opening, and is broken
// then: it says nothing of a file in use.

// castagnoli is the polynomial that processors know.
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// sealSuffix ends the seal's name.
const sealSuffix = ".seal"

// sealHead begins a seal: when the file was changed last, and its size. A file of another size that was not changed was
// cut.
const sealHead = "changed %d\nbytes %d\n"

// errUnsealed says that nothing is known of how the file was left.
var errUnsealed = errors.New("no seal")

// sealOf makes the seal of a file as it is.
func sealOf(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	defer func() { _ = f.Close() }()
	var seal bytes.Buffer
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	_, _ = fmt.Fprintf(&seal, sealHead, info.ModTime().UnixNano(), info.Size())
	part := make([]byte, 1<<20)
	for {
		n, err := io.ReadFull(f, part)
		if n > 0 {
			_, _ = fmt.Fprintf(&seal, "%08x\n", crc32.Checksum(part[:n], castagnoli))
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("seal: %w", err)
		}
	}
	_, _ = fmt.Fprintf(&seal, "%08x\n", crc32.Checksum(seal.Bytes(), castagnoli)) // a seal that is damaged itself is none
	return seal.Bytes(), nil
}

// checkSeal compares the file with its seal.
func (d *DB) checkSeal() error {
	kept, err := os.ReadFile(d.Path + sealSuffix)
	if err != nil || d.uncleanAtOpen {
		return errUnsealed
	}
	info, err := os.Stat(d.Path)
	if err != nil {
		return d.Fault("check", err)
	}
	sum := len(kept) - 9
	if sum < 0 || fmt.Sprintf("%08x\n", crc32.Checksum(kept[:sum], castagnoli)) != string(kept[sum:]) {
		return errUnsealed
	}
	var changed, size int64
	if _, err := fmt.Sscanf(string(kept), sealHead, &changed, &size); err != nil || info.ModTime().UnixNano() != changed {
		return errUnsealed
	}
	now, err := sealOf(d.Path)
	if err != nil {
		return d.Fault("check", err)
	}
	if !bytes.Equal(now, kept) {
		return d.Damaged("not as it was left")
	}
	return nil
}

// breakSeal deletes the seal before the first change. One that a crash brings back is known by the time of change.
func (d *DB) breakSeal() {
	if d.sealed {
		d.sealed = false
		_ = os.Remove(d.Path + sealSuffix)
	}
}

// seal seals the closed file. Without a seal the next opening looks through all pages, so a failure is no error.
func (d *DB) seal() {
	if d.condemned == nil || d.condemned.is() || d.sealed || d.unclean() {
		return
	}
	seal, err := sealOf(d.Path)
	if err == nil {
		err = os.WriteFile(d.Path+sealSuffix+".new", seal, 0o600)
	}
	if err == nil {
		err = os.Rename(d.Path+sealSuffix+".new", d.Path+sealSuffix)
	}
	if err != nil {
		d.Log.Warn("the local copy was not sealed", "error", err)
	}
}
