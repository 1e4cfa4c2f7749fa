//go:build unix

package directory_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/people/directory"
	"seatkeeper/backend/people/index"
	"seatkeeper/backend/store"
	"seatkeeper/backend/store/mirrordb"
)

const coldStartFolder = "SEATKEEPER_BENCH_FOLDER"

// started is what a process tells about its start.
type started struct {
	CPU  float64 `json:"cpu"` // milliseconds until the first keystroke is answered
	Wall float64 `json:"wall"`
	RSS  float64 `json:"rss"` // megabytes afterwards
	Peak float64 `json:"peak"`
}

// imageless is a store that knows of no image.
type imageless struct{ *mirrordb.Store }

func (imageless) LoadImage(context.Context, string, int, func(int64, io.Reader) error) error {
	return errors.New("none")
}

func (imageless) SaveImage(context.Context, string, int, int64, func(io.Writer) error) error {
	return nil
}

// The process that BenchmarkColdStart measures is this program again: it opens a folder, answers one keystroke and
// ends.
var _ = beMeasured()

func beMeasured() bool {
	folder, way, asked := strings.Cut(os.Getenv(coldStartFolder), "|")
	if !asked {
		return false
	}
	told, err := answerOnce(context.Background(), folder, way)
	if err != nil {
		panic(err)
	}
	out, err := json.Marshal(told)
	if err != nil {
		panic(err)
	}
	_, _ = fmt.Fprintf(os.Stdout, "started %s\n", out)
	os.Exit(0)
	return true
}

func answerOnce(ctx context.Context, folder, way string) (started, error) {
	begin, cpu := time.Now(), cpuTime()
	db, err := store.Open(ctx, folder, slog.New(slog.DiscardHandler))
	if err != nil {
		return started{}, err
	}
	var from directory.Store = db.Mirror
	if way == "rows" {
		from = imageless{db.Mirror}
	}
	s := directory.New(directory.Options{Store: from})
	snap, err := s.Query(ctx, directory.Query{SourceID: "s", Search: "muller"})
	if err != nil {
		return started{}, err
	}
	if rows, err := s.Rows(ctx, snap.ID, 0, 100); err != nil || len(rows) == 0 {
		return started{}, fmt.Errorf("%d rows, %w", len(rows), err)
	}
	answered, used := time.Since(begin), cpuTime()-cpu
	s.Close()
	if err := db.Close(); err != nil {
		return started{}, err
	}
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	return started{CPU: ms(used), Wall: ms(answered), RSS: memory("VmRSS"), Peak: memory("VmHWM")}, nil
}

// memory reads one of Linux's figures about this process, in megabytes; 0 elsewhere.
func memory(figure string) float64 {
	status, _ := os.ReadFile("/proc/self/status")
	_, after, _ := strings.Cut(string(status), figure+":")
	kb, _ := strconv.Atoi(strings.Fields(after + " 0")[0])
	return float64(kb) / 1024
}

// storedOrg fills a folder with a synced organization and the image of its people.
func storedOrg(b *testing.B, people int) string {
	b.Helper()
	folder := b.TempDir()
	check := func(err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	db, err := store.Open(b.Context(), folder, slog.New(slog.DiscardHandler))
	check(err)
	check(db.Records.SaveSource(b.Context(), domain.Source{ID: "s", Kind: domain.KindAtlassianOrg, Name: "Acme"}))
	sync, err := db.Mirror.BeginSync(b.Context(), "s")
	check(err)
	c := bigOrg(people).now
	check(db.Mirror.StageBatch(b.Context(), sync.ID, domain.Batch{Directories: c.directories, Apps: c.apps, Groups: c.groups}))
	for chunk := range slices.Chunk(c.users, 1000) {
		check(db.Mirror.StageBatch(b.Context(), sync.ID, domain.Batch{Users: chunk}))
	}
	_, err = db.Mirror.CommitSync(b.Context(), sync.ID, domain.Shortfall{})
	check(err)
	ix, err := index.Build(b.Context(), db.Mirror, "s")
	check(err)
	check(ix.SaveImage(b.Context(), db.Mirror, "s"))
	check(db.Close())
	return folder
}

// BenchmarkColdStart measures a process from its start to the first answered keystroke, from the image and from the
// rows in turns.
func BenchmarkColdStart(b *testing.B) {
	for _, n := range sizes() {
		if n > 200_000 {
			continue // filling the database takes longer than all the rest
		}
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			folder := storedOrg(b, n)
			b.ResetTimer()
			var image, rows, rss, peak []float64
			for range b.N {
				for _, way := range []string{"image", "rows"} {
					told := start(b, folder, way)
					if way == "rows" {
						rows = append(rows, told.CPU)
						continue
					}
					image, rss, peak = append(image, told.CPU), append(rss, told.RSS), append(peak, told.Peak)
				}
			}
			b.ReportMetric(median(image), "cpu-ms")
			b.ReportMetric(median(rows), "rows-cpu-ms")
			b.ReportMetric(median(image)/median(rows), "ratio")
			b.ReportMetric(median(rss), "rss-MB")
			b.ReportMetric(median(peak), "peak-MB")
			b.ReportMetric(0, "ns/op")
		})
	}
}

func start(b *testing.B, folder, way string) started {
	b.Helper()
	cmd := exec.CommandContext(b.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), coldStartFolder+"="+folder+"|"+way)
	out, err := cmd.CombinedOutput()
	var told started
	_, line, found := strings.Cut(string(out), "started ")
	if line, _, _ = strings.Cut(line, "\n"); !found || json.Unmarshal([]byte(line), &told) != nil {
		b.Fatalf("%s, %v", out, err)
	}
	return told
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

// BenchmarkFollow measures what a refresh of ten people costs the people list, against reading all rows.
func BenchmarkFollow(b *testing.B) {
	for _, n := range sizes() {
		if n > 200_000 {
			continue
		}
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			db, err := store.Open(b.Context(), storedOrg(b, n), slog.New(slog.DiscardHandler))
			if err != nil {
				b.Fatal(err)
			}
			defer func() { _ = db.Close() }()
			ix, err := index.Open(b.Context(), db.Mirror, "s")
			if err != nil {
				b.Fatal(err)
			}
			ids := make([]int64, 10)
			for i := range ids {
				ids[i] = ix.ID(i * n / 10)
			}
			var patched, built []float64
			b.ResetTimer()
			for range b.N {
				users, err := db.Mirror.UsersByID(b.Context(), "s", ids)
				if err != nil {
					b.Fatal(err)
				}
				if err := db.Mirror.PutUsers(b.Context(), "s", users); err != nil {
					b.Fatal(err)
				}
				patched = append(patched, timed(b, func() error { ix, err = ix.Next(b.Context(), db.Mirror, "s"); return err }))
				built = append(built, timed(b, func() error { _, err := index.Build(b.Context(), db.Mirror, "s"); return err }))
			}
			b.ReportMetric(median(patched), "cpu-ms")
			b.ReportMetric(median(built), "rows-cpu-ms")
			b.ReportMetric(median(patched)/median(built), "ratio")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// BenchmarkTouched is a filter about earlier runs over a log of a million results: the first answer, which sorts them
// by person, and the answers after it.
func BenchmarkTouched(b *testing.B) {
	const people, results, each = 100_000, 1_000_000, 50_000
	o := &once{bigOrg(people)}
	touches := make([]domain.Touch, results)
	for i := range touches {
		touches[i] = domain.Touch{
			AccountID: o.get().users[i*7919%people].AccountID, RunID: fmt.Sprintf("run-%02d", i/each), Action: "user.suspend",
			State: domain.ItemDone, At: time.Now().AddDate(0, 0, i/each-30),
		}
	}
	s := directory.New(directory.Options{Store: o, Touches: func(context.Context, string) ([]domain.Touch, error) { return touches, nil }})
	b.Cleanup(s.Close)
	ask := func(text string) float64 {
		return timed(b, func() error {
			snap, err := s.Query(b.Context(), directory.Query{SourceID: "s", Filter: text})
			if err == nil && snap.Total == 0 {
				err = errors.New("nobody was touched")
			}
			return err
		})
	}
	ask("")
	first := ask("touchedBy is not empty")
	for b.Loop() {
		var after []float64
		for i := range 60 {
			after = append(after, ask(fmt.Sprintf([]string{`touchedBy = "run-%02d"`, `lastTouched >= -%dd`}[i%2], 11+i%9)))
		}
		b.ReportMetric(median(after), "cpu-ms")
	}
	b.ReportMetric(first, "first-cpu-ms")
	b.ReportMetric(0, "ns/op")
}

func timed(b *testing.B, fn func() error) float64 {
	b.Helper()
	before := cpuTime()
	if err := fn(); err != nil {
		b.Fatal(err)
	}
	return float64((cpuTime() - before).Microseconds()) / 1000
}

// cpuTime is the processor time that this process has used.
func cpuTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
