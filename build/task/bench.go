package main

import (
	"bufio"
	"context"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
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
	{"./backend/directory", "^Benchmark(Keystroke|Window|Build)$", "100x", slices.Concat(
		bySize("Keystroke/typing-other-names", "typing a name: filter, count, list, first rows", 4, 16),
		bySize("Keystroke/typing-with-filter", "the same inside a filter", 4, 16),
		bySize("Keystroke/five-way", "a filter of five conditions, its days typed", 4, 16),
		bySize("Keystroke/half", "a filter that half of the people fit", 8, 32),
		bySize("Keystroke/everybody", "everybody, in another order", 8, 32),
		bySize("Keystroke/account-id", "typing an account id", 4, 16),
		bySize("Window/200-rows", "200 rows anywhere in the list", 20, 20),
		[]goal{{"Build/100000", "heap-B/user", 320, "memory of the people list for each person"}},
	)},
	{"./backend/directory", "^Benchmark(ColdStart|Follow)$", "3x", []goal{
		{"ColdStart/100000", "ratio", 0.1, "from a start to the first answered keystroke, against reading the rows"},
		{"ColdStart/100000", "rss-MB", 64, "memory of the process without a window"},
		{"Follow/100000", "ratio", 0.25, "taking in ten people who were read afresh, against reading the rows"},
	}},
}

// bySize makes one goal of the slowest of twenty for each number of people, the smaller one up to 100,000.
func bySize(benchmark, what string, most, mostAbove float64) []goal {
	var goals []goal
	for _, people := range []int{10_000, 100_000, 200_000, 500_000} {
		limit := most
		if people > 100_000 {
			limit = mostAbove
		}
		goals = append(goals, goal{fmt.Sprintf("%s/%d", benchmark, people), "p95-ms", limit, fmt.Sprintf("%s, %d people", what, people)})
	}
	return goals
}

// growths are how much a figure may grow with the number of people.
var growths = []struct {
	benchmark, unit string
	from, to        int
	most            float64
}{
	{"Keystroke/five-way", "p50-ms", 10_000, 100_000, 10},
	{"Keystroke/five-way", "p50-ms", 100_000, 500_000, 7},
	{"Keystroke/typing-other-names", "p50-ms", 10_000, 100_000, 10},
	{"Keystroke/typing-other-names", "p50-ms", 100_000, 500_000, 7},
	{"Keystroke/half", "p50-ms", 100_000, 500_000, 7},
}

// bench runs the benchmarks and holds them against their goals. A goal that is missed is shown, it is no failure: the machine may be busy.
// With -short it leaves out what takes minutes: more than 100,000 people.
func bench(ctx context.Context, args []string) error {
	short := slices.Contains(args, "-short")
	all, table := map[string]map[string]float64{}, []string{}
	row := func(got, most float64, unit, what string) {
		verdict := "reached"
		if got > most {
			verdict = "MISSED"
		}
		table = append(table, fmt.Sprintf("%-8s %8.2f <= %6.2f %5.2f %-11s %s", verdict, got, most, got/most, unit, what))
	}
	for _, b := range benchmarks {
		args := []string{"test", "-run", "^$", "-bench", b.pattern, "-benchtime", b.times, "-timeout", "30m", b.pkg}
		if short {
			args = slices.Insert(args, 1, "-short")
		}
		fmt.Println("$ go", strings.Join(args, " "))
		out, err := command{env: []string{noSessionBus}}.output(ctx, "go", args...)
		fmt.Println(out)
		if err != nil {
			return err
		}
		measured := parseBenchmarks(out)
		maps.Copy(all, measured)
		for _, g := range b.goals {
			got, ok := measured[g.benchmark][g.unit]
			switch {
			case ok:
				row(got, g.most, g.unit, g.what)
			case !short || !large(g.benchmark):
				return fmt.Errorf("%s prints no %s any more", g.benchmark, g.unit)
			}
		}
	}
	for _, g := range growths {
		small, big := all[fmt.Sprintf("%s/%d", g.benchmark, g.from)][g.unit], all[fmt.Sprintf("%s/%d", g.benchmark, g.to)][g.unit]
		if small > 0 && big > 0 {
			row(big/small, g.most, "times", fmt.Sprintf("growth of %s from %d to %d people", g.benchmark, g.from, g.to))
		}
	}
	fmt.Println("\nverdict  measured     goal ratio unit        what")
	_, err := fmt.Fprintln(os.Stdout, strings.Join(table, "\n"))
	return err
}

// large tells whether -short leaves a benchmark out.
func large(benchmark string) bool {
	return strings.HasSuffix(benchmark, "/200000") || strings.HasSuffix(benchmark, "/500000")
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
