package bulk

import (
	"fmt"
	"strings"
	"unicode"

	"seatkeeper/backend/domain"
)

// guardNames points at display names that can mislead the operator's eyes: two people with one name, and letters that
// only look alike.
func guardNames(in guardInput) []domain.GuardFinding {
	byName, mixed, hidden := map[string]string{}, map[string]bool{}, map[string]bool{}
	doubles := map[string]bool{}
	for _, c := range in.changes {
		if c.Verdict != domain.VerdictChange || c.Target.Name == "" {
			continue
		}
		id, key := c.Target.Key(), strings.Join(strings.Fields(strings.ToLower(visible(c.Target.Name))), " ")
		if other, ok := byName[key]; ok && other != id && c.Target.AccountID != "" {
			doubles[key] = true
		}
		byName[key] = id
		if mixedScript(c.Target.Name) {
			mixed[id] = true
		}
		if domain.Visible(c.Target.Name) != c.Target.Name {
			hidden[id] = true
		}
	}
	var found []domain.GuardFinding
	info := func(rule, message, hint string) {
		found = append(found, domain.GuardFinding{Level: domain.GuardInfo, Rule: rule, Message: message, Hint: hint})
	}
	const look = "Compare the e-mail addresses before you confirm."
	if n := len(doubles); n > 0 {
		info("same_name", domain.Plural(n, "display name belongs", "display names belong")+" to more than one of these people.", look)
	}
	if n := len(mixed); n > 0 {
		info("mixed_script", domain.Plural(n, "name mixes", "names mix")+" letters of different scripts that look alike.", look)
	}
	if n := len(hidden); n > 0 {
		info("hidden_characters", fmt.Sprintf("%s characters that cannot be seen.", domain.Plural(n, "name contains", "names contain")), look)
	}
	return found
}

// visible drops control and format characters: zero-width spaces, marks of direction, soft hyphens.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, s)
}

// lookalikes are the scripts whose letters are mistaken for each other.
var lookalikes = []*unicode.RangeTable{unicode.Latin, unicode.Cyrillic, unicode.Greek, unicode.Armenian, unicode.Cherokee}

// mixedScript tells whether one word has letters of two such scripts. A name with a Latin and a Cyrillic word is
// nothing special.
func mixedScript(name string) bool {
	for word := range strings.FieldsSeq(name) {
		var first *unicode.RangeTable
		for _, r := range word {
			for _, script := range lookalikes {
				if !unicode.Is(script, r) {
					continue
				}
				if first != nil && first != script {
					return true
				}
				first = script
			}
		}
	}
	return false
}
