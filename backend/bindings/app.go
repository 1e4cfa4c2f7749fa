package bindings

// App is the program itself: state, settings, the demo, links.
type App struct{ *desk }

// Info tells the state of the program; it never fails while the program runs, a failed start is in Problem.
func (x *App) Info() (AppInfo, error) { panic("unbuilt") }

// SetTheme keeps "light", "dark" or "auto".
func (x *App) SetTheme(theme string) error { panic("unbuilt") }

// SetActiveSource keeps which source every page shows.
func (x *App) SetActiveSource(id string) error { panic("unbuilt") }

// EnterDemo opens the demo organization with that many people; 0 is the default.
func (x *App) EnterDemo(people int) error { panic("unbuilt") }

// LeaveDemo closes the demo organization and removes everything of it.
func (x *App) LeaveDemo() error { panic("unbuilt") }

// OpenLink opens a page in the browser; only https pages of Atlassian are allowed.
func (x *App) OpenLink(url string) error { panic("unbuilt") }

// ReportError writes an error of the page to the log.
func (x *App) ReportError(message, stack string) { panic("unbuilt") }

// UnlockKeyFile unlocks the encrypted key file, or makes it when there is none: the user agrees by typing the passphrase.
func (x *App) UnlockKeyFile(passphrase string) (KeyringView, error) { panic("unbuilt") }

// RetryKeyring asks the keyring again.
func (x *App) RetryKeyring() (KeyringView, error) { panic("unbuilt") }

// Quit ends the program, tray included.
func (x *App) Quit() { panic("unbuilt") }
