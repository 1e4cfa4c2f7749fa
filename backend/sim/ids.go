package sim

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"
)

// mix is splitmix64's last step: it spreads the bits of x and can be undone, which unmix does.
func mix(x uint64) uint64 {
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	return x ^ x>>31
}

func unmix(x uint64) uint64 {
	x ^= x>>31 ^ x>>62
	x *= 0x319642b2d24d8ec3 // inverse of 0x94d049bb133111eb modulo 2^64
	x ^= x>>27 ^ x>>54
	x *= 0x96de1b173f119089 // inverse of 0xbf58476d1ce4e5b9 modulo 2^64
	return x ^ x>>30 ^ x>>60
}

// hash draws a number from the seed that stays the same for the same keys.
func (w *World) hash(keys ...uint64) uint64 {
	h := mix(w.cfg.Seed ^ 0x5ea7beefcafef00d)
	for _, k := range keys {
		h = mix(h ^ mix(k+0x9e3779b97f4a7c15))
	}
	return h
}

// Salts for hash, one for each use, so that no two draws depend on each other.
const (
	saltAccount = iota + 1
	saltCheck
	saltUUID
	saltActivity
	saltSecret
	saltShort
	saltJitter
	saltToken
)

// uuid formats hi and lo as a version 4 UUID. All of hi survives: its low 16 bits stand at the end.
func uuid(hi, lo uint64) string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[6:14], lo)
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	var h [8]byte
	binary.BigEndian.PutUint64(h[:], hi)
	copy(b[0:6], h[0:6])
	copy(b[14:16], h[6:8])
	var s [36]byte
	hex.Encode(s[0:8], b[0:4])
	hex.Encode(s[9:13], b[4:6])
	hex.Encode(s[14:18], b[6:8])
	hex.Encode(s[19:23], b[8:10])
	hex.Encode(s[24:36], b[10:16])
	s[8], s[13], s[18], s[23] = '-', '-', '-', '-'
	return string(s[:])
}

func (w *World) newUUID(kind string, n int) string {
	var k uint64
	for _, c := range kind {
		k = k*131 + uint64(c)
	}
	return uuid(w.hash(saltUUID, k, uint64(n)), w.hash(saltUUID, k, uint64(n), 1))
}

// accountID is computed, not stored: the person's number goes through a reversible mix, so that a lookup needs no map.
// The forms are those seen in the wild: 24 hex digits, "557058:" and "712020:" with a UUID, "qm:" with two for customers.
func (w *World) accountID(i int) string {
	hi := mix(uint64(i) ^ w.hash(saltAccount))
	lo := w.hash(saltCheck, uint64(i))
	if w.people[i].kind == kindCustomer {
		return "qm:" + w.sites[0].cloudID + ":" + uuid(hi, lo)
	}
	switch lo % 10 {
	case 0, 1:
		return fmt.Sprintf("5%07x%016x", uint32(lo>>32)&0x0fffffff, hi)
	case 2, 3:
		return "557058:" + uuid(hi, lo)
	default:
		return "712020:" + uuid(hi, lo)
	}
}

// find returns the number of the person with this account id, or false.
func (w *World) find(accountID string) (int, bool) {
	s := accountID[strings.LastIndexByte(accountID, ':')+1:]
	s = strings.ReplaceAll(s, "-", "")
	var hiHex string
	switch len(s) {
	case 32:
		hiHex = s[0:12] + s[28:32]
	case 24:
		hiHex = s[8:24]
	default:
		return 0, false
	}
	b, err := hex.DecodeString(hiHex)
	if err != nil {
		return 0, false
	}
	n := unmix(binary.BigEndian.Uint64(b)) ^ w.hash(saltAccount)
	if n >= uint64(len(w.people)) || w.accountID(int(n)) != accountID {
		return 0, false
	}
	return int(n), true
}
