package desktop

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/events"
)

// level is the state that the tray icon shows, by shape and color.
type level string

const (
	levelIdle      level = "idle"
	levelRunning   level = "running"
	levelAttention level = "attention"
	levelError     level = "error"
)

// status is what the tray shows: an icon and one line.
type status struct {
	Level level
	Line  string
}

// board follows what goes on from the events of the bus.
type board struct {
	syncs map[string]domain.Sync // by source
	runs  map[string]domain.Run  // active ones
	next  time.Time              // of the next task, zero for none
	quits bool                   // the program ends with the last run
}

func newBoard() *board { return &board{syncs: map[string]domain.Sync{}, runs: map[string]domain.Run{}} }

func (b *board) apply(e events.Event) {
	switch p := e.Payload.(type) {
	case domain.Sync:
		b.syncs[p.SourceID] = p
	case domain.Run:
		delete(b.runs, p.ID)
		if p.Active() {
			b.runs[p.ID] = p
		}
	case domain.NextTask:
		b.next = p.At
	default:
		if e.Topic == events.SourcesChanged {
			// A source may be gone, or the demo was entered or left. What still goes on tells so again within a tenth of a second.
			clear(b.syncs)
			clear(b.runs)
		}
	}
}

// status picks the one thing to tell: a run before a sync, what goes on before what was, and a failure before a success.
func (b *board) status() status {
	var best domain.Run
	for _, r := range b.runs {
		if best.ID == "" || (best.State == domain.RunPaused && r.State == domain.RunRunning) {
			best = r
		}
	}
	end := ""
	if b.quits {
		end = ". Quits when done"
	}
	switch best.State { //nolint:exhaustive // none is active
	case domain.RunRunning:
		return status{levelRunning, fmt.Sprintf("%s: %s of %s%s", plain(best.ActionTitle), number(best.Total-best.Counts[domain.ItemPlanned]), number(best.Total), end)}
	case domain.RunPaused:
		return status{levelAttention, plain(best.ActionTitle) + " is paused: " + plain(orElse(best.PauseReason, "by you")) + end}
	}
	return b.syncStatus()
}

func (b *board) syncStatus() status {
	var last time.Time
	var failed *domain.Sync
	for _, s := range b.syncs {
		switch s.State { //nolint:exhaustive // one that never was or was cancelled leaves nothing to tell
		case domain.SyncRunning:
			return status{levelRunning, syncLine(s.Progress)}
		case domain.SyncFailed:
			failed = &s
		case domain.SyncDone:
			if s.FinishedAt.After(last) {
				last = s.FinishedAt
			}
		}
	}
	switch {
	case failed != nil && failed.Error != nil:
		return status{levelError, "Sync failed: " + plain(failed.Error.Message)}
	case failed != nil:
		return status{levelError, "Sync failed"}
	case !last.IsZero():
		return status{levelIdle, "Synced at " + last.Local().Format("15:04") + b.nextWords()} //nolint:gosmopolitan // shown to the user of this machine
	default:
		return status{levelIdle, "Ready" + b.nextWords()}
	}
}

// nextWords tells when the next task is due.
func (b *board) nextWords() string {
	if b.next.IsZero() {
		return ""
	}
	next, form := b.next.Local(), "15:04" //nolint:gosmopolitan // shown to the user of this machine
	if until := time.Until(next); until > 12*time.Hour || until < 0 {
		form = "Mon 15:04"
	}
	return ", next at " + next.Format(form)
}

func syncLine(p domain.ReadProgress) string {
	switch {
	case p.Waiting > 0:
		return fmt.Sprintf("Syncing: waiting %d s for Atlassian", int(p.Waiting.Round(time.Second)/time.Second))
	case p.PeopleTotal > 0:
		return fmt.Sprintf("Syncing: %s of %s people", number(p.People), number(p.PeopleTotal))
	default:
		return fmt.Sprintf("Syncing: %s people", number(p.People))
	}
}

// maxLine is the most characters of the tray's line.
const maxLine = 80

// plain makes text fit for a menu, where some characters are access keys.
func plain(s string) string {
	return strip(strings.Map(func(r rune) rune {
		if r == '_' || r == '&' {
			return ' '
		}
		return r
	}, s), maxLine)
}

// strip takes out what a reader cannot see, and shortens: names were typed by others and may hold line ends or direction marks.
func strip(s string, limit int) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) {
			return -1
		}
		return r
	}, s)
	if r := []rune(s); len(r) > limit {
		s = string(r[:limit-1]) + "…"
	}
	return s
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// number writes 12345 as 12,345.
func number(n int) string {
	s := strconv.Itoa(max(n, 0))
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
