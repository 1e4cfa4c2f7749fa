package atlassianorg

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"seatkeeper/backend/atlassian/admin"
	"seatkeeper/backend/domain"
)

// operator finds the account that the admin named as their own.
func (c *connection) operator(ctx context.Context) {
	if c.mine == "" {
		c.Warned("operator", titleOperator, "It is not filled in, so a bulk action could touch it.", "Fill in your e-mail address or account ID.")
		return
	}
	user, err := c.findMine(ctx)
	switch {
	case errors.Is(err, errNotFound):
		c.Warned("operator", titleOperator, "No account with this e-mail address or ID was found, so it cannot be protected.",
			"If your e-mail address is hidden, use the account ID from your Atlassian profile's address.")
	case err != nil:
		c.Warned("operator", titleOperator, "Your account could not be looked up: "+domain.AsError(err).Message, "Test the connection again.")
	default:
		c.OperatorID, c.OperatorName = user.AccountID, user.Name
		c.Passed("operator", titleOperator, "It is "+domain.Quote(user.Name)+"; no bulk action touches it.")
	}
}

var errNotFound = errors.New("no such account")

// findMine looks the operator up. A search by text may find others too, so the address must be equal.
func (c *connection) findMine(ctx context.Context) (admin.User, error) {
	query := admin.UserQuery{AccountIDs: []string{c.mine}}
	is := func(u admin.User) bool { return u.AccountID == c.mine }
	if strings.Contains(c.mine, "@") {
		query = admin.UserQuery{SearchTerm: c.mine}
		is = func(u admin.User) bool { return strings.EqualFold(u.Email, c.mine) }
	}
	users, err := c.api.Users(ctx, admin.AnyDirectory, query)
	if err != nil {
		return admin.User{}, fmt.Errorf("looking up the operator: %w", err)
	}
	if i := slices.IndexFunc(users, is); i >= 0 {
		return users[i], nil
	}
	return admin.User{}, errNotFound
}
