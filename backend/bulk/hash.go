package bulk

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"seatkeeper/backend/domain"
)

// hashOf is the SHA-256 over everything that a plan says and will do, as lower-case hex.
//
// It covers the plan's head (without Hash and RunID) and every change in order, each as one line of JSON. Maps are written with sorted
// keys by encoding/json, so equal plans have equal hashes.
func hashOf(p domain.Plan, each func(func(domain.Change) error) error) (string, error) {
	p.Hash, p.RunID = "", ""
	sum := sha256.New()
	enc := json.NewEncoder(sum)
	if err := enc.Encode(p); err != nil {
		return "", fmt.Errorf("hash the plan: %w", err)
	}
	if err := each(func(c domain.Change) error { return enc.Encode(c) }); err != nil {
		return "", fmt.Errorf("hash the plan: %w", err)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
