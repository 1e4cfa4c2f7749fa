// Command simserver serves a simulated Atlassian on loopback ports, to poke by hand and for tests in other languages.
// It prints where it is, with the credentials, as one line of JSON, and runs until it is interrupted; nothing is stored.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"seatkeeper/backend/sim"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "simserver:", err)
		os.Exit(1)
	}
}

func run() error {
	cfg, faultsFile := config()
	faults, err := readFaults(faultsFile)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	w := sim.New(cfg)
	w.SetFaults(faults...)
	list, err := w.Serve(ctx)
	if err != nil {
		return fmt.Errorf("listen on loopback: %w", err)
	}
	if err := json.NewEncoder(os.Stdout).Encode(list); err != nil {
		return fmt.Errorf("print where the simulator is: %w", err)
	}
	<-ctx.Done()
	return nil
}

// config reads the flags.
func config() (cfg sim.Config, faultsFile string) {
	flag.IntVar(&cfg.People, "people", 5000, "people in the organization, 10 to 500000")
	flag.IntVar(&cfg.Sites, "sites", 3, "sites, 1 to 10")
	flag.IntVar(&cfg.DataCenters, "datacenters", 1, "Jira Data Center instances, 0 to 5")
	flag.BoolVar(&cfg.DataCenter.NoUserList, "datacenter-old", false, "the instances are of a version that lists only 1,000 people")
	flag.IntVar(&cfg.Groups, "groups", 0, "plain groups; 0 chooses by the number of people")
	flag.Uint64Var(&cfg.Seed, "seed", 1, "the same seed gives the same people")
	flag.DurationVar(&cfg.Latency, "latency", 0, "of each answer, e.g. 80ms")
	flag.DurationVar(&cfg.Visible, "visible", 0, "how long a change stays unseen by the organization's reads")
	flag.DurationVar(&cfg.SiteVisible, "site-visible", 0, "how long a change stays unseen by the other side, organization or site")
	flag.StringVar(&faultsFile, "faults", "", "file with a JSON list of faults")
	flag.BoolVar(&cfg.Hostile, "hostile", false, "everybody has a name that means harm, groups too")
	flag.BoolVar(&cfg.IPBlocked, "ip-blocked", false, "sites refuse this computer's IP address")
	centralized := flag.Bool("centralized", true, "one directory; otherwise one for each site")
	rate := flag.Int("rate", 0, "calls a minute for each credential and family of calls; 0 is no limit")
	flag.Func("key-expires", "life of the API key, e.g. 9d or 12h (default 90d)", func(s string) (err error) {
		cfg.KeyExpires, err = days(s)
		return err
	})
	flag.Func("key-scopes", "scopes of the API key, separated by commas (default none: a key that may do everything)", func(s string) error {
		cfg.KeyScopes = strings.Split(s, ",")
		return nil
	})
	flag.Parse()
	cfg.Original = !*centralized
	if *rate > 0 {
		cfg.Rates = []sim.Rate{{Limit: *rate, Window: time.Minute}}
	}
	return cfg, faultsFile
}

// days reads a duration that may be in days.
func days(s string) (time.Duration, error) {
	if n, ok := strings.CutSuffix(s, "d"); ok {
		v, err := strconv.ParseFloat(n, 64)
		return time.Duration(v * 24 * float64(time.Hour)), err
	}
	return time.ParseDuration(s)
}

func readFaults(file string) ([]sim.Fault, error) {
	if file == "" {
		return nil, nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read the faults: %w", err)
	}
	var faults []sim.Fault
	if err := json.Unmarshal(data, &faults); err != nil {
		return nil, fmt.Errorf("read the faults of %s: %w", file, err)
	}
	return faults, nil
}
