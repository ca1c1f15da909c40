package wpclient

// Limits are the site's.
type Limits struct {
	MaxBytes int64 `json:"max_bytes"`
	TTLMS    int64 `json:"ttl_ms"`
	BeatMS   int64 `json:"beat_ms"`
}

func (l Limits) complete() bool { return l.MaxBytes > 0 && l.TTLMS > 0 && l.BeatMS > 0 }
