package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const (
	vulnDatabase = "https://vuln.go.dev"
	requireVuln  = "SEATKEEPER_REQUIRE_VULN"
	vulnPatience = 30 * time.Second
)

// vuln runs govulncheck. Without a network nothing is known, which is not the same as an error, unless the caller demands an answer:
// by naming a database or by the variable.
func vuln(ctx context.Context, _ []string) error {
	args := []string{"tool", toolMod, "govulncheck"}
	switch db := os.Getenv("GOVULNDB"); {
	case strings.Contains(db, "://"):
		args = append(args, "-db", db)
	case db != "":
		dir, err := filepath.Abs(db)
		if err != nil {
			return err
		}
		args = append(args, "-db", "file://"+filepath.ToSlash(dir))
	default:
		if err := reach(ctx, vulnDatabase+"/index/db.json"); err != nil {
			return blind(err, os.Getenv(requireVuln) != "")
		}
	}
	return run(ctx, "go", append(args, "-tags", productionTags, "./...")...)
}

// blind turns the reason why the database was not reached into the task's error.
func blind(err error, demanded bool) error {
	if errors.Is(err, context.Canceled) {
		return err
	}
	if demanded {
		return fmt.Errorf("no vulnerability database, and %s demands one: %w", requireVuln, err)
	}
	return unseenError(err.Error() + "; GOVULNDB may name a copy of the database")
}

// reach asks whether an address answers.
func reach(ctx context.Context, url string) error {
	ctx, stop := context.WithTimeout(ctx, vulnPatience)
	defer stop()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s", url, answer.Status)
	}
	return nil
}
