// Package bindings is what the window may call: one struct for each area of the page, view types, and the one form of an error.
//
// It holds no logic of its own: each method checks that the backend is open, calls one service and converts the answer. Times are
// RFC 3339 strings ("" for none), lists are never null, and no method returns a secret.
package bindings
