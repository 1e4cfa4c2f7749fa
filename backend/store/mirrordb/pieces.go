package mirrordb

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
)

// pieces are what came about people, in short: a piece for each user and fact that a read delivers. They are in a file, because there are
// more of them than people, and apart by person, so that what came about a part of the people fits into memory at a time.
//
// The file consists of blocks, each with pieces of one part. Those of a part keep their order.
type pieces struct {
	file  *os.File
	parts [peopleParts]piecesPart
	end   int64
}

// peopleParts is in how many parts the people are.
const peopleParts = 256

type piecesPart struct {
	blocks []int64 // where they stand
	open   []byte  // the one that is being filled
}

// piece is one of them.
type piece struct {
	person, facts, row digest
	id                 int64  // the person's key in the local copy, where it is known
	at                 uint32 // the record of the spool that has the whole
	kind               byte
}

const (
	userPiece  = 'u'
	factPiece  = 'b' // has only a row
	pieceSize  = 3*len(digest{}) + 8 + 4 + 1
	pieceBlock = 32 * pieceSize
)

func newPieces(path string) (*pieces, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_RDWR, 0o600) //nolint:gosec // stagingFile names it, after a number
	if err != nil {
		return nil, fmt.Errorf("make a file of the sync: %w", err)
	}
	return &pieces{file: f}, nil
}

// add adds a piece.
func (p *pieces) add(x piece) error {
	part := &p.parts[x.person[0]]
	if part.open == nil {
		part.open = make([]byte, 0, pieceBlock)
	}
	b := append(append(append(part.open, x.person[:]...), x.facts[:]...), x.row[:]...)
	b = binary.LittleEndian.AppendUint64(b, uint64(x.id))
	part.open = append(binary.LittleEndian.AppendUint32(b, x.at), x.kind)
	if len(part.open) < pieceBlock {
		return nil
	}
	if _, err := p.file.WriteAt(part.open, p.end); err != nil {
		return fmt.Errorf("keep what was delivered: %w", err)
	}
	part.blocks = append(part.blocks, p.end)
	p.end += int64(pieceBlock)
	part.open = part.open[:0]
	return nil
}

// read appends the pieces of one part to a list.
func (p *pieces) read(list []piece, n int) ([]piece, error) {
	part := &p.parts[n]
	block := make([]byte, pieceBlock)
	for _, at := range part.blocks {
		if _, err := p.file.ReadAt(block, at); err != nil {
			return list, fmt.Errorf("read what was delivered: %w", err)
		}
		list = decodePieces(list, block)
	}
	return decodePieces(list, part.open), nil
}

func decodePieces(list []piece, b []byte) []piece {
	const size = len(digest{})
	for ; len(b) >= pieceSize; b = b[pieceSize:] {
		list = append(list, piece{
			person: digest(b[:size]), facts: digest(b[size : 2*size]), row: digest(b[2*size : 3*size]),
			id: int64(binary.LittleEndian.Uint64(b[3*size:])), at: binary.LittleEndian.Uint32(b[3*size+8:]), kind: b[pieceSize-1],
		})
	}
	return list
}

// drop deletes the file.
func (p *pieces) drop() error {
	return errors.Join(p.file.Close(), os.Remove(p.file.Name())) //nolint:gosec // stagingFile named it, after a number
}
