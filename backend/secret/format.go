package secret

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/chacha20poly1305"

	"seatkeeper/backend/domain"
)

// The cost of one guess at the passphrase: the second recommended option of RFC 9106, with its 64 MiB and 3 passes.
const (
	argonPasses  = 3
	argonMemory  = 64 << 10 // KiB
	argonThreads = 4
	saltSize     = 16
	keySize      = chacha20poly1305.KeySize
	maxFile      = 1 << 20 // bytes; a larger file is not ours
	fileFormat   = "seatkeeper-secrets"
	fileVersion  = 1
)

// fileHead is the readable part of the file. All of it is authenticated together with the content.
type fileHead struct {
	Format   string `json:"format"`
	Version  int    `json:"version"`
	KDF      string `json:"kdf"`
	Passes   uint32 `json:"passes"`
	MemoryKB uint32 `json:"memoryKiB"`
	Threads  uint8  `json:"threads"`
	Salt     []byte `json:"salt"`
	// Check is a hash over a key that is derived beside the one that encrypts: it tells a wrong passphrase from a damaged file.
	Check []byte `json:"check"`
}

// fileBody is the whole file. Sum is SHA-256 over the head: where it does not fit, no passphrase can be judged.
type fileBody struct {
	Head  fileHead `json:"head"`
	Sum   []byte   `json:"sum"`
	Nonce []byte   `json:"nonce"`
	Data  []byte   `json:"data"`
}

// fileKey is an unlocked passphrase.
type fileKey struct {
	head fileHead
	seal []byte
}

func newFileKey(passphrase domain.Secret) (*fileKey, error) {
	head := fileHead{
		Format: fileFormat, Version: fileVersion, KDF: "argon2id",
		Passes: argonPasses, MemoryKB: argonMemory, Threads: argonThreads, Salt: make([]byte, saltSize),
	}
	if _, err := rand.Read(head.Salt); err != nil {
		return nil, fmt.Errorf("random salt: %w", err)
	}
	seal, check := derive(head, passphrase)
	head.Check = check
	return &fileKey{head: head, seal: seal}, nil
}

func derive(head fileHead, passphrase domain.Secret) (seal, check []byte) {
	long := argon2.IDKey([]byte(passphrase.Reveal()), head.Salt, head.Passes, head.MemoryKB, head.Threads, 2*keySize)
	sum := sha256.Sum256(long[keySize:])
	return long[:keySize], sum[:]
}

// encode encrypts values under a fresh nonce; 24 random bytes never repeat.
func (k *fileKey) encode(values map[string]string) ([]byte, error) {
	plain, err := json.Marshal(values)
	if err != nil {
		return nil, fmt.Errorf("encode: %w", err)
	}
	head, err := json.Marshal(k.head)
	if err != nil {
		return nil, fmt.Errorf("encode: %w", err)
	}
	aead, err := chacha20poly1305.NewX(k.seal)
	if err != nil {
		return nil, fmt.Errorf("cipher: %w", err)
	}
	sum := sha256.Sum256(head)
	body := fileBody{Head: k.head, Sum: sum[:], Nonce: make([]byte, aead.NonceSize())}
	if _, err := rand.Read(body.Nonce); err != nil {
		return nil, fmt.Errorf("random nonce: %w", err)
	}
	body.Data = aead.Seal(nil, body.Nonce, plain, head)
	data, err := json.MarshalIndent(body, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("encode: %w", err)
	}
	return data, nil
}

// openFile decrypts a file. The limits on the cost keep a planted file from taking all memory.
func openFile(data []byte, passphrase domain.Secret) (*fileKey, map[string]string, error) {
	var body fileBody
	if err := json.Unmarshal(data, &body); err != nil {
		return nil, nil, fileProblem(ReasonDamaged, err)
	}
	h := body.Head
	if h.Format == fileFormat && h.Version > fileVersion {
		e := fileProblem(ReasonDamaged, nil)
		e.Message, e.Hint = "The encrypted file was written by a newer Seatkeeper.", "Update Seatkeeper."
		return nil, nil, e
	}
	if h.Format != fileFormat || h.Version != fileVersion || h.KDF != "argon2id" || len(h.Salt) != saltSize ||
		h.Passes < 1 || h.Passes > 20 || h.MemoryKB < 8*uint32(max(h.Threads, 1)) || h.MemoryKB > 1<<20 || h.Threads < 1 || h.Threads > 16 {
		return nil, nil, fileProblem(ReasonDamaged, nil)
	}
	head, err := json.Marshal(h)
	if err != nil {
		return nil, nil, fileProblem(ReasonDamaged, err)
	}
	if sum := sha256.Sum256(head); subtle.ConstantTimeCompare(sum[:], body.Sum) != 1 {
		return nil, nil, fileProblem(ReasonDamaged, nil)
	}
	seal, check := derive(h, passphrase)
	if subtle.ConstantTimeCompare(check, h.Check) != 1 {
		return nil, nil, fileProblem(ReasonWrongPassphrase, nil)
	}
	aead, err := chacha20poly1305.NewX(seal)
	if err != nil || len(body.Nonce) != aead.NonceSize() {
		return nil, nil, fileProblem(ReasonDamaged, err)
	}
	plain, err := aead.Open(nil, body.Nonce, body.Data, head)
	if err != nil {
		return nil, nil, fileProblem(ReasonDamaged, err)
	}
	values := map[string]string{}
	if err := json.Unmarshal(plain, &values); err != nil || values == nil {
		return nil, nil, fileProblem(ReasonDamaged, nil) // without the cause, which would quote the content
	}
	return &fileKey{head: h, seal: seal}, values, nil
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
