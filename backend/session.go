package backend

import (
	"context"
	"errors"
	"fmt"
	"os/user"

	"seatkeeper/backend/bindings"
	"seatkeeper/backend/bulk"
	"seatkeeper/backend/bulk/protection"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/export"
	"seatkeeper/backend/mirror"
	"seatkeeper/backend/people/attention"
	"seatkeeper/backend/people/directory"
	"seatkeeper/backend/people/imports"
	"seatkeeper/backend/people/lists"
	"seatkeeper/backend/people/saved"
	"seatkeeper/backend/people/trends"
	"seatkeeper/backend/runlog"
	"seatkeeper/backend/source"
	"seatkeeper/backend/source/jiracloud"
	"seatkeeper/backend/source/reminders"
	"seatkeeper/backend/store"
	"seatkeeper/backend/task"
	"seatkeeper/backend/workspace"
	"seatkeeper/backend/workspace/secret"
	"seatkeeper/backend/workspace/setup"
)

// session is one open workspace with its services: the admin's own, or the demo's.
type session struct {
	dir         *workspace.Dir
	data        *store.Databases
	connections *source.Connections
	services    *bindings.Services
	again       func(context.Context) (*session, error) // opens the same workspace once more, after close
	over        context.Context                         //nolint:containedctx // ends with close
	end         context.CancelFunc
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
	connections := source.NewConnections(source.ConnectionsOptions{Store: kept, DropCopy: copied.DropSource, Tasks: task.OfSource, Secrets: vault, Network: network, Bus: opt.Bus, Log: opt.Log})
	sync := mirror.New(mirror.Options{
		Store: copied, Open: connections.Open, Bus: opt.Bus, Log: opt.Log,
		Pages: func(ctx context.Context, syncID int64) (mirror.PageCache, error) {
			return copied.OpenPageCache(ctx, syncID)
		},
	})
	protected := protection.Rules{Source: connections.Get, Groups: copied.Groups}
	dirs := directory.New(directory.Options{
		Store: copied, Bus: opt.Bus, Log: opt.Log, Touches: kept.Touches,
		Protection: func(ctx context.Context, id string) (func(domain.User) string, error) {
			rule, err := protected.Of(ctx, id)
			return rule.Reason, err
		},
	})
	lists, err := lists.New(ctx, kept, dirs)
	if err != nil {
		return nil, errors.Join(err, data.Close())
	}
	engine := bulk.New(bulk.Options{
		Store: kept, People: wholeCopy{copied, data.CopyLoss}, Source: connections.Get, Open: connections.Open, Unlock: connections.Unlock, Refresh: sync.Refresh, RefreshGroups: sync.RefreshGroups, Bus: opt.Bus,
		Log: opt.Log, Operator: operatorName(),
	})
	guide := setup.New(setup.Options{
		Settings: kept, Sources: connections.List, Freshness: everSynced(data), Domains: copied.Domains, Version: opt.Version, Demo: isDemo,
		Reach: func(ctx context.Context, site string) (string, error) { return jiracloud.Reach(ctx, site, network) },
	})
	tasks := task.New(task.Options{Store: kept, Bus: opt.Bus, Log: opt.Log, World: task.World{
		Sources: connections.List, Syncs: sync, Locked: func(ctx context.Context) bool { return vault.State(ctx).Reason == secret.ReasonLocked },
	}})
	if err := tasks.Start(); err != nil {
		return nil, errors.Join(err, data.Close())
	}
	history := trends.New(trends.Options{Store: kept, People: dirs, Sources: connections.List, Freshness: copied.Freshness, Bus: opt.Bus, Log: opt.Log, Demo: isDemo})
	if err := history.Start(context.WithoutCancel(ctx)); err != nil {
		tasks.Close()
		return nil, errors.Join(err, data.Close())
	}
	runs := runlog.New(kept, opt.Bus)
	keys := reminders.New(reminders.Options{Settings: kept, Sources: connections.List, Bus: opt.Bus, Log: opt.Log})
	keys.Start(context.WithoutCancel(ctx))
	over, end := context.WithCancel(context.Background())
	return &session{
		dir: ws, data: data, connections: connections, over: over, end: end,
		again: func(ctx context.Context) (*session, error) { return openSession(ctx, opt, dir, vault, network, isDemo) },
		services: &bindings.Services{
			Connections: connections, Vault: vault, Protected: protected, Mirror: sync, Directory: dirs, Bulk: engine, Runs: runs, Settings: kept,
			Saved: saved.New(kept, dirs, opt.Bus), Imports: imports.New(copied, connections.Get, opt.Bus), Lists: lists, Export: export.New(dirs, opt.Bus),
			Guide: guide, Keys: keys, Tasks: tasks, Trends: history, Loss: data.CopyLoss, Bus: opt.Bus, Demo: isDemo,
			Attention: attention.New(attention.Options{
				Source: connections.Get, Sync: sync.State, Task: tasks.OfSource, Runs: runs.List, Directory: dirs, Settings: kept, MaxAge: bulk.MaxAge, Loss: data.CopyLoss,
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
	s.connections.Close()
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
