package bindings

type desk struct{}
