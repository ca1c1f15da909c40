package cfb

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"encoding/xml"
	"hash"
	"unicode/utf16"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/encodings"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/le"
)

// defaultPassword is the one that Excel takes when it encrypts a workbook without asking for one: with a protected
// structure, or "final". Excel opens such files without asking, so they are no secret.
const defaultPassword = "VelvetSweatshop"

// maxSpin bounds the rounds that make a key of a password; Office takes 100,000.
const maxSpin = 1 << 20

// Unlock gives the Office file inside an encrypted container when that opens by the default password;
// false when it does.
func Unlock(f *File) ([]byte, bool) {
	info, pack := f.Read("EncryptionInfo"), f.Read("EncryptedPackage")
	if len(info) < 8 || len(pack) < 8 {
		return nil, false
	}
	size := binary.LittleEndian.Uint64(pack)
	pack = pack[8:]
	pack = pack[:len(pack)&^15]
	var out []byte
	if le.U16(info, 0) == 4 && le.U16(info, 2) == 4 {
		out = unlockAgile(info[8:], pack)
	} else if le.U16(info, 2) == 2 {
		out = unlockStandard(info, pack)
	}
	if size < uint64(len(out)) {
		out = out[:size]
	}
	return out, bytes.HasPrefix(out, []byte("PK"))
}

// PasswordBytes is the default password in the form in which it is hashed: UTF-16, little-endian.
func PasswordBytes() []byte {
	var b []byte
	for _, c := range utf16.Encode([]rune(defaultPassword)) {
		b = binary.LittleEndian.AppendUint16(b, c)
	}
	return b
}

// spin hashes the salted password again and again, a counter before it.
func spin(h hash.Hash, salt []byte, rounds int) []byte {
	h.Write(salt)
	h.Write(PasswordBytes())
	sum := h.Sum(nil)
	var n [4]byte
	for i := range rounds {
		binary.LittleEndian.PutUint32(n[:], uint32(i))
		h.Reset()
		h.Write(n[:])
		h.Write(sum)
		sum = h.Sum(sum[:0])
	}
	return sum
}

// Digest hashes all parts, joined, by h.
func Digest(h hash.Hash, parts ...[]byte) []byte {
	h.Reset()
	for _, p := range parts {
		h.Write(p)
	}
	return h.Sum(nil)
}

// unlockStandard follows ECMA-376 standard encryption: AES without chaining, 50,000 rounds of SHA-1.
func unlockStandard(info, pack []byte) []byte {
	size := le.U32(info, 8)
	head := le.Bytes(info, 12, size)
	v := le.Bytes(info, 12+size, 72)
	bits := le.U32(head, 16)
	if len(v) < 72 || bits != 128 && bits != 192 && bits != 256 {
		return nil
	}
	sum := Digest(sha1.New(), spin(sha1.New(), v[4:20], 50000), make([]byte, 4))
	pad := func(c byte) []byte {
		b := bytes.Repeat([]byte{c}, 64)
		for i, s := range sum {
			b[i] ^= s
		}
		return Digest(sha1.New(), b)
	}
	key := append(pad(0x36), pad(0x5c)...)[:bits/8]
	c, err := aes.NewCipher(key)
	if err != nil {
		return nil
	}
	ecb := func(in []byte) []byte {
		out := make([]byte, len(in)&^15)
		for i := 0; i+16 <= len(in); i += 16 {
			c.Decrypt(out[i:], in[i:])
		}
		return out
	}
	if !bytes.HasPrefix(ecb(v[40:72]), Digest(sha1.New(), ecb(v[20:36]))) {
		return nil
	}
	return ecb(pack)
}

// agile is the XML of agile encryption.
type agile struct {
	KeyData agileParams `xml:"keyData"`
	Key     struct {
		agileParams
		Spin   int    `xml:"spinCount,attr"`
		Input  string `xml:"encryptedVerifierHashInput,attr"`
		Value  string `xml:"encryptedVerifierHashValue,attr"`
		Secret string `xml:"encryptedKeyValue,attr"`
	} `xml:"keyEncryptors>keyEncryptor>encryptedKey"`
}

type agileParams struct {
	Block  int    `xml:"blockSize,attr"`
	Bits   int    `xml:"keyBits,attr"`
	Cipher string `xml:"cipherAlgorithm,attr"`
	Chain  string `xml:"cipherChaining,attr"`
	Hash   string `xml:"hashAlgorithm,attr"`
	Salt   string `xml:"saltValue,attr"`
}

func (p agileParams) newHash() hash.Hash {
	switch p.Hash {
	case "SHA1", "SHA-1":
		return sha1.New()
	case "SHA256", "SHA-256":
		return sha256.New()
	case "SHA384", "SHA-384":
		return sha512.New384()
	case "SHA512", "SHA-512":
		return sha512.New()
	}
	return nil
}

func (p agileParams) known() bool {
	return p.Block == 16 && (p.Bits == 128 || p.Bits == 192 || p.Bits == 256) && p.Cipher == "AES" && p.Chain == "ChainingModeCBC" && p.newHash() != nil
}

// unlockAgile follows ECMA-376 agile encryption: a secret key, encrypted by one made of the password,
// and segments of 4096 bytes with a start vector each.
func unlockAgile(info, pack []byte) []byte {
	var a agile
	if xml.Unmarshal(info, &a) != nil || !a.KeyData.known() || !a.Key.known() || a.Key.Spin < 0 || a.Key.Spin > maxSpin {
		return nil
	}
	salt, h := encodings.Base64([]byte(a.Key.Salt)), a.Key.newHash()
	sum := spin(a.Key.newHash(), salt, a.Key.Spin)
	open := func(block, value string) []byte {
		key := fit(Digest(h, sum, []byte(block)), a.Key.Bits/8)
		return cbc(key, fit(salt, 16), encodings.Base64([]byte(value)))
	}
	input := open("\xfe\xa7\xd2\x76\x3b\x4b\x9e\x79", a.Key.Input)
	want := open("\xd7\xaa\x0f\x6d\x30\x61\x34\x4e", a.Key.Value)
	if len(want) < h.Size() || !bytes.Equal(Digest(h, input), want[:h.Size()]) {
		return nil
	}
	secret := fit(open("\x14\x6e\x0b\xe7\xab\xac\xd0\xd6", a.Key.Secret), a.KeyData.Bits/8)
	h, salt = a.KeyData.newHash(), encodings.Base64([]byte(a.KeyData.Salt))
	out := make([]byte, 0, len(pack))
	var n [4]byte
	for i := 0; i*4096 < len(pack); i++ {
		binary.LittleEndian.PutUint32(n[:], uint32(i))
		out = append(out, cbc(secret, fit(Digest(h, salt, n[:]), 16), pack[i*4096:min(len(pack), (i+1)*4096)])...)
	}
	return out
}

// fit cuts bytes to a length, or fills them up as the standard says.
func fit(b []byte, n int) []byte {
	out := bytes.Repeat([]byte{0x36}, n)
	copy(out, b)
	return out
}

func cbc(key, iv, in []byte) []byte {
	c, err := aes.NewCipher(key)
	if err != nil {
		return nil
	}
	out := make([]byte, len(in)&^15)
	cipher.NewCBCDecrypter(c, iv).CryptBlocks(out, in[:len(out)])
	return out
}
