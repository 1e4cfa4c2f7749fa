package bindings

import (
	"seatkeeper/backend/domain"
	"seatkeeper/backend/events"
)

// changed is the payload of events that say only what has to be read again.
type changed struct {
	SourceID string `json:"sourceId"`
}

// View converts an event of the bus for the page.
func View(e events.Event) (name string, payload any) {
	switch p := e.Payload.(type) {
	case domain.Sync:
		return string(e.Topic), syncView(p)
	case domain.Run:
		return string(e.Topic), runView(p)
	case events.NoticePayload:
		return string(e.Topic), NoticeView(p)
	default:
		return string(e.Topic), changed{SourceID: e.SourceID}
	}
}
