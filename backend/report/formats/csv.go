package formats

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/report"
)

// CSV has one line for each result, as RFC 4180 with every cell quoted, in UTF-8 with the mark by which spreadsheets know it.
//
// Names are other people's text: a cell that a spreadsheet could take for a formula gets a leading apostrophe.
var _ = report.Register(report.Format{Name: "csv", Title: "CSV", Extension: "csv", Run: newCSV})

const byteOrderMark = "\uFEFF"

var csvHead = []string{
	"run", "action", "source", "seq", "account_id", "name", "email", "directory", "group_id", "group", "before", "after",
	"result", "evidence", "reason", "attempts", "started", "finished", "http_status", "request_id",
}

type csvEncoder struct {
	w   io.Writer
	run domain.Run
	buf []byte
}

func newCSV(w io.Writer, r domain.Run) (report.Encoder, error) {
	e := &csvEncoder{w: w, run: r}
	if _, err := io.WriteString(w, byteOrderMark); err != nil {
		return nil, fmt.Errorf("write the file's mark: %w", err)
	}
	return e, e.line(csvHead...)
}

func (e *csvEncoder) Item(it domain.Item) error {
	var before, after []string
	for _, d := range it.Change.Diffs {
		before, after = append(before, d.Before), append(after, d.After)
	}
	status, request := "", ""
	if it.Receipt != nil {
		request = it.Receipt.RequestID
		if it.Receipt.Status != 0 {
			status = strconv.Itoa(it.Receipt.Status)
		}
	}
	t := it.Change.Target
	return e.line(e.run.ID, e.run.Action, e.run.SourceName, strconv.Itoa(it.Change.Seq), t.AccountID, t.Name, t.Email, t.DirectoryID, t.GroupID, t.GroupName,
		strings.Join(before, "; "), strings.Join(after, "; "), string(it.State), string(it.Evidence), it.Reason, strconv.Itoa(it.Attempts),
		stamp(it.IntentAt), stamp(it.FinishedAt), status, request)
}

func (e *csvEncoder) Close() error { return nil }

func (e *csvEncoder) line(cells ...string) error {
	e.buf = e.buf[:0]
	for i, cell := range cells {
		if i > 0 {
			e.buf = append(e.buf, ',')
		}
		e.buf = append(e.buf, '"')
		e.buf = append(e.buf, strings.ReplaceAll(harmless(cell), `"`, `""`)...)
		e.buf = append(e.buf, '"')
	}
	e.buf = append(e.buf, '\r', '\n')
	if _, err := e.w.Write(e.buf); err != nil {
		return fmt.Errorf("write a line: %w", err)
	}
	return nil
}

// risky are the characters with which a formula, a command or a new cell can begin, with their full-width twins.
const risky = "=+-@\t\r\n|%" + "＝＋－＠｜％"

// harmless puts an apostrophe before text that a spreadsheet could take for a formula, also behind blanks and invisible characters. The
// apostrophe alone is added; taking it off gives the text back.
func harmless(cell string) string {
	for _, r := range cell {
		if strings.ContainsRune(risky, r) {
			return "'" + cell
		}
		if !unicode.IsSpace(r) && !unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Cc, r) {
			break
		}
	}
	return cell
}
