package wpclient_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

func joinAs(t *testing.T, s *wptest.Site, identity wpclient.Identity) (wpclient.Key, error) {
	t.Helper()
	joined, err := wpclient.Join(ctx(t), s.Site(), s.NewToken(), agentInfo(), wpclient.Options{Identity: identity})
	if err != nil {
		return wpclient.Key{}, err
	}
	key, err := joined.Key()
	if err != nil {
		t.Fatal(err)
	}
	if text := fmt.Sprintf("%v %+v %#v %s", joined, joined, joined.NewKey, key.Secret); strings.Contains(text, key.Secret.Base64()) || strings.Contains(text, fmt.Sprint([]byte(key.Secret))) {
		t.Errorf("the private half was printed: %s", text)
	}
	return key, nil
}

// Who decides on the kind of key, and how often the site is asked for it.
func TestIdentityOfAJoin(t *testing.T) {
	for _, c := range []struct {
		asks    wpclient.Identity
		demands bool
		want    wpclient.Identity // "" refused
		joins   int
	}{
		{wpclient.IdentityAny, false, wpclient.IdentityHMAC, 1},
		{wpclient.IdentityAny, true, wpclient.IdentityEd25519, 2},
		{wpclient.IdentityEd25519, false, wpclient.IdentityEd25519, 1},
		{wpclient.IdentityEd25519, true, wpclient.IdentityEd25519, 1},
		{wpclient.IdentityHMAC, false, wpclient.IdentityHMAC, 1},
		{wpclient.IdentityHMAC, true, "", 1},
	} {
		t.Run(fmt.Sprintf("%s %t", c.asks, c.demands), func(t *testing.T) {
			s := wptest.New(t)
			if c.demands {
				s.DemandPublicKeys()
			}
			key, err := joinAs(t, s, c.asks)
			if n := len(s.Requests()); n != c.joins {
				t.Errorf("asked %d times, want %d", n, c.joins)
			}
			if c.want == "" {
				if !wpclient.DemandsPublicKey(err) || !wpclient.IsRefused(err) || !strings.Contains(err.Error(), "--identity hmac") {
					t.Errorf("got %v", err)
				}
				return
			}
			if err != nil || key.Identity() != c.want {
				t.Fatalf("got a key of kind %q, %v", key.Identity(), err)
			}
			if _, err := clientFor(t, s.Site(), key, wpclient.Options{}).Echo(ctx(t)); err != nil {
				t.Error(err)
			}
		})
	}
}

// All that an agent does goes with a public key, the file route included.
func TestAPublicKeyWorks(t *testing.T) {
	s := wptest.New(t)
	id := s.AddJob("a.pdf", "application/pdf", []byte("hello"))
	c := clientFor(t, s.Site(), s.NewPublicKey(), wpclient.Options{})
	leases, err := c.Lease(ctx(t), leaseRequest(uuid))
	if err != nil || len(leases.Leases) != 1 || leases.Leases[0].JobID != id {
		t.Fatalf("%+v, %v", leases, err)
	}
	f, err := c.File(ctx(t), leases.Leases[0].Ref(), 2)
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	stale := leases.Leases[0].Ref()
	stale.Epoch++
	if _, err = c.Fail(ctx(t), wpclient.FailRequest{LeaseRef: stale, Class: "transient", Code: "x", Message: "m"}); wpclient.KindOf(err) != wpclient.Lost {
		t.Errorf("a refusal is the site's word too: %v", err)
	}
}

func TestRotationFromKindToKind(t *testing.T) {
	s := wptest.New(t)
	s.DemandPublicKeys()
	if _, err := client(t, s, wpclient.Options{}).Lease(ctx(t), leaseRequest(uuid)); !wpclient.DemandsPublicKey(err) || wpclient.IsLeaseOver(err) {
		t.Fatalf("got %v", err)
	}
	key := s.Key()
	for range 3 { // from the shared secret, then from public key to public key
		old := clientFor(t, s.Site(), key, wpclient.Options{})
		answer, err := old.Rotate(ctx(t))
		if err != nil {
			t.Fatal(err)
		}
		next, err := answer.Key()
		if err != nil || next.Identity() != wpclient.IdentityEd25519 || next.KeyID == key.KeyID {
			t.Fatalf("%v, %v", next.KeyID, err)
		}
		if _, err := old.Echo(ctx(t)); err != nil {
			t.Errorf("both live until the new one is used: %v", err)
		}
		if _, err := clientFor(t, s.Site(), next, wpclient.Options{}).Lease(ctx(t), leaseRequest(uuid)); err != nil {
			t.Fatal(err)
		}
		if _, err := old.Echo(ctx(t)); wpclient.CodeOf(err) != wpclient.CodeKeyRevoked {
			t.Errorf("the key before: %v", err)
		}
		key = next
	}
	kept, err := clientFor(t, s.Site(), s.NewPublicKey(), wpclient.Options{Identity: wpclient.IdentityHMAC}).Rotate(ctx(t))
	if err != nil {
		t.Fatal(err)
	}
	if k, err := kept.Key(); err != nil || k.Identity() != wpclient.IdentityEd25519 {
		t.Errorf("a public key is followed by a public key: %v", err)
	}
}

// A site that was restored, or somebody who passes for it, signs with a key that was not pinned: nothing follows from
// that, and the sentence says what to do.
func TestANewSigningKeyOfTheSiteEndsNothing(t *testing.T) {
	s := wptest.New(t)
	c := clientFor(t, s.Site(), s.NewPublicKey(), wpclient.Options{})
	s.ReplaceSigningKey()
	_, echo := c.Echo(ctx(t))
	_, fail := c.Fail(ctx(t), wpclient.FailRequest{LeaseRef: wpclient.LeaseRef{JobID: 1, Epoch: 9, LeaseToken: strings.Repeat("A", 22)}, Class: "permanent", Code: "x", Message: "m"})
	_, rotate := c.Rotate(ctx(t))
	for _, err := range []error{echo, fail, rotate} {
		if wpclient.CodeOf(err) != wpclient.CodeSiteKeyChanged || !wpclient.IsTransient(err) || !strings.Contains(err.Error(), "has a new signing key; join again") {
			t.Errorf("got %v", err)
		}
	}
}

// The public key and the name of the site's key are all that a thief of the database has of the two.
func TestWhatAThiefOfTheDatabaseSigns(t *testing.T) {
	s := wptest.New(t)
	key := s.NewPublicKey()
	for name, forged := range map[string]wpclient.Key{
		"public key as secret":  {KeyID: key.KeyID, Secret: wpclient.Secret(key.Site.Public), Site: key.Site},
		"another private half":  {KeyID: key.KeyID, Secret: make(wpclient.Secret, 32), Site: key.Site},
		"no private half":       {KeyID: key.KeyID, Site: key.Site},
		"a secret in its place": {KeyID: key.KeyID, Secret: make(wpclient.Secret, 64), Site: key.Site},
	} {
		_, err := clientFor(t, s.Site(), forged, wpclient.Options{}).Lease(ctx(t), leaseRequest(uuid))
		if wpclient.CodeOf(err) != wpclient.CodeSignatureInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Halves of keys as they come from a file or from a site.
func TestHalvesOfKeys(t *testing.T) {
	public, err := hex.DecodeString("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025")
	if err != nil {
		t.Fatal(err)
	}
	const id = "sk_0123456789abcdef01234567"
	good := base64.StdEncoding.EncodeToString(public)
	for name, c := range map[string]struct{ id, public string }{
		"short":        {id, good[:40]},
		"empty":        {id, ""},
		"agent's name": {"ae_0123456789abcdef01234567", good},
		"no name":      {"", good},
		"upper case":   {strings.ToUpper(id), good},
	} {
		if _, err := wpclient.ParseSiteKey(c.id, c.public); !wpclient.IsRefused(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if k, err := wpclient.ParseSiteKey(id, good); err != nil || !bytes.Equal(k.Public, public) || k.KeyID != id {
		t.Errorf("%+v, %v", k, err)
	}
	for _, bad := range []string{"", "AAAA", wpclient.Secret(make([]byte, 64)).Base64(), wpclient.Secret(make([]byte, 31)).Base64()} {
		if _, err := wpclient.ParseSeed(bad); !wpclient.IsRefused(err) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
