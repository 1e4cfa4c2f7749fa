package sim

import (
	"encoding/json"
	"maps"
)

// narrowedBy tells whether the request has a parameter, a field of its body or a part of its path of that name.
func (c *call) narrowedBy(name string) bool {
	_, inBody := c.fields()[name]
	return c.query.Has(name) || c.vars[name] != "" && c.vars[name] != "-" || inBody
}

// fields are those of the body.
func (c *call) fields() map[string]json.RawMessage {
	var body map[string]json.RawMessage
	if json.Unmarshal(c.body, &body) != nil {
		return nil
	}
	return body
}

// strikeIgnores answers as if the request had not been narrowed, or had been to something else.
func strikeIgnores(c *call, f Fault) reply {
	c.query, c.vars = maps.Clone(c.query), maps.Clone(c.vars)
	switch {
	case f.Instead != "" && c.query.Has(f.Ignore):
		c.query.Set(f.Ignore, f.Instead)
	case f.Instead != "":
		c.vars[f.Ignore] = f.Instead
	case c.query.Has(f.Ignore):
		c.query.Del(f.Ignore)
		c.everybody = f.Ignore == "groupId" || f.Ignore == "groupname"
	}
	if f.Instead == "" && c.vars[f.Ignore] != "" {
		c.vars[f.Ignore] = "-"
	}
	if body := c.fields(); body != nil {
		delete(body, f.Ignore)
		if f.Ignore == "directoryId" {
			delete(body, "directoryIds")
		}
		c.body = encode(body)
	}
	return c.carryOut()
}
