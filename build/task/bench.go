package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
)

// goal is a figure to reach. Each benchmark brings its own baseline, so that a ratio says the same on any machine.
type goal struct {
	benchmark string // name as go test prints it, without the number of cores
	unit      string
	most      float64
	what      string
}

// benchmarks are run one package after the other, so that nothing disturbs a figure.
var benchmarks = []struct {
	pkg, pattern, times string
	goals               []goal
}{
	{"./backend/mirror", "SyncLatencyFloor", "3x", []goal{
		{"SyncLatencyFloor", "ratio", 1.06, "a whole sync, against the least that the network's latency allows"},
	}},
	{"./backend/store", "Load100k|RunLog", "3x", []goal{
		{"Load100kFirstSync", "ratio", 2.0, "writing 100,000 people, against copying the rows inside SQLite"},
		{"RunLog", "ratio", 2.0, "recording each result safely, against appending to a plain file and syncing it"},
	}},
	{"./backend/directory", "^Benchmark(Keystroke|Window)$/./^100000$", "200x", []goal{
		{"Keystroke/typing/100000", "p95-ms", 4, "typing a name among 100,000 people: filter, count, list, first rows"},
		{"Keystroke/typing-with-filter/100000", "p95-ms", 4, "the same inside a filter"},
		{"Keystroke/five-way/100000", "p95-ms", 4, "a filter of five conditions"},
		{"Keystroke/half/100000", "p95-ms", 8, "a filter that half of the people fit"},
		{"Keystroke/everybody/100000", "p95-ms", 8, "everybody, in another order"},
		{"Window/200-rows/100000", "p95-ms", 20, "200 rows anywhere in the list"},
	}},
}

// bench runs the benchmarks and holds them against their goals. A goal that is missed is shown, it is no failure: the machine may be busy.
func bench(ctx context.Context, _ []string) error {
	var table []string
	for _, b := range benchmarks {
		args := []string{"test", "-run", "^$", "-bench", b.pattern, "-benchtime", b.times, "-timeout", "30m", b.pkg}
		fmt.Println("$ go", strings.Join(args, " "))
		out, err := command{env: []string{noSessionBus}}.output(ctx, "go", args...)
		fmt.Println(out)
		if err != nil {
			return err
		}
		measured := parseBenchmarks(out)
		for _, g := range b.goals {
			got, ok := measured[g.benchmark][g.unit]
			verdict := "reached"
			switch {
			case !ok:
				return fmt.Errorf("%s prints no %s any more", g.benchmark, g.unit)
			case got > g.most:
				verdict = "MISSED"
			}
			table = append(table, fmt.Sprintf("%-8s %8.2f <= %5.2f %-7s %s", verdict, got, g.most, g.unit, g.what))
		}
	}
	fmt.Println("\nverdict  measured     goal unit    what")
	_, err := fmt.Fprintln(os.Stdout, strings.Join(table, "\n"))
	return err
}

var benchmarkName = regexp.MustCompile(`^Benchmark(.+?)(?:-\d+)?$`)

// parseBenchmarks reads go test's lines: a name, a count, and pairs of figure and unit.
func parseBenchmarks(out string) map[string]map[string]float64 {
	all := map[string]map[string]float64{}
	for lines := bufio.NewScanner(strings.NewReader(out)); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) < 4 {
			continue
		}
		name := benchmarkName.FindStringSubmatch(fields[0])
		if name == nil {
			continue
		}
		figures := map[string]float64{}
		for i := 2; i+1 < len(fields); i += 2 {
			if figure, err := strconv.ParseFloat(fields[i], 64); err == nil {
				figures[fields[i+1]] = figure
			}
		}
		all[name[1]] = figures
	}
	return all
}
