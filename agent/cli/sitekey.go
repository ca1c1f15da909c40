package cli

import (
	"context"
	"encoding/base64"

	"github.com/aidoc-pipeline/aidoc-agent/agent/config"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// keyOf is the key in a key file.
func keyOf(k config.SiteKey) (wpclient.Key, error) {
	if k.Secret != "" {
		secret, err := wpclient.ParseSecret(k.Secret)
		return wpclient.Key{KeyID: k.KeyID, Secret: secret}, err
	}
	seed, err := wpclient.ParseSeed(k.PrivateKey)
	if err != nil {
		return wpclient.Key{}, err
	}
	site, err := wpclient.ParseSiteKey(k.SiteKeyID, k.SitePublicKey)
	return wpclient.Key{KeyID: k.KeyID, Secret: seed, Site: site}, err
}

// withKey is the key file with this key in it.
func withKey(k config.SiteKey, key wpclient.Key) config.SiteKey {
	k.KeyID, k.Secret, k.PrivateKey, k.SiteKeyID, k.SitePublicKey = key.KeyID, "", "", "", ""
	if key.Identity() == wpclient.IdentityHMAC {
		k.Secret = key.Secret.Base64()
		return k
	}
	k.PrivateKey, k.SiteKeyID = key.Secret.Base64(), key.Site.KeyID
	k.SitePublicKey = base64.StdEncoding.EncodeToString(key.Site.Public)
	return k
}

// identityWords is how a kind of key is called where people read it.
func identityWords(i wpclient.Identity) string {
	if i == wpclient.IdentityEd25519 {
		return "public key"
	}
	return "shared secret"
}

// Identity is the kind of the key in use.
func (c *siteConn) Identity() wpclient.Identity {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.key.Identity()
}

// Rotate gets a new key, keeps it on disk first and uses it from then on: the site drops the old one at the first use of
// the new. Only one rotation runs at a time: a second one would revoke what the first has brought.
func (c *siteConn) Rotate(ctx context.Context) (wpclient.RotateResponse, error) {
	if err := c.beginRotation(ctx); err != nil {
		return wpclient.RotateResponse{}, err
	}
	defer c.endRotation()
	client, err := c.client(ctx)
	if err != nil {
		return wpclient.RotateResponse{}, err
	}
	return c.rotate(ctx, client)
}

// upgrade changes to a public key because the site has refused used, whose secret it shares. Calls that were refused side
// by side change once.
func (c *siteConn) upgrade(ctx context.Context, used *wpclient.Client) error {
	if err := c.beginRotation(ctx); err != nil {
		return err
	}
	defer c.endRotation()
	if c.cur.Load().KeyID() != used.KeyID() {
		return nil
	}
	r, err := c.rotate(ctx, used)
	if err == nil {
		c.opt.Logger.Info("the site demands public keys; the agent has changed to one", "site", c.home, "key_id", r.KeyID)
	}
	return err
}

func (c *siteConn) rotate(ctx context.Context, client *wpclient.Client) (wpclient.RotateResponse, error) {
	r, err := client.Rotate(ctx)
	if err != nil {
		return r, err
	}
	key, err := r.Key()
	if err != nil {
		return r, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	next := withKey(c.stored, key)
	if err := config.SaveKey(c.conf.KeyFile, next); err != nil {
		return r, &wpclient.Error{Op: "rotate", Kind: wpclient.Transient, Code: "key_not_kept", Err: err,
			Message: client.Site().Host() + " gave a new key that cannot be kept here (" + err.Error() + "); the old one stays in use and the agent asks again"}
	}
	c.stored, c.key = next, key
	c.cur.Store(client.WithKey(key))
	return r, nil
}

func (c *siteConn) beginRotation(ctx context.Context) error {
	select {
	case c.rotating <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (c *siteConn) endRotation() { <-c.rotating }

// rekey takes over the key that next has from a file that was written by somebody else; false where it is the one in use.
func (c *siteConn) rekey(next *siteConn) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if withKey(c.stored, c.key) == withKey(c.stored, next.key) {
		return false
	}
	c.stored, c.key = next.stored, next.key
	root := c.conf.RESTRoot
	if now := c.cur.Load(); now != nil {
		root = now.Site().RESTRoot
	}
	if root == "" && next.stored.RootFrom != "" {
		root = next.stored.RESTRoot
	}
	if root != "" {
		c.use(root)
	}
	return true
}
