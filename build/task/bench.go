package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// suite is some benchmarks of one package.
type suite struct {
	pkg     string
	pattern string // for -bench
	test    string // for -run: a test that prints figures, because it needs a clock of its own
	times   string // for -benchtime
	few     string // the same with -short
	brief   string // the pattern with -short
}

// goal is a figure to reach: what a benchmark says under a unit is at most so much. A negative most is a least.
type goal struct {
	number    int // in the paper about performance, 0 for none
	benchmark string
	unit      string
	most      float64
	what      string
}

// growth is how much a figure may grow from one number of people to another.
type growth struct {
	number          int
	benchmark, unit string
	from, to        int
	most            float64
}

// figures are what benchmarks have said: by name, without the number of cores, and by unit.
type figures map[string]map[string]float64

// tolerance is how far beyond its goal a figure on a busy machine may be.
const tolerance = 1.25

// bench runs the benchmarks and holds them against their goals. A goal that is missed is shown, it is no failure: the machine may be busy.
// With -short it leaves out what takes minutes: more than 100,000 people, and many rounds. Interrupted, it shows what it has.
func bench(ctx context.Context, args []string) error {
	short := slices.Contains(args, "-short")
	all, failed := figures{}, error(nil)
	for _, s := range suites {
		out, err := s.run(ctx, short)
		maps.Copy(all, parseBenchmarks(out))
		if failed = errors.Join(failed, err); ctx.Err() != nil {
			break // what is measured is shown
		}
	}
	maps.Copy(all, walked())
	fmt.Println("\n No verdict    measured       goal ratio unit         what")
	for _, r := range rows(all, short) {
		fmt.Println(r)
	}
	for _, e := range elsewhere {
		fmt.Println(e)
	}
	return failed
}

// walked are the figures that the walks through 100,000 people have left, if they were run before.
func walked() figures {
	all := figures{}
	for _, folder := range []string{"window", "e2e"} {
		if said, err := os.ReadFile(filepath.Join(out, folder, "figures.txt")); err == nil {
			maps.Copy(all, parseBenchmarks(string(said)))
		}
	}
	return all
}

func (s suite) run(ctx context.Context, short bool) (string, error) {
	test, pattern, times := cmp.Or(s.test, "^$"), cmp.Or(s.pattern, "^$"), cmp.Or(s.times, "1x")
	args := []string{"test", "-v", "-run", test, "-timeout", "30m"}
	if short {
		args, times, pattern = append(args, "-short"), cmp.Or(s.few, times), cmp.Or(s.brief, pattern)
	}
	args = append(args, "-bench", pattern, "-benchtime", times, s.pkg)
	fmt.Println("$ go", strings.Join(args, " "))
	var out bytes.Buffer
	cmd := command{env: []string{noSessionBus}}.make(ctx, "go", args...)
	cmd.Stdout, cmd.Stderr = io.MultiWriter(os.Stdout, &out), os.Stderr
	if err := cmd.Run(); err != nil {
		return out.String(), fmt.Errorf("%s: %w", s.pkg, err)
	}
	return out.String(), nil
}

// rows is the table: the goals by their number, and behind those of a number how its figures grow.
func rows(all figures, short bool) []string {
	type row struct {
		number int
		text   string
	}
	var table []row
	for _, g := range slices.Concat(goals...) {
		if got, ok := all[g.benchmark][g.unit]; ok {
			table = append(table, row{g.number, g.row(got)})
		} else if !short {
			table = append(table, row{g.number, fmt.Sprintf("%3s %-9s %47s %s", g.label(), "no figure", "", g.what)})
		}
	}
	for _, g := range growths {
		small, big := all[fmt.Sprintf("%s/%d", g.benchmark, g.from)][g.unit], all[fmt.Sprintf("%s/%d", g.benchmark, g.to)][g.unit]
		if small > 0 && big > 0 {
			what := fmt.Sprintf("growth of %s from %d to %d people", g.benchmark, g.from, g.to)
			table = append(table, row{g.number, goal{number: g.number, unit: "times", most: g.most, what: what}.row(big / small)})
		}
	}
	slices.SortStableFunc(table, func(a, b row) int {
		return cmp.Or(cmp.Compare(b2i(a.number == 0), b2i(b.number == 0)), cmp.Compare(a.number, b.number))
	})
	lines := make([]string, len(table))
	for i, r := range table {
		lines[i] = r.text
	}
	return lines
}

func (g goal) label() string {
	if g.number == 0 {
		return "-"
	}
	return strconv.Itoa(g.number)
}

// row says whether got reaches the goal. The ratio is above 1 when it does not, whichever way the goal goes.
func (g goal) row(got float64) string {
	limit, sign, ratio := g.most, "<=", 0.0
	switch {
	case limit < 0:
		limit, sign = -limit, ">="
		ratio = limit / got
	case limit > 0:
		ratio = got / limit
	case got > 0:
		ratio = got + tolerance // a goal of nothing
	}
	verdict := "reached"
	if ratio > tolerance {
		verdict = "MISSED"
	} else if ratio > 1 {
		verdict = "close"
	}
	return fmt.Sprintf("%3s %-9s %10.4g %s %7.4g %5.2f %-12s %s", g.label(), verdict, got, sign, limit, ratio, g.unit, g.what)
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

var benchmarkName = regexp.MustCompile(`^Benchmark(.+?)(?:-\d+)?$`)

// parseBenchmarks reads go test's lines: a name, a count, and pairs of figure and unit.
func parseBenchmarks(out string) figures {
	all := figures{}
	for lines := bufio.NewScanner(strings.NewReader(out)); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) < 4 {
			continue
		}
		name := benchmarkName.FindStringSubmatch(fields[0])
		if name == nil {
			continue
		}
		said := map[string]float64{}
		for i := 2; i+1 < len(fields); i += 2 {
			if figure, err := strconv.ParseFloat(fields[i], 64); err == nil {
				said[fields[i+1]] = figure
			}
		}
		all[name[1]] = said
	}
	return all
}
