package secret

import (
	"path"
	"strings"

	"github.com/99designs/keyring"
	"github.com/godbus/dbus/v5"
)

// The names of the secret service.
const (
	secretService = "org.freedesktop.secrets"
	secretRoot    = dbus.ObjectPath("/org/freedesktop/secrets")
)

// nativeSystem is the secret service and nothing else. The package's own order would fall through, silently, to the
// kernel's keyring, which a reboot empties, and then to a weakly encrypted file.
func nativeSystem() system {
	return system{
		open: func(service string) (ring, error) {
			return keyring.Open(keyring.Config{
				AllowedBackends:         []keyring.BackendType{keyring.SecretServiceBackend},
				ServiceName:             service,
				LibSecretCollectionName: collection(),
			})
		},
		locked: func() bool {
			conn, err := dbus.SessionBus()
			if err != nil {
				return false
			}
			object := conn.Object(secretService, secretRoot+dbus.ObjectPath("/collection/"+escape(collection())))
			v, err := object.GetProperty("org.freedesktop.Secret.Collection.Locked")
			if err != nil {
				return false
			}
			locked, ok := v.Value().(bool)
			return ok && locked
		},
	}
}

// collection names where items go: the collection behind the alias "default" (on KDE and KeePassXC its name is the
// user's own), else "login", which GNOME Keyring unlocks with the session. An own collection would ask the user for one
// more password.
func collection() string {
	const fallback = "login"
	conn, err := dbus.SessionBus()
	if err != nil {
		return fallback
	}
	var at dbus.ObjectPath
	err = conn.Object(secretService, secretRoot).Call("org.freedesktop.Secret.Service.ReadAlias", 0, "default").Store(&at)
	if err != nil || !strings.HasPrefix(string(at), string(secretRoot)+"/collection/") {
		return fallback
	}
	return unescape(path.Base(string(at)))
}

const hexDigits = "0123456789abcdef"

// unescape undoes the escaping of a name in an object path: _xx is the byte with that hexadecimal value.
func unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '_' && i+2 < len(s) {
			hi, lo := strings.IndexByte(hexDigits, s[i+1]), strings.IndexByte(hexDigits, s[i+2])
			if hi >= 0 && lo >= 0 {
				b.WriteByte(byte(hi<<4 | lo))
				i += 2
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// escape is the way back: everything but letters and digits becomes _xx.
func escape(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		if c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' {
			b.WriteByte(c)
			continue
		}
		b.WriteByte('_')
		b.WriteByte(hexDigits[c>>4])
		b.WriteByte(hexDigits[c&15])
	}
	return b.String()
}
