// Package atlassian is the REST core that every call to Atlassian goes through: one client for each credential with its rate gate,
// the retrying of reads, paging, the decoding of errors and the receipts of changes.
//
// It knows no product and no endpoint (these live in the packages below it), and it never resends a call that changes something.
package atlassian
