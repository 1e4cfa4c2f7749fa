package backend

import (
	"context"
	"errors"
	"fmt"
	"os/user"

	"seatkeeper/backend/attention"
	"seatkeeper/backend/bindings"
	"seatkeeper/backend/bulk"
	"seatkeeper/backend/bulk/protection"
	"seatkeeper/backend/directory"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/expiry"
	"seatkeeper/backend/export"
	"seatkeeper/backend/imported"
	"seatkeeper/backend/mirror"
	"seatkeeper/backend/onboarding"
	"seatkeeper/backend/peoplelists"
	"seatkeeper/backend/runlog"
	"seatkeeper/backend/saved"
	"seatkeeper/backend/secret"
	"seatkeeper/backend/source"
	"seatkeeper/backend/source/jiracloud"
	"seatkeeper/backend/store"
	"seatkeeper/backend/task"
	"seatkeeper/backend/trends"
	"seatkeeper/backend/workspace"
)

// session is one open workspace with its services: the admin's own, or the demo's.
type session struct {
	dir      *workspace.Dir
	data     *store.Databases
	book     *source.Book
	services *bindings.Services
	again    func(context.Context) (*session, error) // opens the same workspace once more, after close
	over     context.Context                         //nolint:containedctx // ends with close
	end      context.CancelFunc
}

// openSession opens the workspace in dir and wires its services. On an error nothing stays open.
func openSession(ctx context.Context, opt Options, dir string, vault *secret.Vault, network source.Network, isDemo bool) (_ *session, err error) {
	ws, err := workspace.Open(dir)
	if err != nil {
		return nil, fmt.Errorf("open the data folder: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, ws.Close())
		}
	}()
	data, err := store.Open(ctx, ws.Path(""), opt.Log)
	if err != nil {
		return nil, fmt.Errorf("open the local copy: %w", err)
	}
	copied, kept := data.Mirror, data.Records // the local copy, and what must not be lost
	network.Log = opt.Log
	book := source.NewBook(source.BookOptions{Store: kept, DropCopy: copied.DropSource, Tasks: task.OfSource, Secrets: vault, Network: network, Bus: opt.Bus, Log: opt.Log})
	sync := mirror.New(mirror.Options{
		Store: copied, Open: book.Open, Bus: opt.Bus, Log: opt.Log,
		Pages: func(ctx context.Context, syncID int64) (mirror.Pages, error) { return copied.OpenPages(ctx, syncID) },
	})
	protected := protection.Rules{Source: book.Get, Groups: copied.Groups}
	dirs := directory.New(directory.Options{
		Store: copied, Bus: opt.Bus, Log: opt.Log, Touches: kept.Touches,
		Protection: func(ctx context.Context, id string) (func(domain.User) string, error) {
			rule, err := protected.Of(ctx, id)
			return rule.Reason, err
		},
	})
	lists, err := peoplelists.New(ctx, kept, dirs)
	if err != nil {
		return nil, errors.Join(err, data.Close())
	}
	engine := bulk.New(bulk.Options{
		Store: kept, People: wholeCopy{copied, data.CopyLoss}, Source: book.Get, Open: book.Open, Unlock: book.Unlock, Refresh: sync.Refresh, RefreshGroups: sync.RefreshGroups, Bus: opt.Bus,
		Log: opt.Log, Operator: operatorName(),
	})
	guide := onboarding.New(onboarding.Options{
		Settings: kept, Sources: book.List, Freshness: everSynced(data), Domains: copied.Domains, Version: opt.Version, Demo: isDemo,
		Reach: func(ctx context.Context, site string) (string, error) { return jiracloud.Reach(ctx, site, network) },
	})
	tasks := task.New(task.Options{Store: kept, Bus: opt.Bus, Log: opt.Log, World: task.World{
		Sources: book.List, Syncs: sync, Locked: func(ctx context.Context) bool { return vault.State(ctx).Reason == secret.ReasonLocked },
	}})
	if err := tasks.Start(); err != nil {
		return nil, errors.Join(err, data.Close())
	}
	history := trends.New(trends.Options{Store: kept, People: dirs, Sources: book.List, Freshness: copied.Freshness, Bus: opt.Bus, Log: opt.Log, Demo: isDemo})
	if err := history.Start(context.WithoutCancel(ctx)); err != nil {
		tasks.Close()
		return nil, errors.Join(err, data.Close())
	}
	runs := runlog.New(kept, opt.Bus)
	keys := expiry.New(expiry.Options{Settings: kept, Sources: book.List, Bus: opt.Bus, Log: opt.Log})
	keys.Start(context.WithoutCancel(ctx))
	over, end := context.WithCancel(context.Background())
	return &session{
		dir: ws, data: data, book: book, over: over, end: end,
		again: func(ctx context.Context) (*session, error) { return openSession(ctx, opt, dir, vault, network, isDemo) },
		services: &bindings.Services{
			Book: book, Vault: vault, Protected: protected, Mirror: sync, Directory: dirs, Bulk: engine, Runs: runs, Settings: kept,
			Saved: saved.New(kept, dirs, opt.Bus), Imports: imported.New(copied, book.Get, opt.Bus), Lists: lists, Export: export.New(dirs, opt.Bus),
			Guide: guide, Keys: keys, Tasks: tasks, Trends: history, Loss: data.CopyLoss, Bus: opt.Bus, Demo: isDemo,
			Attention: attention.New(attention.Options{
				Source: book.Get, Sync: sync.State, Task: tasks.OfSource, Runs: runs.List, Directory: dirs, Settings: kept, MaxAge: bulk.MaxAge, Loss: data.CopyLoss,
			}),
		},
	}, nil
}

// close ends the services from the top down; runs and syncs end at a border and go on at the next start.
func (s *session) close() error {
	s.end()
	s.services.Tasks.Close()
	s.services.Keys.Close()
	s.services.Trends.Close()
	s.services.Bulk.Close()
	s.services.Mirror.Close()
	s.services.Directory.Close()
	s.book.Close()
	return errors.Join(s.data.Close(), s.dir.Close())
}

// operatorName is the operating system's user, for the run log.
func operatorName() string {
	u, err := user.Current()
	if err != nil {
		return "unknown"
	}
	return u.Username
}
