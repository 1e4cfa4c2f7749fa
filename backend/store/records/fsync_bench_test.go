package records

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// BenchmarkRecord records results one by one; BenchmarkSyncsPerItem runs it under strace.
func BenchmarkRecord(b *testing.B) {
	for _, people := range []int{1000, 3000} {
		b.Run(strconv.Itoa(people), func(b *testing.B) {
			s := openTest(b, b.TempDir())
			addSource(b, s, testSource)
			for b.Loop() {
				for next := benchRun(b, s, fmt.Sprint("run-", b.N), people); next(); {
				}
			}
		})
	}
}

// BenchmarkSyncsPerItem counts how often a result asks the system to force a file to disk: the difference between long
// and short runs, so that opening and closing do not count. Without strace it says nothing.
func BenchmarkSyncsPerItem(b *testing.B) {
	strace, err := exec.LookPath("strace")
	if err != nil {
		b.Log("strace is not installed")
		return
	}
	count := func(people int) float64 {
		list := filepath.Join(b.TempDir(), "calls")
		cmd := exec.CommandContext(b.Context(), strace, "-f", "-c", "-e", "trace=fsync,fdatasync,sync_file_range", "-o", list,
			os.Args[0], "-test.run", "^$", "-test.bench", "^BenchmarkRecord$/^"+strconv.Itoa(people)+"$", "-test.benchtime", "1x")
		if out, err := cmd.CombinedOutput(); err != nil {
			b.Fatalf("%s, %v", out, err)
		}
		table, err := os.ReadFile(list)
		if err != nil {
			b.Fatal(err)
		}
		calls := 0.0
		for line := range strings.Lines(string(table)) { // % time, seconds, usecs/call, calls, errors, syscall
			if words := strings.Fields(line); len(words) >= 5 && strings.Contains(words[len(words)-1], "sync") {
				n, _ := strconv.ParseFloat(words[3], 64)
				calls += n
			}
		}
		return calls
	}
	var each []float64
	for b.Loop() {
		each = append(each, (count(3000)-count(1000))/2000)
	}
	b.ReportMetric(each[len(each)/2], "fsync/item")
	b.ReportMetric(0, "ns/op")
}
