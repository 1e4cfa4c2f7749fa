package main

import "fmt"

// suites are the benchmarks that bench runs, one after the other, so that nothing disturbs a figure. Each brings its
// own baseline, so that a ratio says the same on any machine. Those without times take turns with their baseline
// inside, or take minutes.
var suites = []suite{
	{pkg: "./backend/bulk", test: "^TestRunUsesTheLimit$"},
	{pkg: "./backend/export", pattern: "^BenchmarkExport$", times: "3x", few: "1x"},
	{pkg: "./backend/people/directory", pattern: "^Benchmark(ColdStart|Follow|Touched)$", times: "5x"},
	{pkg: "./backend/people/directory", pattern: "^Benchmark(Answer|IDs|WhileSyncing)$"},
	{pkg: "./backend/mirror", pattern: "^BenchmarkSync(LatencyFloor|AgainstPlainLoop|Memory)$", brief: "^BenchmarkSyncLatencyFloor$/^organization$/^C=16$"},
	{pkg: "./backend/people/directory", pattern: "^Benchmark(Keystroke|Window|Build)$", times: "100x", few: "40x"},
	{pkg: "./backend/store/records", pattern: "^Benchmark(RunLog|SyncsPerItem|Timeline|RunPage)$", brief: "^Benchmark(RunLog|SyncsPerItem)$"},
	{pkg: "./backend/store/mirrordb", pattern: "^BenchmarkResync.*$"},
	{pkg: "./backend/store/mirrordb", pattern: "^BenchmarkLoad(FirstSync|Against.*)$", times: "3x"},
}

// goals are the figures to reach, by their number in the paper about performance; those without a number have been
// added since.
var goals = [][]goal{
	{ // the first load, against SQLite alone
		{1, "LoadFirstSync/100000", "ratio", 3.0, "writing 100,000 people, against copying the rows inside SQLite"},
		{1, "LoadFirstSync/500000", "ratio", 3.5, "the same of 500,000 people"},
		{1, "LoadAgainstText", "ratio", 0.6, "the same of 100,000, against the program sqlite3 reading the rows as SQL text (in this process where there is none)"},
		{10, "LoadAgainstPlainSchema", "load-ratio", 0.35, "the same of 20,000, against GORM's defaults with ids as text in every row"},
		{10, "LoadAgainstPlainSchema", "file-ratio", 0.25, "size of the file, against that one"},
	},
	{ // a full sync after it
		{2, "ResyncOnePercent", "ratio", 2.0, "saving that 1 % of 100,000 people have changed, against plain SQL of the same rows"},
		{2, "ResyncUnchanged/100000", "people-rows", 0, "rows of people written by a full sync that finds nothing changed"},
		{2, "ResyncUnchanged/100000", "people-pages", 0, "pages of people in the journal after it"},
		{2, "ResyncUnchanged/100000", "ratio", 1.2, "all that such a sync computes, against copying the rows inside SQLite"},
	},
	{ // a keystroke in a filter, against SQL on the same file with indexes that fit
		{3, "Answer", "of-1000", 1000.0 / 300, "a keystroke with the apps' and groups' numbers, without rows, against the same by SQL (1/300 of it)"},
		{3, "Answer", "rows-of-1000", 1000.0 / 50, "the same with 100 rows (1/50)"},
		{0, "Answer", "first-of-1000", 1000.0 / 10, "the first such answer after a sync, of which nothing is kept (1/10)"},
	},
	keystroke("typing-other-names", "typing a name: filter, count, list, first rows", 4, 16),
	keystroke("typing-with-filter", "the same inside a filter", 4, 16),
	keystroke("five-way", "a filter of five conditions, its days typed", 4, 16),
	keystroke("account-id", "typing an account id", 4, 16),
	keystroke("half", "a filter that half of the people fit", 8, 32),
	keystroke("everybody", "everybody, in another order", 8, 32),
	{ // what is read by SQL, by its key
		{4, "RunPage", "growth", 1.5, "growth of a page deep in a run's results, from a log of 50,000 to one of 500,000 (the list itself never asks SQL)"},
	},
	{ // while a full sync writes as fast as it can
		{5, "WhileSyncing", "p95-ratio", 3, "the keystroke under a full sync and the new list after it, against the same in peace"},
		{5, "WhileSyncing", "sql-p50-ratio", 2, "reading 100 people by SQL meanwhile, likewise"},
	},
	{ // starting
		{6, "ColdStart/100000", "ratio", 0.1, "from a start to the first answered keystroke, against reading the rows"},
		{6, "ColdStart/100000", "rss-MB", 64, "memory of the process without a window"},
		{6, "ColdStart/100000", "peak-MB", 64, "the most that it takes meanwhile"},
		{6, "Build/100000", "heap-B/user", 320, "memory of the people list for each person"},
	},
	{ // reading
		{7, "SyncLatencyFloor/organization/C=4", "ratio", 1.06, "a whole sync with 4 reads under way, against the least that the network's latency allows"},
		{7, "SyncLatencyFloor/organization/C=8", "ratio", 1.06, "with 8"},
		{7, "SyncLatencyFloor/organization/C=16", "ratio", 1.06, "with 16"},
		{7, "SyncLatencyFloor/site/C=4", "read-ratio", 1.06, "the reading of a site with 4 reads under way, likewise"},
		{7, "SyncLatencyFloor/site/C=8", "read-ratio", 1.06, "with 8"},
		{7, "SyncLatencyFloor/site/C=16", "read-ratio", 1.06, "with 16"},
		{7, "SyncAgainstPlainLoop/site", "ratio", 1.0 / 14, "a whole sync of a site with 16 reads under way, against a plain loop with the same calls"},
		{7, "SyncAgainstPlainLoop/organization", "cpu-ratio", 0.4, "processor time of a sync of an organization, against the plain loop's"},
		{0, "SyncMemory/organization/100000", "B/person", 64, "memory that a first sync of an organization keeps for each person beyond 10,000"},
		{0, "SyncMemory/again/100000", "B/person", 64, "the same of a later sync"},
		{0, "SyncMemory/site/100000", "B/person", 240, "the same of a site, whose people are held until their groups are known"},
		{0, "SyncMemory/data_center/100000", "B/person", 240, "the same of a Data Center instance"},
	},
	{ // writing what was done
		{8, "RunLog", "ratio", 2.0, "recording each result safely, against appending to a plain file and syncing it"},
		{8, "SyncsPerItem", "fsync/item", 1, "how often a result forces a file to disk, counted by strace"},
	},
	{ // taking people into the selection
		{9, "IDs", "of-1000", 1000.0 / 50, "87,000 people of a list into the selection, against SELECT id by database/sql (1/50)"},
	},
	{ // changing many, over the simulator, in simulated time
		{11, "RunRate", "%-of-limit", -95, "the rate of a run of 600 people, against what the limit allows"},
		{11, "RunRate", "closed-calls", 0, "calls while the limit was closed"},
	},
	{ // scrolling through 100,000 people: what the walks have left
		{12, "RealWindow/wheel", "frames/s", -40, "the wheel in the window itself (`task window many-people`)"},
		{12, "RealWindow/wheel", "blank-%", 0, "cells that are blank meanwhile"},
		{12, "RealWindow/fast-wheel", "frames/s", -40, "the wheel as fast as it turns"},
		{12, "RealWindow/200-rows", "p95-ms", 20, "200 rows anywhere in the list, as the page gets them"},
		{12, "Browser/wheel", "CPU-ms/frame", 8, "processor time of each frame in Chromium (`task e2e many-people`)"},
		{12, "Browser/wheel", "blank-%", 0, "cells that are blank meanwhile"},
	},
	bySize(12, "Window/200-rows", "p95-ms", "200 rows anywhere in the list", 20, 20),
	{ // exports of 100,000 people with every column
		{13, "Export/csv", "s", 1, "CSV of 100,000 people"},
		{13, "Export/xlsx", "s", 5, "XLSX of 100,000 people"},
		{13, "Export/xlsx", "more-MB", 120, "memory that it takes"},
		{13, "Export/xlsx", "window-p95-ms", 20, "200 rows of the list meanwhile"},
	},
	{
		{0, "Timeline/1000000", "person-p95-ms", 50, "what runs did to one person, out of a million results"},
		{0, "Timeline/1000000", "touches-cpu-s", 5, "whom runs have touched, out of a million results, the first time"},
		{0, "Timeline/1000000", "touches-again-cpu-s", 0.5, "the same when one more run has ended"},
		{0, "Touched", "first-cpu-ms", 1000, "the first filter about earlier runs, with these results in memory"},
		{0, "Touched", "cpu-ms", 16, "each further one"},
		{0, "Follow/100000", "ratio", 0.25, "taking in ten people who were read afresh, against reading the rows"},
	},
}

// growths are how much a figure may grow with the number of people.
var growths = []growth{
	{4, "Keystroke/five-way", "p50-ms", 10_000, 100_000, 10},
	{4, "Keystroke/five-way", "p50-ms", 100_000, 500_000, 7},
	{4, "Keystroke/typing-other-names", "p50-ms", 10_000, 100_000, 10},
	{4, "Keystroke/typing-other-names", "p50-ms", 100_000, 500_000, 7},
	{4, "Keystroke/half", "p50-ms", 10_000, 100_000, 10},
	{4, "Keystroke/half", "p50-ms", 100_000, 500_000, 7},
}

// elsewhere are goals that other tasks hold.
var elsewhere = []string{
	"12 size of the page: `task bundle`",
}

// keystroke makes the goals of one kind of keystroke: the slowest of twenty.
func keystroke(kind, what string, most, mostAbove float64) []goal {
	return bySize(4, "Keystroke/"+kind, "p95-ms", what, most, mostAbove)
}

// bySize makes one goal for each number of people, the smaller one up to 100,000.
func bySize(number int, benchmark, unit, what string, most, mostAbove float64) []goal {
	var all []goal
	for _, people := range []int{10_000, 100_000, 200_000, 500_000} {
		limit := most
		if people > 100_000 {
			limit = mostAbove
		}
		all = append(all, goal{number, fmt.Sprintf("%s/%d", benchmark, people), unit, limit, fmt.Sprintf("%s, %d people", what, people)})
	}
	return all
}
