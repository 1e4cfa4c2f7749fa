package jiracloud

import (
	"context"

	"seatkeeper/backend/atlassian"
	"seatkeeper/backend/source"
)

// Reach asks a site, without a credential, whether it answers this machine. It gives the site's normalized address; the
// error says what stands in the way, with the reason "ip_allowlist" where that is the site's IP allowlist. A site that
// lets this machine in refuses the call with AuthFailed, because there is no credential.
func Reach(ctx context.Context, address string, network source.Network) (string, error) {
	base, err := destination(map[string]string{fieldSite: address}, network)
	if err != nil {
		return "", err
	}
	rest := atlassian.New(atlassian.Options{Base: base, Transport: network.Transport, Log: network.Log})
	defer rest.Close()
	call := atlassian.Get("/rest/api/3/myself")
	call.NoSecret = true
	_, err = rest.Hurried().Read(ctx, call)
	return base, err
}
