package secret

import "github.com/99designs/keyring"

// nativeSystem is the macOS Keychain and nothing else. Trusting the application avoids a prompt at each read; a build
// with another signature is asked once more.
func nativeSystem() system {
	return system{
		open: func(service string) (ring, error) {
			return keyring.Open(keyring.Config{
				AllowedBackends:                []keyring.BackendType{keyring.KeychainBackend},
				ServiceName:                    service,
				KeychainTrustApplication:       true,
				KeychainAccessibleWhenUnlocked: true,
			})
		},
		locked: func() bool { return false },
	}
}
