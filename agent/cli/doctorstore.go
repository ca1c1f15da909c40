package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/config"
	"github.com/aidoc-pipeline/aidoc-agent/agent/objectstore"
)

// checkStore tries in the store whatever the agent does there: one finding for all that works, one for each right that is missing.
func checkStore(ctx context.Context, cfg *config.Config) []finding {
	st, err := openStore(ctx, cfg)
	if err != nil {
		return []finding{{what: "object store", err: err, code: exitCode(err), cure: cureOfStore(err)}}
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	var good []string
	var bad []objectstore.Right
	for _, r := range objectstore.TryRights(ctx, st) {
		if r.Err == nil {
			good = append(good, strings.TrimPrefix(r.Name, "s3:"))
		} else {
			bad = append(bad, r)
		}
	}
	f := finding{what: "object store", note: st.String(), code: exitMachine}
	switch {
	case len(bad) == 0:
		if cfg.Store.Kind == config.StoreS3 {
			f.note += ": " + joinNames(good) + " tried"
		}
	case len(good) == 0: // then it is the keys or the place, not one of the rights
		f.err, f.cure = bad[0].Err, cureOfStore(bad[0].Err)
	default:
		return missingRights(st, bad)
	}
	return []finding{f}
}

func missingRights(st objectstore.Store, bad []objectstore.Right) (out []finding) {
	for _, r := range bad {
		f := finding{what: "object store", err: r.Err, code: exitMachine, cure: cureOfStore(r.Err)}
		if errors.Is(r.Err, objectstore.ErrAccessDenied) {
			f.err = fmt.Errorf("%s is refused in %s: %s", r.Name, st, r.For)
			f.cure = "allow " + r.Name + " for these keys (docs/s3.md has the whole policy)"
		}
		if r.Needless {
			f.warn, f.err = f.err.Error(), nil
		}
		out = append(out, f)
	}
	return out
}

// cureOfStore says what to do where a store is not to be had.
func cureOfStore(err error) string {
	var e *objectstore.Error
	if !errors.As(err, &e) {
		return ""
	}
	switch e.Code {
	case objectstore.CodeAccessDenied:
		return "check the keys (store.s3.access_key_id, secret_access_key or the AWS_* variables of this user) and, for a folder, its owner and mode"
	case objectstore.CodeNoBucket:
		return "create the bucket, or correct store.s3.bucket and store.s3.region"
	case objectstore.CodeUnreachable:
		return "check store.s3.endpoint and that a firewall lets this machine out to it"
	case objectstore.CodeClockSkew:
		return "timedatectl set-ntp true"
	case objectstore.CodeFull:
		return "make room there; the agent takes no work until it can write a probe of 1 MiB"
	case objectstore.CodeCorrupt:
		return "take the cache away that stands in front of the store, or check the disk"
	}
	return "check the fields of store: in the configuration"
}
