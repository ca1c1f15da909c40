//go:build attacks

package attacks

import (
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/crypto/nacl/secretbox"
)

// dump is all that the database says, as a thief of a backup has it.
func (s *Site) dump(t *testing.T) string {
	t.Helper()
	out, err := output("mariadb-dump", "--no-defaults", "-uroot", "-S", s.sock, "--skip-extended-insert", s.database())
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

var (
	sealedRow = regexp.MustCompile("INSERT INTO `wp_aidoc_keys` VALUES \\('((?:ak|jt)_[0-9a-f]{24})',[^\n]*?'((?:k2\\.[0-9a-f]+\\.)?[A-Za-z0-9+/]{60,}={0,2})'")
	quoted    = regexp.MustCompile(`'((?:[^'\\]|\\.){16,400})'`)
)

// pick tries to open the sealed secrets of a dump with everything in the dump, as a thief would who has read KeyStore.php.
func pick(dump string) (opened map[string][]byte, tried int) {
	roots := materials(dump)
	opened = map[string][]byte{}
	for _, row := range sealedRow.FindAllStringSubmatch(dump, -1) {
		text := row[2][strings.LastIndexByte(row[2], '.')+1:]
		raw, err := base64.StdEncoding.DecodeString(text)
		if err != nil || len(raw) < 24+secretbox.Overhead {
			continue
		}
		for _, root := range roots {
			tried++
			if secret := open(row[1], raw, root); secret != nil {
				opened[row[1]] = secret
			}
		}
	}
	return opened, tried
}

func open(keyID string, raw []byte, root string) []byte {
	derived, err := hkdf.Key(sha256.New, []byte(root), nil, "aidoc-keystore-v1/"+keyID, 32)
	if err != nil {
		return nil
	}
	var nonce [24]byte
	copy(nonce[:], raw)
	if secret, ok := secretbox.Open(nil, raw[24:], &nonce, (*[32]byte)(derived)); ok {
		return secret
	}
	return nil
}

// materials are what may be a root: each longer text of the dump, and the pairs that wp_salt() joins.
func materials(dump string) (roots []string) {
	unescape := strings.NewReplacer(`\'`, "'", `\"`, `"`, `\\`, `\`)
	options := map[string]string{}
	pair := regexp.MustCompile("INSERT INTO `wp_options` VALUES \\([0-9]+,'((?:auth|secure_auth|logged_in|nonce|secret)_?(?:key|salt)?)','((?:[^'\\\\]|\\\\.)*)'")
	for _, m := range pair.FindAllStringSubmatch(dump, -1) {
		options[m[1]] = unescape.Replace(m[2])
	}
	for _, key := range options {
		for _, salt := range options {
			roots = append(roots, key+salt)
		}
	}
	for _, m := range quoted.FindAllStringSubmatch(dump, 4000) {
		roots = append(roots, unescape.Replace(m[1]))
	}
	return roots
}

// Who has a copy of the database, and nothing of wp-config.php, forges no request.
func TestLeakedDatabaseForgesNothing(t *testing.T) {
	t.Parallel()
	join(t, "leaked")
	pending := invite(t, name("pending"))
	dump := site.dump(t)
	opened, tried := pick(dump)
	if tried < 1000 {
		t.Fatalf("the thief tried only %d keys: the dump was not read right", tried)
	}
	for id, secret := range opened {
		r := Client{rest(), site.URL, macKey(id, secret)}.Call(t, "/aidoc/v1/echo", map[string]any{})
		broken(t, "leaked database", "opens the secrets with what lies beside them", "%s: %s", id, r)
	}
	if secret := strings.Split(pending, ".")[2]; strings.Contains(dump, secret) {
		broken(t, "leaked database", "a join token in clear", "the dump has it")
	}
	Report.Held(t, "leaked database", "opens sealed keys and tokens with everything in the dump", "sealed under wp-config.php")
}

// With public keys the dump has no agent's secret at all.
func TestLeakedDatabaseHasNoPublicIdentity(t *testing.T) {
	t.Parallel()
	a := joinPublic(t, "leaked-pair")
	pair := a.Key.seal.(pairSealer)
	dump := site.dump(t)
	for what, form := range map[string]string{"seed": string(pair.own.Seed()), "private key": string(pair.own)} {
		for _, text := range []string{base64.StdEncoding.EncodeToString([]byte(form)), strings.TrimRight(base64.StdEncoding.EncodeToString([]byte(form)), "=")} {
			if strings.Contains(dump, text) {
				broken(t, "leaked database", "the agent's "+what, "the dump has it")
			}
		}
	}
	Report.Held(t, "leaked database", "looks for the private half of an agent's key", "the site never had it")
}

// A site whose wp-config.php has the sample's salts would keep the lock's key in the database: it makes no agents.
func TestDefaultSaltsMakeNoAgents(t *testing.T) {
	t.Parallel()
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "salty")
	if out, err := exec.Command(script("wp", "up.sh"), "sqlite", dir, num(int64(port)), "--password", password).CombinedOutput(); err != nil {
		t.Fatalf("start WordPress: %v\n%s", err, out)
	}
	t.Cleanup(func() { _ = exec.Command(script("wp", "down.sh"), dir).Run() })
	config := filepath.Join(dir, "site", "wp-config.php")
	text, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	for what, salts := range map[string]string{
		"the sample's":        `define( $name . '_KEY', 'put your unique phrase here' ); define( $name . '_SALT', 'put your unique phrase here' );`,
		"none":                ``,
		"the same everywhere": `define( $name . '_KEY', str_repeat( 'abcdefgh', 8 ) ); define( $name . '_SALT', str_repeat( 'abcdefgh', 8 ) );`,
	} {
		if err := os.WriteFile(config, saltLoop.ReplaceAll(text, []byte("\n\t"+strings.ReplaceAll(salts, "$", "$$")+"\n}")), 0o644); err != nil {
			t.Fatal(err)
		}
		out, err := output("php", "-d", "display_errors=0", script("wp", "wp.php"), filepath.Join(dir, "site"), "agent", name("salty"))
		if err == nil {
			broken(t, "leaked database", "salts: "+what, "the site makes an agent: %.60s", out)
		} else if !strings.Contains(err.Error(), "AIDOC_KEY") {
			t.Errorf("salts %s: it does not say what to do: %v", what, err)
		}
		Report.Held(t, "leaked database", "salts in wp-config.php: "+what, "no agent is created; the sentence names AIDOC_KEY")
	}
}

// saltLoop is the body of the loop that defines the salts in scripts/wp/wp-config.tpl.php.
var saltLoop = regexp.MustCompile(`(?s)\n\tdefine\( \$name \. '_KEY'.*?\n\}`)
