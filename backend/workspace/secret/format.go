package secret

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"

	"filippo.io/age"

	"seatkeeper/backend/domain"
)

// The cost of one guess at the passphrase, as a power of two: scrypt takes 128 MiB for each. A file that asks for more
// than guessLimit is refused, so that a planted one cannot take all memory.
const (
	guessCost   = 17
	guessLimit  = 19
	maxFile     = 1 << 20 // bytes; a larger file is not ours
	fileFormat  = "seatkeeper-secrets"
	fileVersion = 2
)

// fileBody is the whole file. The passphrase opens an age identity, and that opens the secrets, so that neither the
// passphrase need be kept nor its cost be paid again at each change.
type fileBody struct {
	Format   string `json:"format"`
	Version  int    `json:"version"`
	Identity []byte `json:"identity"` // age, with the passphrase
	Data     []byte `json:"data"`     // age, to the identity: JSON of the secrets by key
	// Sum is SHA-256 over the rest: where it does not fit the file is damaged, and no passphrase can be judged.
	Sum []byte `json:"sum"`
}

func (b fileBody) sum() []byte {
	b.Sum = nil
	doc, _ := json.Marshal(b) //nolint:errchkjson // strings, a number and bytes
	sum := sha256.Sum256(doc)
	return sum[:]
}

// fileKey is an unlocked file's identity, and the same as the passphrase encrypts it.
type fileKey struct {
	identity *age.X25519Identity
	locked   []byte
}

func newFileKey(passphrase domain.Secret) (*fileKey, error) {
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, fmt.Errorf("make a key: %w", err)
	}
	to, err := age.NewScryptRecipient(passphrase.Reveal())
	if err != nil {
		return nil, fmt.Errorf("take the passphrase: %w", err)
	}
	to.SetWorkFactor(guessCost)
	locked, err := encrypt(to, []byte(identity.String()))
	return &fileKey{identity, locked}, err
}

func encrypt(to age.Recipient, plain []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := age.Encrypt(&out, to)
	if err != nil {
		return nil, fmt.Errorf("encrypt: %w", err)
	}
	if _, err := w.Write(plain); err != nil {
		return nil, fmt.Errorf("encrypt: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("encrypt: %w", err)
	}
	return out.Bytes(), nil
}

func decrypt(data []byte, with age.Identity) ([]byte, error) {
	r, err := age.Decrypt(bytes.NewReader(data), with)
	if err != nil {
		return nil, fmt.Errorf("decrypt: %w", err)
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("decrypt: %w", err)
	}
	return plain, nil
}

// encode encrypts values.
func (k *fileKey) encode(values map[string]string) ([]byte, error) {
	plain, err := json.Marshal(values)
	if err != nil {
		return nil, fmt.Errorf("encode: %w", err)
	}
	body := fileBody{Format: fileFormat, Version: fileVersion, Identity: k.locked}
	if body.Data, err = encrypt(k.identity.Recipient(), plain); err != nil {
		return nil, err
	}
	body.Sum = body.sum()
	data, err := json.MarshalIndent(body, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("encode: %w", err)
	}
	return data, nil
}

// openFile decrypts a file. No cause of damage is kept that could quote the content.
func openFile(data []byte, passphrase domain.Secret) (*fileKey, map[string]string, error) {
	var body fileBody
	if err := json.Unmarshal(data, &body); err != nil {
		return nil, nil, fileProblem(ReasonDamaged, nil)
	}
	if body.Format == fileFormat && body.Version > fileVersion {
		e := fileProblem(ReasonDamaged, nil)
		e.Message, e.Hint = "The encrypted file was written by a newer Seatkeeper.", "Update Seatkeeper."
		return nil, nil, e
	}
	if body.Format != fileFormat || body.Version != fileVersion || !bytes.Equal(body.Sum, body.sum()) {
		return nil, nil, fileProblem(ReasonDamaged, nil)
	}
	with, err := age.NewScryptIdentity(passphrase.Reveal())
	if err != nil {
		return nil, nil, fileProblem(ReasonWrongPassphrase, err) // it is empty
	}
	with.SetMaxWorkFactor(guessLimit)
	unlocked, err := decrypt(body.Identity, with)
	var other *age.NoIdentityMatchError
	switch {
	case errors.As(err, &other):
		return nil, nil, fileProblem(ReasonWrongPassphrase, nil)
	case err != nil:
		return nil, nil, fileProblem(ReasonDamaged, nil)
	}
	identity, err := age.ParseX25519Identity(string(unlocked))
	clear(unlocked)
	if err != nil {
		return nil, nil, fileProblem(ReasonDamaged, nil)
	}
	plain, err := decrypt(body.Data, identity)
	if err != nil {
		return nil, nil, fileProblem(ReasonDamaged, nil)
	}
	defer clear(plain)
	values := map[string]string{}
	if err := json.Unmarshal(plain, &values); err != nil || values == nil {
		return nil, nil, fileProblem(ReasonDamaged, nil)
	}
	return &fileKey{identity, body.Identity}, values, nil
}

// writeAtomic replaces the file at path so that a crash leaves the old or the new content, readable by the user only.
func writeAtomic(path string, data []byte) (err error) {
	dir := filepath.Dir(path)
	f, err := os.CreateTemp(dir, filepath.Base(path)+".new-*") // 0600
	if err != nil {
		return fmt.Errorf("make a new file: %w", err)
	}
	defer func() {
		if err != nil {
			_ = f.Close()
			_ = os.Remove(f.Name())
		}
	}()
	if _, err = f.Write(data); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	if err = f.Sync(); err != nil {
		return fmt.Errorf("flush to disk: %w", err)
	}
	if err = f.Close(); err != nil {
		return fmt.Errorf("close: %w", err)
	}
	if err = os.Rename(f.Name(), path); err != nil {
		return fmt.Errorf("put in place: %w", err)
	}
	if runtime.GOOS == "windows" {
		return nil // there a directory cannot be flushed
	}
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("open the directory: %w", err)
	}
	defer func() { _ = d.Close() }()
	if err = d.Sync(); err != nil {
		return fmt.Errorf("flush the directory: %w", err)
	}
	return nil
}
