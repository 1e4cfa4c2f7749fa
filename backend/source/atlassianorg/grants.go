package atlassianorg

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"seatkeeper/backend/atlassian"
	"seatkeeper/backend/atlassian/admin"
	"seatkeeper/backend/domain"
)

// grantStrikes is after how many failures no more groups are asked.
const grantStrikes = 3

// grants asks for each group that opens an app what it gives its members, while the listings are still being walked. It is of
// interest but not needed: a key may lack the right, and a sync must not fail because of it.
type grants struct {
	api *admin.Client

	mu      sync.Mutex
	more    *sync.Cond // something is waiting, or it is over
	waiting []groupToAsk
	asked   map[string]bool // by group id: a listing may deliver a group twice
	over    bool            // nothing more will be asked, or nothing more should be

	read    int
	missing int
	strikes int
	problem *domain.Error // the first
}

// groupToAsk is a group that opens something. One that may be deleted is no default group: Atlassian forbids to delete these.
type groupToAsk struct {
	directoryID, groupID string
	deletable            bool
}

func newGrants(api *admin.Client) *grants {
	g := &grants{api: api, asked: map[string]bool{}}
	g.more = sync.NewCond(&g.mu)
	return g
}

// ask adds a group. It never waits, so that the people's pages are not held up.
func (g *grants) ask(group domain.Group, deletable bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.asked[group.GroupID] {
		return
	}
	g.asked[group.GroupID] = true
	if g.over { // given up
		g.missing++
		return
	}
	g.waiting = append(g.waiting, groupToAsk{group.DirectoryID, group.GroupID, deletable})
	g.more.Signal()
}

// start reads until seal was called and everything was asked, or ctx ends. deliver may block and is called from several goroutines.
func (g *grants) start(ctx context.Context, deliver func(domain.Batch)) *sync.WaitGroup {
	wake := context.AfterFunc(ctx, g.seal)
	ctx = atlassian.Ranked(ctx, func() int { return 0 }) // no other call waits for these
	var work, done sync.WaitGroup
	for range g.api.REST().Reads() {
		work.Go(func() {
			for {
				group, ok := g.next(ctx)
				if !ok {
					return
				}
				g.readOne(ctx, group, deliver)
			}
		})
	}
	done.Go(func() {
		work.Wait()
		wake()
	})
	return &done
}

// seal says that no more groups will come.
func (g *grants) seal() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.over = true
	g.more.Broadcast()
}

func (g *grants) next(ctx context.Context) (groupToAsk, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for len(g.waiting) == 0 && !g.over {
		g.more.Wait()
	}
	if len(g.waiting) == 0 || ctx.Err() != nil {
		return groupToAsk{}, false
	}
	group := g.waiting[0]
	g.waiting = g.waiting[1:]
	return group, true
}

func (g *grants) readOne(ctx context.Context, group groupToAsk, deliver func(domain.Batch)) {
	roles, err := g.api.GrantsOf(ctx, group.directoryID, group.groupID)
	switch {
	case ctx.Err() != nil:
	case err != nil:
		g.failed(domain.AsError(err))
	default:
		g.mu.Lock()
		g.read++
		g.mu.Unlock()
		deliver(domain.Batch{Grants: []domain.Granting{{GroupID: group.groupID, Grants: grantsOf(roles, group.deletable)}}})
	}
}

// failed counts a group of which it stays unknown what it grants, and gives up where asking on makes no sense: without the right to
// it, or after several failures. A single group that is gone says nothing about the others.
func (g *grants) failed(e *domain.Error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.missing++
	if g.problem == nil {
		g.problem = e
	}
	if e.Code != domain.NotFound || g.read == 0 {
		g.strikes++
	}
	if e.Code == domain.Forbidden || e.Code == domain.AuthFailed || g.strikes >= grantStrikes {
		g.missing += len(g.waiting)
		g.waiting, g.over = nil, true
		g.more.Broadcast()
	}
}

// note says for the user what is not known, "" when everything is.
func (g *grants) note() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case g.missing == 0:
		return ""
	case g.read == 0:
		return "What the groups give access to could not be read, so the reasons for a seat are not known: " + g.problem.Message
	default:
		return fmt.Sprintf("What %d of %d groups give access to could not be read: %s", g.missing, g.missing+g.read, g.problem.Message)
	}
}

// grantsOf converts what a group gives its members.
func grantsOf(roles []admin.Grant, deletable bool) []domain.Grant {
	out := []domain.Grant{}
	for _, r := range roles {
		for _, role := range r.Roles {
			grant := domain.Grant{AppID: r.ResourceID, Role: role, Default: r.DefaultRole == role && !deletable}
			if !slices.Contains(out, grant) {
				out = append(out, grant)
			}
		}
	}
	return out
}
