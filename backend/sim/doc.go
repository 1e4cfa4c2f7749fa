// Package sim is an Atlassian in memory: an organization with its directories, sites, apps, people and groups, served in
// the shapes of Atlassian's own REST APIs, with its rate limits, delays and failures.
//
// It knows nothing of the client that calls it and shares no type with it, so that a wrong field name on one side is
// seen by the other; its answers are checked against Atlassian's published OpenAPI documents instead.
//
// # Reading order
//
// config.go and world.go say what can be asked for. model.go holds the nouns, build*.go fill them from a seed.
// serve.go is the way of one request: latency, fault, credential, rate limit, handler, journal. Each resource has a file
// of its own: org_*.go under api.atlassian.com, site_*.go under a site, dc_*.go in a Jira Data Center instance. fault.go lists what can be made to go wrong.
//
// # Time
//
// All waiting is time.Sleep or a timer and all reading of the clock is time.Now, so a world that lives in a
// testing/synctest bubble runs on that bubble's clock.
package sim
