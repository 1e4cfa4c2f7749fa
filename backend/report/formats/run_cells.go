package formats

import (
	"strconv"
	"strings"

	"seatkeeper/backend/domain"
)

// runHead names what runCells gives, for formats in which a result is a line of texts.
var runHead = []string{
	"run", "action", "source", "seq", "account_id", "name", "email", "directory", "group_id", "group", "before", "after",
	"result", "evidence", "reason", "attempts", "started", "finished", "http_status", "request_id", "raised",
}

func runCells(run domain.Run, it domain.Item) []string {
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
	return []string{
		run.ID, run.Action, run.SourceName, strconv.Itoa(it.Change.Seq), t.AccountID, t.Name, t.Email, t.DirectoryID, t.GroupID, t.GroupName,
		strings.Join(before, "; "), strings.Join(after, "; "), string(it.State), string(it.Evidence), it.Reason, strconv.Itoa(it.Attempts),
		stamp(it.IntentAt), stamp(it.FinishedAt), status, request, raised(run),
	}
}

// raised tells with which words, and why, the caps of a run's plan were raised; "" for most runs.
func raised(run domain.Run) string {
	if run.Raised == nil {
		return ""
	}
	return run.Raised.Words + " (" + run.Raised.Reason + ")"
}
