package desktop

import (
	goruntime "runtime"

	"github.com/wailsapp/wails/v2/pkg/menu"
	"github.com/wailsapp/wails/v2/pkg/menu/keys"
	"github.com/wailsapp/wails/v2/pkg/runtime"
)

// menuEvent carries the id of a command to the page. Menu and command palette share one set of commands: the page's.
const menuEvent = "menu"

// entry is one item of the menu that stands for a command of the page. A key here must be the one that the page shows for it: the window
// system takes it before the page sees it. No entry has a key that edits text, which would stop working in every field.
type entry struct {
	label string
	id    string
	key   *keys.Accelerator
}

// The menus; an entry without a label is a line.
var (
	fileEntries = []entry{
		{"Sync now", "sync.now", keys.Combo("s", keys.CmdOrCtrlKey, keys.ShiftKey)},
		{"Sources", "go.sources", keys.CmdOrCtrl("4")},
		{},
		{"Settings", "go.settings", keys.CmdOrCtrl(",")},
	}
	editEntries = []entry{
		{"Search or jump to…", "palette", keys.CmdOrCtrl("k")},
		{"Suspend people…", "bulk.user.suspend", nil},
		{"Restore people…", "bulk.user.restore", nil},
		{"Add to groups…", "bulk.group.add_member", nil},
		{"Remove from groups…", "bulk.group.remove_member", nil},
	}
	viewEntries = []entry{
		{"Overview", "go.overview", keys.CmdOrCtrl("1")},
		{"People", "go.people", keys.CmdOrCtrl("2")},
		{"Run logs", "go.runs", keys.CmdOrCtrl("3")},
		{},
		{"Light theme", "theme.light", nil},
		{"Dark theme", "theme.dark", nil},
		{"Theme of the system", "theme.auto", nil},
	}
	helpEntries = []entry{
		{"Get started", "get-started", nil},
		{"Keyboard shortcuts", "shortcuts", nil},
	}
)

// docsURL is the one page that the menu opens outside.
const docsURL = "https://support.atlassian.com/user-management/"

// menu builds the application menu.
func (s *Shell) menu() *menu.Menu {
	m := menu.NewMenu()
	mac := goruntime.GOOS == "darwin"
	if mac {
		m.Append(menu.AppMenu()) // About, Hide, Quit
	}
	file := m.AddSubmenu("File")
	s.fill(file, fileEntries)
	if !mac {
		file.AddSeparator()
		file.AddText("Quit", keys.CmdOrCtrl("q"), func(*menu.CallbackData) { s.Quit() })
	}
	if mac {
		m.Append(menu.EditMenu()) // the system's own: without it copy and paste have no keys
		s.fill(m.AddSubmenu("Commands"), editEntries)
	} else {
		s.fill(m.AddSubmenu("Edit"), editEntries)
	}
	s.fill(m.AddSubmenu("View"), viewEntries)
	window := m.AddSubmenu("Window")
	window.AddText("Minimize", nil, s.withWindow(runtime.WindowMinimise))
	window.AddText("Maximize or restore", nil, s.withWindow(runtime.WindowToggleMaximise))
	window.AddSeparator()
	window.AddText("Close window", keys.CmdOrCtrl("w"), func(*menu.CallbackData) { s.closeWindow() })
	help := m.AddSubmenu("Help")
	s.fill(help, helpEntries)
	help.AddSeparator()
	help.AddText("Atlassian's documentation", nil, func(*menu.CallbackData) {
		if err := s.OpenURL(docsURL); err != nil {
			s.log.Error("the documentation could not be opened", "error", err)
		}
	})
	return m
}

func (s *Shell) fill(m *menu.Menu, entries []entry) {
	for _, e := range entries {
		if e.label == "" {
			m.AddSeparator()
			continue
		}
		m.AddText(e.label, e.key, func(*menu.CallbackData) { s.emit(menuEvent, e.id) })
	}
}
