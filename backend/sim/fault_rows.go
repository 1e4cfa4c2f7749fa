package sim

import (
	"encoding/json"
	"maps"
	"net/http"
	"regexp"
)

// strikeRows bends the rows of a list, whatever the list is called: all holds them, and list is the object that they stand in, if any.
func strikeRows(bend func(list map[string]json.RawMessage, rows []map[string]json.RawMessage) []map[string]json.RawMessage) func(*call, Fault) reply {
	return func(c *call, _ Fault) reply {
		rep := c.carryOut().encoded()
		if rep.err != nil || rep.status != http.StatusOK {
			return rep
		}
		var rows []map[string]json.RawMessage
		if json.Unmarshal(rep.body, &rows) == nil {
			rep.body = encode(bend(nil, rows))
			return rep
		}
		var list map[string]json.RawMessage
		if json.Unmarshal(rep.body, &list) != nil {
			return rep
		}
		for _, name := range []string{"data", "values", "groups"} {
			if json.Unmarshal(list[name], &rows) == nil && len(rows) > 0 {
				list[name] = encode(bend(list, rows))
				rep.body = encode(list)
				return rep
			}
		}
		return rep
	}
}

// nameless takes the id of the row in the middle.
func nameless(_ map[string]json.RawMessage, rows []map[string]json.RawMessage) []map[string]json.RawMessage {
	if len(rows) < 3 {
		return rows
	}
	row := rows[len(rows)/2]
	for _, name := range []string{"accountId", "groupId", "key", "id", "html"} {
		if delete(row, name); name == "html" && row["labels"] != nil { // a picker's groups are known by their names
			delete(row, "name")
		}
	}
	return rows
}

func firstTwice(list map[string]json.RawMessage, rows []map[string]json.RawMessage) []map[string]json.RawMessage {
	if len(rows) == 0 {
		return rows
	}
	var total int
	if json.Unmarshal(list["total"], &total) == nil {
		list["total"] = encode(total + 1)
	}
	return append(rows, maps.Clone(rows[0]))
}

var wholeNumber = regexp.MustCompile(`("(?:startAt|maxResults|total|size|count|users|numberOfSeats|userCount)":\s*-?\d+)([,}\s])`)

func strikeFractions(c *call, _ Fault) reply {
	rep := c.carryOut().encoded()
	if rep.err == nil {
		rep.body = wholeNumber.ReplaceAll(rep.body, []byte("$1.0$2"))
	}
	return rep
}
