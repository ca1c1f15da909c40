package mail

import (
	"errors"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
)

const pgp = "-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA1fYbdqzDG3U\r\n=abcd\r\n-----END PGP MESSAGE-----"

func TestEncryptedMessagesAreRefused(t *testing.T) {
	head := []string{"From: a@example.org", "To: b@example.org", "Subject: Offer", "MIME-Version: 1.0"}
	with := func(l ...string) []byte { return lines(append(append([]string(nil), head...), l...)...) }
	for name, msg := range map[string][]byte{
		"pgp/mime": with(`Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary="b"`, "",
			"--b", "Content-Type: application/pgp-encrypted", "", "Version: 1", "--b", `Content-Type: application/octet-stream; name="encrypted.asc"`, "", pgp, "--b--"),
		"inline pgp": with("Content-Type: text/plain", "", pgp),
		"s/mime":     with(`Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"`, "Content-Transfer-Encoding: base64", "", "MIIBqAYJKoZI"),
		"forwarded":  with(`Content-Type: multipart/mixed; boundary="m"`, "", "--m", "Content-Type: message/rfc822", "", "Subject: inner", "Content-Type: text/plain", "", pgp, "--m--"),
	} {
		_, err := Parse(msg, nil)
		var f *doc.Fail
		if !errors.As(err, &f) || f.Code != doc.CodeEncrypted || f.Message != "The message is encrypted; upload it decrypted." {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhatCanBeReadBesideAnEncryptedPartIsRead(t *testing.T) {
	msg := lines("From: a@example.org", "Subject: s", "MIME-Version: 1.0", `Content-Type: multipart/mixed; boundary="m"`, "",
		"--m", "Content-Type: text/plain", "", "the open part", "--m", "Content-Type: text/plain", "", pgp, "--m--")
	d, err := Parse(msg, nil)
	if err != nil || !strings.Contains(d.Text(), "the open part") || !strings.Contains(d.Text(), "[Encrypted]") || strings.Contains(d.Text(), "PGP") {
		t.Errorf("%q, %v", d.Text(), err)
	}
	signed := lines("From: a@example.org", "Subject: s", `Content-Type: application/pkcs7-mime; smime-type=signed-data; name="smime.p7m"`, "Content-Transfer-Encoding: base64", "", "MIIB")
	if _, err := Parse(signed, nil); err != nil {
		t.Errorf("a signed message: %v", err)
	}
}
