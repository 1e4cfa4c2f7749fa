package feed

import (
	"encoding/binary"
	"strings"
)

// Numbers of the file format, https://www.sqlite.org/fileformat2.html. Pages are larger than the usual 4 KB, so that there are fewer.
const (
	pageSize   = 16 << 10
	headerSize = 100 // at the start of page 1
	nodeSize   = 12  // at the start of each node but leaves, which have 4 less
	leafKind   = 13
	innerKind  = 5
	maxLocal   = pageSize - 35 // of a row; what is longer goes on in other pages
	minLocal   = (pageSize-12)*32/255 - 23
	// fanout is how many children always fit a node, however long their numbers are.
	fanout = (pageSize - headerSize - nodeSize) / (4 + 9 + 2)
)

// Database lays tables out in SQLite's file format. Page 1 is the schema, the pages after it are the roots of the tables.
func Database(tables ...*Table) []byte {
	size := (1 + 2*len(tables)) * pageSize
	for _, t := range tables {
		size += len(t.rows) + 8*len(t.ends) // about
	}
	l := layout{pages: make([]byte, 0, size)}
	schema := NewTable("")
	for i, t := range tables {
		schema.Text("table").Text(t.name).Text(t.name).Int(int64(i + 2)).Text("CREATE TABLE " + t.name + " (" + strings.Join(t.columns, ", ") + ")").End()
	}
	for range 1 + len(tables) {
		l.add()
	}
	l.tree(1, schema)
	for i, t := range tables {
		l.tree(i+2, t)
	}
	header := l.page(1)[:headerSize]
	copy(header, "SQLite format 3\x00")
	binary.BigEndian.PutUint16(header[16:], pageSize)
	copy(header[18:], []byte{1, 1, 0, 64, 32, 32}) // no write-ahead log; how full pages are
	for at, value := range map[int]int{
		24: 1, 92: 1, // counts changes
		28: len(l.pages) / pageSize,
		40: 1, 44: 4, // the schema and its format
		56: 1, // UTF-8
	} {
		binary.BigEndian.PutUint32(header[at:], uint32(value))
	}
	return l.pages
}

// layout is a file that is being written.
type layout struct {
	pages []byte
	buf   []byte // the cell that is being made
}

// add adds an empty page and gives its number, from 1.
func (l *layout) add() int {
	l.pages = append(l.pages, make([]byte, pageSize)...)
	return len(l.pages) / pageSize
}

func (l *layout) page(number int) []byte { return l.pages[(number-1)*pageSize : number*pageSize] }

// child is a node that is finished, with the last row in it.
type child struct{ page, last int }

// tree writes a table: rows into leaves, then nodes above them until one is enough, which is the root.
func (l *layout) tree(root int, t *Table) {
	var level []child
	n := newNode(root, leafKind)
	for i := range t.ends {
		cell := l.cell(i+1, t.row(i))
		if !n.fits(cell) {
			level = append(level, child{l.put(n, l.add()), i})
			n = newNode(root, leafKind)
		}
		n.add(cell)
	}
	if len(level) == 0 {
		l.put(n, root)
		return
	}
	level = append(level, child{l.put(n, l.add()), len(t.ends)})
	for len(level) > 1 {
		level = l.above(root, level)
	}
}

// above writes the nodes above a level, the root if one is enough.
func (l *layout) above(root int, level []child) []child {
	nodes := make([]child, (len(level)+fanout-1)/fanout)
	for i := range nodes { // of one size: a node with a single child would be damage
		children := level[i*len(level)/len(nodes) : (i+1)*len(level)/len(nodes)]
		last := children[len(children)-1]
		n := newNode(root, innerKind)
		n.right = last.page
		for _, c := range children[:len(children)-1] {
			n.add(appendVarint(binary.BigEndian.AppendUint32(nil, uint32(c.page)), uint64(c.last)))
		}
		page := root
		if len(nodes) > 1 {
			page = l.add()
		}
		nodes[i] = child{l.put(n, page), last.last}
	}
	return nodes
}

// cell makes the cell of a row, good until the next one. What is too long for it goes on in pages that are chained by their numbers.
func (l *layout) cell(rowid int, row []byte) []byte {
	l.buf = appendVarint(appendVarint(l.buf[:0], uint64(len(row))), uint64(rowid))
	if len(row) <= maxLocal {
		l.buf = append(l.buf, row...)
		return l.buf
	}
	const chunk = pageSize - 4
	local := minLocal + (len(row)-minLocal)%chunk
	if local > maxLocal {
		local = minLocal
	}
	l.buf = append(l.buf, row[:local]...)
	l.buf = binary.BigEndian.AppendUint32(l.buf, uint32(len(l.pages)/pageSize+1))
	for rest := row[local:]; len(rest) > 0; {
		page := l.page(l.add())
		n := copy(page[4:], rest)
		if rest = rest[n:]; len(rest) > 0 {
			binary.BigEndian.PutUint32(page, uint32(len(l.pages)/pageSize+1))
		}
	}
	return l.buf
}

// node is a page of a tree: pointers to its cells grow from the start, the cells themselves from the end.
type node struct {
	bytes   [pageSize]byte
	base    int // where it starts
	kind    byte
	cells   int
	content int // where the cells start
	right   int // the last child
}

func newNode(root int, kind byte) *node {
	n := &node{kind: kind, content: pageSize}
	if root == 1 {
		n.base = headerSize
	}
	return n
}

func (n *node) head() int {
	if n.kind == innerKind {
		return n.base + nodeSize
	}
	return n.base + nodeSize - 4
}

func (n *node) fits(cell []byte) bool { return n.head()+2*(n.cells+1)+len(cell) <= n.content }

func (n *node) add(cell []byte) {
	n.content -= len(cell)
	copy(n.bytes[n.content:], cell)
	binary.BigEndian.PutUint16(n.bytes[n.head()+2*n.cells:], uint16(n.content))
	n.cells++
}

// put writes a node to a page.
func (l *layout) put(n *node, page int) int {
	n.bytes[n.base] = n.kind
	binary.BigEndian.PutUint16(n.bytes[n.base+3:], uint16(n.cells))
	binary.BigEndian.PutUint16(n.bytes[n.base+5:], uint16(n.content))
	if n.kind == innerKind {
		binary.BigEndian.PutUint32(n.bytes[n.base+8:], uint32(n.right))
	}
	copy(l.page(page), n.bytes[:])
	return page
}
