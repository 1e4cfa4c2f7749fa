package bindings

import (
	"context"
	"runtime"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/workspace/secret"
)

// Keys of the settings.
const (
	themeSetting        = "theme"
	activeSourceSetting = "active_source"
	notesSetting        = "notifications"
)

// Reopening is the reason of a Backend's Problem that passes by itself.
const Reopening = "reopening"

// App is the program itself: state, settings, the demo, links.
type App struct{ *core }

// Info tells the state of the program; it never fails while the program runs, a failed start is in Problem.
func (x *App) Info() (info AppInfo, err error) {
	defer x.recovered("App.Info", &err)
	backend, problem := x.get()
	info = AppInfo{Platform: runtime.GOOS, Problem: problem, Tray: x.window.TrayAvailable(), Theme: "auto"}
	state, runs := x.window.Quitting()
	info.Quit = QuitView{State: state, Runs: list(runs, runView)}
	if backend == nil {
		return info, nil
	}
	if info.Problem = problemOf(backend.Problem()); info.Problem != nil {
		if info.Problem.Reason == Reopening {
			info.Problem = nil // it passes; the page asks again
		}
		return info, nil
	}
	facts, s := backend.Facts(), backend.Services()
	info.Version, info.DataDir, info.Simulator = facts.Version, facts.DataDir, facts.Simulator
	info.Ready, info.Demo = true, s.Demo
	info.Keyring = keyringView(s.Vault.State(x.ctx))
	if theme, err := backend.Home().Setting(x.ctx, themeSetting); err == nil {
		info.Theme = theme
	}
	switch {
	case !x.window.NotesAvailable():
		info.Notifications = "unavailable"
	case NotificationsOn(x.ctx, backend.Home()):
		info.Notifications = "on"
	default:
		info.Notifications = "off"
	}
	if id, err := s.Settings.Setting(x.ctx, activeSourceSetting); err == nil {
		info.ActiveSource = id
	}
	if loss, err := s.Loss(x.ctx); err == nil {
		info.Rebuilding = len(loss.Sources) > 0
	}
	return info, nil
}

// SetTheme keeps "light", "dark" or "auto".
func (x *App) SetTheme(theme string) error {
	return do(x.given(theme), "App.SetTheme", func(ctx context.Context, _ *Services) error {
		if theme != "light" && theme != "dark" && theme != "auto" {
			return domain.Errorf(domain.Invalid, "There is no theme %s.", domain.Quote(theme))
		}
		backend, _ := x.get()
		return backend.Home().SetSetting(ctx, themeSetting, theme)
	})
}

// SetNotifications switches the desktop's notifications on or off.
func (x *App) SetNotifications(on bool) error {
	return do(x.core, "App.SetNotifications", func(ctx context.Context, _ *Services) error {
		value := "off"
		if on {
			value = "on"
		}
		backend, _ := x.get()
		return backend.Home().SetSetting(ctx, notesSetting, value)
	})
}

// NotificationsOn tells whether notifications were not switched off.
func NotificationsOn(ctx context.Context, s Settings) bool {
	value, err := s.Setting(ctx, notesSetting)
	return err != nil || value != "off"
}

// SetActiveSource keeps which source every page shows.
func (x *App) SetActiveSource(id string) error {
	return do(x.given(id), "App.SetActiveSource", func(ctx context.Context, s *Services) error {
		if _, err := s.Connections.Get(ctx, id); err != nil {
			return err
		}
		return s.Settings.SetSetting(ctx, activeSourceSetting, id)
	})
}

// EnterDemo opens the demo organization with that many people; 0 is the default.
func (x *App) EnterDemo(people int) error {
	return do(x.core, "App.EnterDemo", func(ctx context.Context, _ *Services) error {
		backend, _ := x.get()
		return backend.EnterDemo(ctx, people)
	})
}

// LeaveDemo closes the demo organization and removes everything of it.
func (x *App) LeaveDemo() error {
	return do(x.core, "App.LeaveDemo", func(ctx context.Context, _ *Services) error {
		backend, _ := x.get()
		return backend.LeaveDemo(ctx)
	})
}

// OpenLink opens a page in the browser; only https pages of Atlassian are allowed.
func (x *App) OpenLink(url string) error {
	return do(x.given(url), "App.OpenLink", func(context.Context, *Services) error { return x.window.OpenURL(url) })
}

// CancelCall ends the calls of that name that are under way, "Sources.Test": the operator does not want to wait for an
// answer any more. The call itself gives an error with the code "cancelled".
func (x *App) CancelCall(name string) (err error) {
	defer x.recovered("App.CancelCall", &err)
	if err := x.given(name).refused; err != nil {
		return err
	}
	x.patience.cancel(name)
	return nil
}

// maxReport bounds what the page may write to the log in one call.
const maxReport = 4096

// ReportError writes an error of the page to the log.
func (x *App) ReportError(message, stack string) {
	x.log.Error("the page reported an error", "message", clip(message), "stack", clip(stack))
}

func clip(s string) string { return s[:min(len(s), maxReport)] }

// UnlockKeyFile unlocks the encrypted key file, or makes it when there is none: the user agrees by typing the
// passphrase.
func (x *App) UnlockKeyFile(passphrase string) (KeyringView, error) {
	return call(x.given(passphrase), "App.UnlockKeyFile", func(ctx context.Context, s *Services) (KeyringView, error) {
		if err := s.Vault.UseFile(ctx, domain.NewSecret(passphrase)); err != nil {
			return KeyringView{}, err
		}
		return keyringView(s.Vault.State(ctx)), nil
	})
}

// UseKeyring moves all keys from the encrypted file to the keyring, once that works; the file is removed.
func (x *App) UseKeyring() (KeyringView, error) {
	return call(x.core, "App.UseKeyring", func(ctx context.Context, s *Services) (KeyringView, error) {
		if err := s.Vault.UseKeyring(ctx); err != nil {
			return KeyringView{}, err
		}
		return keyringView(s.Vault.State(ctx)), nil
	})
}

// RetryKeyring asks the keyring again.
func (x *App) RetryKeyring() (KeyringView, error) {
	return call(x.core, "App.RetryKeyring", func(ctx context.Context, s *Services) (KeyringView, error) {
		s.Vault.Retry(ctx)
		return keyringView(s.Vault.State(ctx)), nil
	})
}

// Quit ends the program, tray included. Where a run is under way it asks first: Info tells so after the event
// "settings".
func (x *App) Quit() { x.window.Quit() }

// AnswerQuit answers that question: "stay", "when_done", "pause", or "dismiss" when it was closed. While the program
// ends with the last run, "stay" takes that back.
func (x *App) AnswerQuit(answer string) (err error) {
	defer x.recovered("App.AnswerQuit", &err)
	return x.window.AnswerQuit(answer)
}

func keyringView(s secret.State) KeyringView {
	return KeyringView{
		Backend: string(s.Backend), Ready: s.Ready, Reason: s.Reason, Message: s.Message, Hint: s.Hint, FileMade: s.FileMade,
	}
}
