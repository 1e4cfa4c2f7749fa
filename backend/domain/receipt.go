package domain

import "time"

// Receipt is the proof of one call: what was asked and what was answered, with secrets already masked.
type Receipt struct {
	Method    string        `json:"method"`
	URL       string        `json:"url"`            // without query values that are secret
	Body      string        `json:"body,omitempty"` // request body
	Status    int           `json:"status"`         // HTTP status; 0 when no answer came
	Answer    string        `json:"answer,omitempty"`
	RequestID string        `json:"requestId,omitempty"` // Atlassian's trace id
	SentAt    time.Time     `json:"sentAt"`
	Took      time.Duration `json:"took"`
}
