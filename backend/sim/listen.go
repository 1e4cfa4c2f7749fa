package sim

import (
	"context"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"time"
)

// Listing says where a served world is. It marshals to the JSON line that simserver prints.
type Listing struct {
	API          string             `json:"api"` // stands for https://api.atlassian.com
	Organization ListedOrganization `json:"organization"`
	Sites        []ListedSite       `json:"sites"`
	DataCenters  []ListedDataCenter `json:"dataCenters"`
}

// ListedOrganization is the organization with its API key.
type ListedOrganization struct {
	ID     string `json:"id"`
	APIKey string `json:"apiKey"`
}

// ListedSite is a site with a person's credential.
type ListedSite struct {
	Name  string `json:"name"`
	URL   string `json:"url"`
	Email string `json:"email"`
	Token string `json:"token"`
}

// Serve opens a listener on 127.0.0.1 for the API and one for each site and Data Center instance, and serves until ctx ends.
// The API's listener also has the control calls of control.go.
func (w *World) Serve(ctx context.Context) (Listing, error) {
	id, key := w.Organization()
	list := Listing{Organization: ListedOrganization{id, key}}
	var err error
	if list.API, err = w.serve(ctx, w.controlled(w.Handler(-1))); err != nil {
		return Listing{}, err
	}
	for i, s := range w.Sites() {
		url, err := w.serve(ctx, w.Handler(i))
		if err != nil {
			return Listing{}, err
		}
		list.Sites = append(list.Sites, ListedSite{Name: s.Name, URL: url, Email: s.Email, Token: s.Token})
	}
	if list.DataCenters, err = w.serveDataCenters(ctx); err != nil {
		return Listing{}, err
	}
	return list, nil
}

// serve serves one origin until ctx ends, and returns its URL.
func (w *World) serve(ctx context.Context, h http.Handler) (string, error) {
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	serveOn(ctx, ln, h)
	return "http://" + ln.Addr().String(), nil
}

// serveOn serves on an open listener until ctx ends.
func serveOn(ctx context.Context, ln net.Listener, h http.Handler) {
	srv := &http.Server{Handler: h, ReadHeaderTimeout: time.Minute, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug)}
	go func() { _ = srv.Serve(ln) }()
	context.AfterFunc(ctx, func() { _ = srv.Close() })
}

// Handler serves the API host (site -1), the site of this number or, below -1, a Data Center instance over real connections.
func (w *World) Handler(site int) http.Handler {
	return http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		rep := w.answer(site, r)
		if rep.err != nil {
			panic(http.ErrAbortHandler) // closes the connection without an answer
		}
		maps.Copy(out.Header(), rep.headers())
		out.WriteHeader(rep.status)
		data := rep.body
		if rep.half {
			data = data[:len(data)/2]
		}
		if rep.stall > 0 {
			_ = http.NewResponseController(out).Flush()
			if sleep(r.Context(), rep.stall) != nil {
				return
			}
		}
		_, _ = out.Write(data)
		if rep.half {
			_ = http.NewResponseController(out).Flush()
			panic(http.ErrAbortHandler)
		}
	})
}
