package ole

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/md5"
	"crypto/rc4"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
	"time"
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
		return base64.StdEncoding.EncodeToString(sealCBC(fit(sumOf(h, sum, []byte(block)), 32), salt, v))
	}
	input := bytes.Repeat([]byte{3}, 16)
	b64 := base64.StdEncoding.EncodeToString
	params := fmt.Sprintf(`blockSize="16" keyBits="256" cipherAlgorithm="AES" cipherChaining="ChainingModeCBC" hashAlgorithm="SHA512" `)
	info := fmt.Sprintf(`<encryption xmlns="x"><keyData %s saltValue="%s"/><keyEncryptors><keyEncryptor><p:encryptedKey xmlns:p="y" spinCount="%d" %s saltValue="%s" encryptedVerifierHashInput="%s" encryptedVerifierHashValue="%s" encryptedKeyValue="%s"/></keyEncryptor></keyEncryptors></encryption>`,
		params, b64(dataSalt), spins, params, b64(salt), seal("\xfe\xa7\xd2\x76\x3b\x4b\x9e\x79", input), seal("\xd7\xaa\x0f\x6d\x30\x61\x34\x4e", sumOf(p.newHash(), input)), seal("\x14\x6e\x0b\xe7\xab\xac\xd0\xd6", secret))
	var pack []byte
	for i := 0; i*4096 < len(content); i++ {
		iv := sumOf(h, dataSalt, binary.LittleEndian.AppendUint32(nil, uint32(i)))[:16]
		pack = append(pack, sealCBC(secret, iv, bytes.Clone(content[i*4096:min(len(content), (i+1)*4096)]))...)
	}
	return map[string][]byte{"EncryptionInfo": append([]byte{4, 0, 4, 0, 0x40, 0, 0, 0}, info...), "EncryptedPackage": sealed(len(content), pack)}
}

func standardFile(content []byte) map[string][]byte {
	salt := bytes.Repeat([]byte{7}, 16)
	sum := sumOf(sha1.New(), spin(sha1.New(), salt, 50000), make([]byte, 4))
	b := bytes.Repeat([]byte{0x36}, 64)
	for i, s := range sum {
		b[i] ^= s
	}
	c, _ := aes.NewCipher(sumOf(sha1.New(), b)[:16])
	ecb := func(in []byte) []byte {
		in = append(bytes.Clone(in), make([]byte, (16-len(in)%16)%16)...)
		for i := 0; i < len(in); i += 16 {
			c.Encrypt(in[i:], in[i:i+16])
		}
		return in
	}
	head := make([]byte, 32)
	put32(head, 16, 128)
	info := append([]byte{3, 0, 2, 0, 0x24, 0, 0, 0, 32, 0, 0, 0}, head...)
	input := bytes.Repeat([]byte{3}, 16)
	info = append(append(append(append(info, 16, 0, 0, 0), salt...), ecb(input)...), 20, 0, 0, 0)
	info = append(info, ecb(sumOf(sha1.New(), input))...)
	return map[string][]byte{"EncryptionInfo": info, "EncryptedPackage": sealed(len(content), ecb(content))}
}

func TestFilesEncryptedForNobody(t *testing.T) {
	content := []byte("PK" + strings.Repeat("content ", 1000))
	for name, streams := range map[string]map[string][]byte{"agile": agileFile(content, 1000), "standard": standardFile(content)} {
		if got, ok := Unlock(openCompound(t, streams)); !ok || !bytes.Equal(got, content) {
			t.Errorf("%s: %d bytes, %v", name, len(got), ok)
		}
		streams["EncryptionInfo"] = bytes.Replace(streams["EncryptionInfo"], []byte{7, 7, 7, 7}, []byte{8, 7, 7, 7}, 1) // another salt is as good as another password
		streams["EncryptionInfo"] = bytes.Replace(streams["EncryptionInfo"], []byte(`saltValue="BwcH`), []byte(`saltValue="CAcH`), 1)
		if _, ok := Unlock(openCompound(t, streams)); ok {
			t.Errorf("%s: another password was accepted", name)
		}
	}
	start := time.Now()
	if _, ok := Unlock(openCompound(t, agileFile(content, 1<<40))); ok || time.Since(start) > 5*time.Second {
		t.Errorf("rounds are not bounded: %v", time.Since(start))
	}
}

// lockBiff encrypts a workbook whose second record is made room for by pass.
func lockBiff(pass, rest []byte) []byte {
	b := []byte(biff[:20])
	at := make([]byte, 4)
	put16(at, 0, xFilePass)
	put16(at, 2, len(pass))
	b = append(append(append(b, at...), pass...), rest...)
	out := unlockBiff(b, pass) // the stream cipher goes both ways
	return out
}

func TestWorkbookEncryptedForNobody(t *testing.T) {
	salt, input := bytes.Repeat([]byte{7}, 16), bytes.Repeat([]byte{3}, 16)
	sumMD5 := func(b []byte) []byte { s := md5.Sum(b); return s[:] }
	seal := func(key []byte, parts ...[]byte) []byte {
		c, _ := rc4.NewCipher(key)
		b := bytes.Join(parts, nil)
		c.XORKeyStream(b, b)
		return b
	}
	base := sumMD5(bytes.Repeat(append(sumMD5(passwordBytes())[:5:5], salt...), 16))[:5]
	binaryRC4 := append(append([]byte{1, 0, 1, 0, 1, 0}, salt...), seal(sumMD5(append(base[:5:5], 0, 0, 0, 0)), input, sumMD5(input))...)
	head := make([]byte, 32)
	put32(head, 16, 128)
	k := sumOf(sha1.New(), sumOf(sha1.New(), salt, passwordBytes()), make([]byte, 4))[:16]
	both := seal(k, input, sumOf(sha1.New(), input))
	api := append([]byte{1, 0, 2, 0, 2, 0, 4, 0, 0, 0, 32, 0, 0, 0}, head...)
	api = append(append(append(append(append(api, 16, 0, 0, 0), salt...), both[:16]...), 20, 0, 0, 0), both[16:]...)
	cell := "\x03\x02\x0e\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x40"
	long := "\x99\x00\xd0\x07" + strings.Repeat("x", 2000) // the key changes within it
	for name, pass := range map[string][]byte{"RC4": binaryRC4, "CryptoAPI": api} {
		sheets, err := Biff(lockBiff(pass, []byte(long+cell+"\x0a\x00\x00\x00")))
		if err != nil || len(sheets) != 1 || sheets[0].Rows[0][0] != "2" {
			t.Errorf("%s: %+v %v", name, sheets, err)
		}
		pass[len(pass)-1]++
		if _, err := Biff(append([]byte(biff[:20]), append([]byte{xFilePass, 0, byte(len(pass)), 0}, pass...)...)); err != ErrEncrypted {
			t.Errorf("%s with another password: %v", name, err)
		}
	}
}
