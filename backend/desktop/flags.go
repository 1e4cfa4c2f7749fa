package desktop

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"

	"seatkeeper/backend/domain"
)

// Flags is the command line.
type Flags struct {
	Demo       bool   // open on the demo organization
	DemoPeople int    // its size; 0 for the default
	DataDir    string // full path; "" for the default
	Hidden     bool   // start without showing the window
	Simulator  string // URL of a simulated Atlassian on this machine; "" for the real one
}

// ErrHelp is returned when the user asked for the list of flags, which has been written.
var ErrHelp = flag.ErrHelp

// The demo organization's bounds, in people.
const minDemo, maxDemo = 10, 500_000

const usage = `Seatkeeper: bulk administration for Atlassian Cloud.

  seatkeeper                     open the window
  seatkeeper --demo              open on the demo organization; nothing leaves this machine
  seatkeeper --demo-people N     its size, 10 to 500000 (default 5000)
  seatkeeper --data DIR          keep the data in DIR
  seatkeeper --hidden            start in the tray, without showing the window
  seatkeeper --simulator URL     for development: connect to a simulated Atlassian at http://127.0.0.1:PORT
`

// ParseFlags reads the command line without the program's name. Its errors are Invalid errors for the user.
func ParseFlags(args []string, out io.Writer) (Flags, error) {
	var f Flags
	set := flag.NewFlagSet("seatkeeper", flag.ContinueOnError)
	set.SetOutput(io.Discard) // the flag package's own words are for programmers
	set.BoolVar(&f.Demo, "demo", false, "")
	set.IntVar(&f.DemoPeople, "demo-people", 0, "")
	set.StringVar(&f.DataDir, "data", "", "")
	set.BoolVar(&f.Hidden, "hidden", false, "")
	set.StringVar(&f.Simulator, "simulator", "", "")
	toolFlags(set)
	err := set.Parse(args)
	given := map[string]bool{}
	set.Visit(func(fl *flag.Flag) { given[fl.Name] = true })
	switch {
	case errors.Is(err, flag.ErrHelp):
		_, err := io.WriteString(out, usage)
		return Flags{}, errors.Join(ErrHelp, err)
	case err != nil:
		return Flags{}, badFlag("%s", sentence(err))
	case set.NArg() > 0:
		return Flags{}, badFlag("Seatkeeper does not understand %s.", domain.Quote(set.Arg(0)))
	case given["data"] && strings.TrimSpace(f.DataDir) == "":
		return Flags{}, badFlag("--data needs a directory.")
	case given["demo-people"] && !f.Demo:
		return Flags{}, badFlag("--demo-people needs --demo.")
	case given["demo-people"] && (f.DemoPeople < minDemo || f.DemoPeople > maxDemo):
		return Flags{}, badFlag("--demo-people must be a number from %d to %d.", minDemo, maxDemo)
	case f.Demo && given["simulator"]:
		return Flags{}, badFlag("--demo and --simulator cannot be used together: the demo brings its own simulation.")
	case given["simulator"] && !loopback(f.Simulator):
		return Flags{}, badFlag("--simulator needs an address like http://127.0.0.1:8080: a simulated Atlassian runs on this machine.")
	}
	if f.DataDir != "" {
		if f.DataDir, err = filepath.Abs(f.DataDir); err != nil {
			return Flags{}, badFlag("--data: the directory cannot be found: %v.", err)
		}
	}
	return f, nil
}

// loopback tells whether an address is http on this machine, with a port and nothing else.
func loopback(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" || u.User != nil || u.Port() == "" || u.RawQuery != "" || u.Fragment != "" || strings.Trim(u.Path, "/") != "" {
		return false
	}
	ip, err := netip.ParseAddr(u.Hostname())
	return err == nil && ip.IsLoopback() && ip.Is4()
}

func badFlag(format string, args ...any) error {
	e := domain.Errorf(domain.Invalid, "%s", fmt.Sprintf(format, args...))
	e.Reason = "flags"
	return e.WithHint("Start it with --help to see what it understands.")
}

// sentence turns the flag package's message into ours.
func sentence(err error) string {
	text := err.Error()
	if name, ok := strings.CutPrefix(text, "flag provided but not defined: "); ok {
		return fmt.Sprintf("Seatkeeper does not know the flag -%s.", name)
	}
	if name, ok := strings.CutPrefix(text, "flag needs an argument: "); ok {
		return fmt.Sprintf("The flag -%s needs a value.", name)
	}
	return strings.ToUpper(text[:1]) + text[1:] + "."
}
