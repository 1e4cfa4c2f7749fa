package formats

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/report"
)

// JSON is one object. Of a run it has "run" with the run's head and "items" with every result, receipts included; of a
// list "list" with what is known about it and "rows" with an object for each. No text loses anything; what cannot be
// seen is written as an escape of JSON.
var _ = report.Register(report.Format{Name: "json", Title: "JSON", Extension: "json", Run: newJSONRun, Table: newJSONTable})

type jsonRun struct {
	ID          string                   `json:"id"`
	Action      string                   `json:"action"`
	Title       string                   `json:"title"`
	Params      map[string]string        `json:"params"`
	Source      string                   `json:"source"`
	SourceID    string                   `json:"sourceId"`
	Trigger     domain.Trigger           `json:"trigger"`
	Operator    string                   `json:"operator"`
	Selection   string                   `json:"selection"`
	Note        string                   `json:"note"`
	UndoOf      string                   `json:"undoOf,omitempty"`
	UndoneBy    string                   `json:"undoneBy,omitempty"`
	State       domain.RunState          `json:"state"`
	PauseReason string                   `json:"pauseReason,omitempty"`
	Confirmed   string                   `json:"confirmed,omitempty"`
	Raised      *domain.Raised           `json:"raised,omitempty"`
	CreatedAt   string                   `json:"createdAt"`
	FinishedAt  string                   `json:"finishedAt,omitempty"`
	Total       int                      `json:"total"`
	Counts      map[domain.ItemState]int `json:"counts"`
}

type jsonItem struct {
	Seq        int              `json:"seq"`
	Target     domain.Target    `json:"target"`
	Before     string           `json:"before,omitempty"`
	Diffs      []domain.Diff    `json:"diffs,omitempty"`
	State      domain.ItemState `json:"state"`
	Evidence   domain.Evidence  `json:"evidence,omitempty"`
	Reason     string           `json:"reason,omitempty"`
	Attempts   int              `json:"attempts"`
	IntentAt   string           `json:"intentAt,omitempty"`
	FinishedAt string           `json:"finishedAt,omitempty"`
	Receipt    *domain.Receipt  `json:"receipt,omitempty"`
}

type jsonEncoder struct {
	w   io.Writer
	any bool
}

func newJSONRun(w io.Writer, r domain.Run) (report.Encoder, error) {
	head, err := json.MarshalIndent(jsonRun{
		ID: r.ID, Action: r.Action, Title: r.ActionTitle, Params: r.Params, Source: r.SourceName, SourceID: r.SourceID, Trigger: r.Trigger,
		Operator: r.Operator, Selection: r.Selection, Note: r.Note, UndoOf: r.UndoOf, UndoneBy: r.UndoneBy, State: r.State,
		PauseReason: r.PauseReason, Confirmed: r.Confirmed, Raised: r.Raised, CreatedAt: stamp(r.CreatedAt), FinishedAt: stamp(r.FinishedAt), Total: r.Total, Counts: r.Counts,
	}, "  ", "  ")
	if err != nil {
		return nil, fmt.Errorf("write the run's head as JSON: %w", err)
	}
	if _, err = fmt.Fprintf(w, "{\n  \"run\": %s,\n  \"items\": [", escaped(head)); err != nil {
		return nil, fmt.Errorf("write the run's head: %w", err)
	}
	return &jsonEncoder{w: w}, nil
}

func (e *jsonEncoder) Item(it domain.Item) error {
	doc, err := json.Marshal(jsonItem{
		Seq: it.Change.Seq, Target: it.Change.Target, Before: it.Change.Undo.Words(), Diffs: it.Change.Diffs, State: it.State, Evidence: it.Evidence,
		Reason: it.Reason, Attempts: it.Attempts, IntentAt: stamp(it.IntentAt), FinishedAt: stamp(it.FinishedAt), Receipt: it.Receipt,
	})
	if err != nil {
		return fmt.Errorf("write an item as JSON: %w", err)
	}
	separator := ",\n    "
	if !e.any {
		e.any, separator = true, "\n    "
	}
	if _, err = fmt.Fprintf(e.w, "%s%s", separator, escaped(doc)); err != nil {
		return fmt.Errorf("write an item: %w", err)
	}
	return nil
}

func (e *jsonEncoder) Close() error {
	end := "]\n}\n"
	if e.any {
		end = "\n  ]\n}\n"
	}
	if _, err := io.WriteString(e.w, end); err != nil {
		return fmt.Errorf("write the end: %w", err)
	}
	return nil
}

// escaped writes the hidden characters of a JSON document as its escapes. They can stand only inside texts.
func escaped(doc []byte) []byte {
	if !bytes.ContainsFunc(doc, unseen) {
		return doc
	}
	out := make([]byte, 0, len(doc)+16)
	for len(doc) > 0 {
		r, size := utf8.DecodeRune(doc)
		switch {
		case !unseen(r):
			out = append(out, doc[:size]...)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		doc = doc[size:]
	}
	return out
}

// unseen tells whether a character is hidden and no line end between the parts of a document.
func unseen(r rune) bool { return r >= 0x7f && domain.Hidden(r) }

// stamp writes a time as RFC 3339 in UTC, "" for none.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
