package secret

import "github.com/99designs/keyring"

// nativeSystem is the Windows Credential Manager and nothing else. It belongs to the logged-in user and is never
// locked.
func nativeSystem() system {
	return system{
		open: func(service string) (ring, error) {
			return keyring.Open(keyring.Config{
				AllowedBackends: []keyring.BackendType{keyring.WinCredBackend},
				ServiceName:     service,
				WinCredPrefix:   "Seatkeeper",
			})
		},
		locked: func() bool { return false },
	}
}
