package cfb

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/cfb/cfbtest"
)

func sealCBC(key, iv, in []byte) []byte {
	c, _ := aes.NewCipher(key)
	in = append(in, make([]byte, (16-len(in)%16)%16)...)
	out := make([]byte, len(in))
	cipher.NewCBCEncrypter(c, iv).CryptBlocks(out, in)
	return out
}

func sealed(size int, b []byte) []byte {
	return append(binary.LittleEndian.AppendUint64(nil, uint64(size)), b...)
}

// agileFile encrypts with the default password.
func agileFile(content []byte, spins int) map[string][]byte {
	salt, dataSalt, secret := bytes.Repeat([]byte{7}, 16), bytes.Repeat([]byte{9}, 16), bytes.Repeat([]byte{5}, 32)
	p := agileParams{Hash: "SHA512"}
	h := p.newHash()
	sum := spin(p.newHash(), salt, min(spins, 1000))
	seal := func(block string, v []byte) string {
		return base64.StdEncoding.EncodeToString(sealCBC(fit(Digest(h, sum, []byte(block)), 32), salt, v))
	}
	input := bytes.Repeat([]byte{3}, 16)
	b64 := base64.StdEncoding.EncodeToString
	params := `blockSize="16" keyBits="256" cipherAlgorithm="AES" cipherChaining="ChainingModeCBC" hashAlgorithm="SHA512" `
	info := fmt.Sprintf(`<encryption xmlns="x"><keyData %s saltValue="%s"/><keyEncryptors><keyEncryptor><p:encryptedKey xmlns:p="y" spinCount="%d" %s saltValue="%s" encryptedVerifierHashInput="%s" encryptedVerifierHashValue="%s" encryptedKeyValue="%s"/></keyEncryptor></keyEncryptors></encryption>`,
		params, b64(dataSalt), spins, params, b64(salt), seal("\xfe\xa7\xd2\x76\x3b\x4b\x9e\x79", input), seal("\xd7\xaa\x0f\x6d\x30\x61\x34\x4e", Digest(p.newHash(), input)), seal("\x14\x6e\x0b\xe7\xab\xac\xd0\xd6", secret))
	var pack []byte
	for i := 0; i*4096 < len(content); i++ {
		iv := Digest(h, dataSalt, binary.LittleEndian.AppendUint32(nil, uint32(i)))[:16]
		pack = append(pack, sealCBC(secret, iv, bytes.Clone(content[i*4096:min(len(content), (i+1)*4096)]))...)
	}
	return map[string][]byte{"EncryptionInfo": append([]byte{4, 0, 4, 0, 0x40, 0, 0, 0}, info...), "EncryptedPackage": sealed(len(content), pack)}
}

func standardFile(content []byte) map[string][]byte {
	salt := bytes.Repeat([]byte{7}, 16)
	sum := Digest(sha1.New(), spin(sha1.New(), salt, 50000), make([]byte, 4))
	b := bytes.Repeat([]byte{0x36}, 64)
	for i, s := range sum {
		b[i] ^= s
	}
	c, _ := aes.NewCipher(Digest(sha1.New(), b)[:16])
	ecb := func(in []byte) []byte {
		in = append(bytes.Clone(in), make([]byte, (16-len(in)%16)%16)...)
		for i := 0; i < len(in); i += 16 {
			c.Encrypt(in[i:], in[i:i+16])
		}
		return in
	}
	head := make([]byte, 32)
	cfbtest.Put32(head, 16, 128)
	info := append([]byte{3, 0, 2, 0, 0x24, 0, 0, 0, 32, 0, 0, 0}, head...)
	input := bytes.Repeat([]byte{3}, 16)
	info = append(append(append(append(info, 16, 0, 0, 0), salt...), ecb(input)...), 20, 0, 0, 0)
	info = append(info, ecb(Digest(sha1.New(), input))...)
	return map[string][]byte{"EncryptionInfo": info, "EncryptedPackage": sealed(len(content), ecb(content))}
}

func TestFilesUnderTheDefaultPassword(t *testing.T) {
	content := []byte("PK" + strings.Repeat("content ", 1000))
	for name, streams := range map[string]map[string][]byte{"agile": agileFile(content, 1000), "standard": standardFile(content)} {
		if got, ok := Unlock(cfbtest.Open(t, Open, 64<<20, streams)); !ok || !bytes.Equal(got, content) {
			t.Errorf("%s: %d bytes, %v", name, len(got), ok)
		}
		streams["EncryptionInfo"] = bytes.Replace(streams["EncryptionInfo"], []byte{7, 7, 7, 7}, []byte{8, 7, 7, 7}, 1) // another salt is as good as another password
		streams["EncryptionInfo"] = bytes.Replace(streams["EncryptionInfo"], []byte(`saltValue="BwcH`), []byte(`saltValue="CAcH`), 1)
		if _, ok := Unlock(cfbtest.Open(t, Open, 64<<20, streams)); ok {
			t.Errorf("%s: another password was accepted", name)
		}
	}
	start := time.Now()
	if _, ok := Unlock(cfbtest.Open(t, Open, 64<<20, agileFile(content, 1<<40))); ok || time.Since(start) > 5*time.Second {
		t.Errorf("rounds are not bounded: %v", time.Since(start))
	}
}

func FuzzUnlock(f *testing.F) {
	f.Add(cfbtest.File(agileFile([]byte("PK content"), 10)))
	f.Add(cfbtest.File(standardFile([]byte("PK content"))))
	f.Fuzz(func(_ *testing.T, in []byte) {
		if o, err := Open(in, 1<<20); err == nil {
			Unlock(o)
		}
	})
}
