package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
)

// systemPackage is a Debian package and what it is for.
type systemPackage struct {
	name string
	why  string
	have []string // programs that do as well, wherever they come from
}

// toBuild is needed to build and open the window; toTest also for the tests and for a walk without a display.
var (
	toBuild = []systemPackage{
		{name: "build-essential", why: "the C compiler that Go calls for the window and for the race detector"},
		{name: "pkg-config", why: "finds the window's libraries"},
		{name: "libgtk-3-dev", why: "the window"},
		{name: "libwebkit2gtk-4.1-dev", why: "the page in the window"},
	}
	toTest = []systemPackage{
		{name: "xvfb", why: "a display in memory"},
		{name: "openbox", why: "a window manager for that display"},
		{name: "dbus", why: "a private session bus"},
		{name: "gnome-keyring", why: "a real keyring for the tests of keys"},
		{name: "webkit2gtk-driver", why: "drives the real window"},
		{name: "xdotool", why: "types into native dialogs"},
		{name: "wmctrl", why: "closes windows as a desktop does"},
		{name: "x11-utils", why: "watches which windows are shown"},
		{name: "imagemagick", why: "pictures of the window"},
		{name: "fonts-dejavu-core", why: "letters for native dialogs"},
		{name: "fonts-noto-core", why: "names in many scripts"},
		{name: "fonts-droid-fallback", why: "Chinese and Japanese names"},
		{name: "fonts-nanum", why: "Korean names, which the one before lacks"},
		{name: "chromium", why: "the browser of the end-to-end tests", have: chromiumNames},
	}
	chromiumNames = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"}
)

// setup installs what building and testing need. "build" as argument leaves the packages for tests out.
func setup(ctx context.Context, args []string) error {
	if err := checkNode(ctx); err != nil {
		return err
	}
	if runtime.GOOS != "linux" {
		return otherSystem()
	}
	want := slices.Clone(toBuild)
	if len(args) == 0 || args[0] != "build" {
		want = append(want, toTest...)
	}
	if _, err := exec.LookPath("apt-get"); err != nil {
		return fmt.Errorf("this is no Debian or Ubuntu; please install what these packages stand for:\n%s", describe(want))
	}
	missing := slices.DeleteFunc(want, func(p systemPackage) bool { return installed(ctx, p) })
	if len(missing) == 0 {
		fmt.Println("nothing to install")
		return installModules(ctx)
	}
	fmt.Printf("to be installed:\n%s", describe(missing))
	if err := aptInstall(ctx, missing); err != nil {
		return err
	}
	return installModules(ctx)
}

// checkNode asks for the Node that the frontend's build needs.
func checkNode(ctx context.Context) error {
	version, err := command{}.output(ctx, "node", "--version")
	if err != nil {
		return errors.New("Node.js 20.19 or newer is missing (https://nodejs.org)") //nolint:staticcheck // a name, and the text of a whole sentence
	}
	var major, minor int
	if _, err := fmt.Sscanf(version, "v%d.%d", &major, &minor); err != nil {
		return fmt.Errorf("node --version says %q: %w", version, err)
	}
	if major < 20 || major == 20 && minor < 19 {
		return fmt.Errorf("this is Node.js %s, and 20.19 or newer is needed", version)
	}
	return nil
}

func otherSystem() error {
	switch runtime.GOOS {
	case "windows":
		fmt.Println("On Windows nothing but Go, Node.js, git and the WebView2 runtime (part of Windows 11) is needed to build.")
	case "darwin":
		fmt.Println("On macOS Go, Node.js and Apple's command line tools are needed: xcode-select --install")
	}
	return fmt.Errorf("setup installs packages on Debian and Ubuntu only, not on %s", runtime.GOOS)
}

func describe(list []systemPackage) string {
	var b strings.Builder
	for _, p := range list {
		fmt.Fprintf(&b, "  %-24s %s\n", p.name, p.why)
	}
	return b.String()
}

func installed(ctx context.Context, p systemPackage) bool {
	if slices.ContainsFunc(p.have, func(name string) bool { _, err := exec.LookPath(name); return err == nil }) {
		return true
	}
	out, err := exec.CommandContext(ctx, "dpkg-query", "-W", "-f", "${Status}", p.name).Output()
	return err == nil && string(out) == "install ok installed"
}

func aptInstall(ctx context.Context, list []systemPackage) error {
	apt := []string{"env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"}
	if os.Geteuid() != 0 {
		if _, err := exec.LookPath("sudo"); err != nil {
			return fmt.Errorf("please install these as root, there is no sudo:\n  apt-get install %s", names(list))
		}
		apt = append([]string{"sudo"}, apt...)
	}
	if err := run(ctx, apt[0], slices.Concat(apt[1:], []string{"update"})...); err != nil {
		return err
	}
	install := []string{"install", "-y", "--no-install-recommends"}
	return run(ctx, apt[0], slices.Concat(apt[1:], install, strings.Fields(names(list)))...)
}

func names(list []systemPackage) string {
	all := make([]string, len(list))
	for i, p := range list {
		all[i] = p.name
	}
	return strings.Join(all, " ")
}
