package filter

import "strings"

// nearest finds the name that is the likeliest meant by written: an unambiguous prefix, or at most a third of its
// letters away.
func nearest(written string, names []string) (string, bool) {
	low := strings.ToLower(written)
	if low == "" || len(low) > 100 {
		return "", false
	}
	best, bestCost := "", 1000
	for _, name := range names {
		candidate := strings.ToLower(name)
		if len(candidate) > 100 {
			continue
		}
		cost := distance([]rune(low), []rune(candidate))
		if len(low) >= 3 && strings.HasPrefix(candidate, low) {
			cost = 1
		}
		if cost < bestCost {
			best, bestCost = name, cost
		}
	}
	return best, best != "" && bestCost <= max(1, len([]rune(low))/3)
}

// distance is the number of letters to insert, delete, replace or swap with the neighbor to get from a to b.
func distance(a, b []rune) int {
	rows := [3][]int{make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)}
	for j := range rows[1] {
		rows[1][j] = j
	}
	for i := 1; i <= len(a); i++ {
		before, last, now := rows[(i-1)%3], rows[i%3], rows[(i+1)%3]
		now[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			now[j] = min(last[j]+1, now[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				now[j] = min(now[j], before[j-2]+1)
			}
		}
	}
	return rows[(len(a)+1)%3][len(b)]
}
