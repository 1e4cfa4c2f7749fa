package atlassian

import (
	"bytes"
	"encoding/json"
	"strings"
)

// details is what could be read out of an error body, whatever its form.
type details struct {
	code   string // ADMIN-409-3, or the key of the user management API
	key    string // finer: externalDirectory.scim
	title  string
	text   string // the human part
	form   string // which form it was: "A" to "I" as in Atlassian's zoo
	isHTML bool
}

// all is everything that may hold a hint to the cause, in lower case.
func (d details) all() string {
	return strings.ToLower(d.code + " " + d.key + " " + d.title + " " + d.text)
}

// decodeError reads an error body. It never fails: what it does not know is kept as text.
func decodeError(contentType string, body []byte) details {
	trimmed := bytes.TrimSpace(body)
	if len(trimmed) > 0 && trimmed[0] == '[' {
		if d, ok := decodeList(trimmed, "E"); ok {
			return d
		}
	}
	if len(trimmed) > 0 && trimmed[0] == '{' {
		var fields map[string]json.RawMessage
		if json.Unmarshal(trimmed, &fields) == nil {
			return decodeObject(fields)
		}
	}
	d := details{form: "I", text: string(trimmed)}
	head := strings.ToLower(string(trimmed[:min(len(trimmed), 512)]))
	d.isHTML = strings.Contains(strings.ToLower(contentType), "html") || strings.HasPrefix(head, "<!doctype") || strings.Contains(head, "<html")
	if d.isHTML {
		d.text = "" // a page is nothing to show
	}
	return d
}

// decodeObject tells the forms apart by the members that only they have.
func decodeObject(f map[string]json.RawMessage) details {
	str := func(name string) string { return scalar(f[name]) }
	if d, ok := decodeList(f["errors"], "A"); ok {
		return d
	}
	switch {
	case has(f, "errorMessages"), has(f, "errors"):
		return decodeJira(f)
	case has(f, "schemas"):
		return details{form: "H", code: str("scimType"), text: str("detail")}
	case has(f, "key"):
		key, fields := inContext(f["context"], "")
		text := strings.TrimSpace(str("message") + " " + strings.Join(fields, ", "))
		return details{form: "D", code: str("key"), key: key, text: text}
	case has(f, "statusCode"), has(f, "status-code"):
		form := "F"
		if has(f, "status-code") {
			form = "G"
		}
		return details{form: form, text: str("message")}
	case has(f, "error") && has(f, "status"):
		return details{form: "C", title: str("error"), text: str("message")}
	case has(f, "message"), has(f, "code"):
		return details{form: "B", code: str("code"), text: str("message")}
	}
	return details{form: "I"}
}

// inContext looks through the context of form D for the key of the first reason, and for the fields that it names: the reason may
// stand at the top, or once for each refused field.
func inContext(raw json.RawMessage, field string) (key string, fields []string) {
	var f map[string]json.RawMessage
	if json.Unmarshal(raw, &f) != nil {
		return "", nil
	}
	var violations []map[string]json.RawMessage
	if json.Unmarshal(f["fieldViolations"], &violations) == nil {
		for _, v := range violations {
			fields = append(fields, scalar(v["field"]))
		}
	}
	var reason struct {
		Key string `json:"key"`
	}
	if json.Unmarshal(f["reason"], &reason) == nil && reason.Key != "" {
		if field != "" {
			fields = append(fields, field)
		}
		return reason.Key, fields
	}
	for _, name := range sortedKeys(f) {
		k, inner := inContext(f[name], name)
		fields = append(fields, inner...)
		if key == "" {
			key = k
		}
	}
	return key, fields
}

// decodeJira reads form F: messages, and an object of messages by field.
func decodeJira(f map[string]json.RawMessage) details {
	var messages []json.RawMessage
	_ = json.Unmarshal(f["errorMessages"], &messages)
	var fields map[string]json.RawMessage
	_ = json.Unmarshal(f["errors"], &fields)
	var parts []string
	for _, m := range messages {
		parts = append(parts, scalar(m))
	}
	for _, name := range sortedKeys(fields) {
		parts = append(parts, name+": "+scalar(fields[name]))
	}
	if len(parts) == 0 {
		parts = append(parts, scalar(f["message"]))
	}
	return details{form: "F", text: strings.Join(parts, " ")}
}

// decodeList reads forms A and E: the first entry counts, the others are added to the text.
func decodeList(raw json.RawMessage, form string) (details, bool) {
	var entries []map[string]json.RawMessage
	if !isArray(raw) || json.Unmarshal(raw, &entries) != nil || len(entries) == 0 {
		return details{}, false
	}
	first := entries[0]
	d := details{form: form, code: scalar(first["code"]), title: scalar(first["title"])}
	for _, e := range entries {
		for _, name := range []string{"detail", "message"} {
			if s := scalar(e[name]); s != "" {
				d.text = strings.TrimSpace(d.text + " " + s)
			}
		}
	}
	return d, true
}

// scalar reads a string, number or boolean as text; status and code come as either.
func scalar(raw json.RawMessage) string {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || raw[0] == '{' || raw[0] == '[' || string(raw) == "null" {
		return ""
	}
	var s string
	if raw[0] == '"' {
		_ = json.Unmarshal(raw, &s)
		return s
	}
	return string(raw)
}

func has(f map[string]json.RawMessage, name string) bool {
	_, ok := f[name]
	return ok
}
