package desktop

import (
	"context"
	"log/slog"
	"strings"
)

// wailsLog takes what Wails itself logs. At the error level Wails writes whole messages of the page, so a bound method that is called
// with one wrong argument would put a typed API key into the log. Only the wording that is known to be constant passes.
type wailsLog struct{ log *slog.Logger }

// wailsSays are the beginnings of Wails' own sentences; what follows them may be the page's text.
var wailsSays = []string{
	"process message error", "Blocked request from unauthorized origin", "Blocked request from not main frame", "failed to get origin",
	"unknown Browser message", "unknown Window message", "Unknown message from front end", "Unknown message returned from dispatcher",
	"Unable to open default system browser", "Invalid URL", "Unable to handle request", "Error processing request", "Error finishing request",
	"Unable to call close for request", "No listeners for event", "cannot convert", "json:", "method", "error calling",
}

func (l wailsLog) report(level slog.Level, message string) {
	says := "a message"
	for _, known := range wailsSays {
		if i := strings.Index(message, known); i >= 0 && i < 40 {
			says = known
			break
		}
	}
	l.log.Log(context.Background(), level, "window: "+says, "withheld", len(message))
}

func (l wailsLog) Print(message string)   { l.report(slog.LevelDebug, message) }
func (l wailsLog) Trace(message string)   { l.report(slog.LevelDebug, message) }
func (l wailsLog) Debug(message string)   { l.report(slog.LevelDebug, message) }
func (l wailsLog) Info(message string)    { l.report(slog.LevelDebug, message) }
func (l wailsLog) Warning(message string) { l.report(slog.LevelWarn, message) }
func (l wailsLog) Error(message string)   { l.report(slog.LevelError, message) }
func (l wailsLog) Fatal(message string)   { l.report(slog.LevelError, message) }
