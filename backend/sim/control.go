package sim

import (
	"encoding/json"
	"net/http"
	"strconv"
)

// controlled adds the calls of the simulator itself to the API's handler. They need no credential and are meant for
// tests that run in another program:
//
//	GET  /_sim/journal?since=N       the journal's entries with a number above N
//	POST /_sim/faults                a JSON list of faults that replaces all rules
//	POST /_sim/keys                  KeyOptions of another API key; answers the key and its id
//	GET  /_sim/people/{accountId}    the truth about a person
//	GET  /_sim/groups                the truth about all groups
func (w *World) controlled(api http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /_sim/journal", func(out http.ResponseWriter, r *http.Request) {
		since, err := strconv.ParseUint(r.URL.Query().Get("since"), 10, 64)
		if err != nil && r.URL.Query().Get("since") != "" {
			http.Error(out, "since must be a number", http.StatusBadRequest)
			return
		}
		writeJSON(out, w.JournalSince(since))
	})
	mux.HandleFunc("POST /_sim/faults", func(out http.ResponseWriter, r *http.Request) {
		var faults []Fault
		if err := json.NewDecoder(r.Body).Decode(&faults); err != nil {
			http.Error(out, err.Error(), http.StatusBadRequest)
			return
		}
		w.SetFaults(faults...)
		writeJSON(out, map[string]int{"faults": len(faults)})
	})
	mux.HandleFunc("POST /_sim/keys", func(out http.ResponseWriter, r *http.Request) {
		var o KeyOptions
		if err := json.NewDecoder(r.Body).Decode(&o); err != nil {
			http.Error(out, err.Error(), http.StatusBadRequest)
			return
		}
		key := w.AddKey(o)
		writeJSON(out, map[string]string{"key": key, "id": w.CredentialID(key)})
	})
	mux.HandleFunc("GET /_sim/people/{accountId}", func(out http.ResponseWriter, r *http.Request) {
		s, found := w.State(r.PathValue("accountId"))
		if !found {
			http.NotFound(out, r)
			return
		}
		writeJSON(out, s)
	})
	mux.HandleFunc("GET /_sim/groups", func(out http.ResponseWriter, _ *http.Request) { writeJSON(out, w.Groups()) })
	return http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		// The mux cleans paths, which the API's calls must not be.
		if len(r.URL.Path) > 5 && r.URL.Path[:6] == "/_sim/" {
			mux.ServeHTTP(out, r)
			return
		}
		api.ServeHTTP(out, r)
	})
}

func writeJSON(out http.ResponseWriter, v any) {
	out.Header().Set("Content-Type", "application/json")
	_, _ = out.Write(encode(v))
}
