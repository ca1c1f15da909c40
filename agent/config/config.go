// Package config is what a person may tell the agent, and nothing else: defaults, then a YAML
// file read strictly, then the environment, then flags; Validate names the field that is wrong
// and says what to do. configs/agent.example.yaml documents every field.
package config

// Config is the whole configuration. Load returns it complete and validated.
type Config struct {
	DataDir  string   `yaml:"data_dir"`
	Sites    []Site   `yaml:"sites"`
	Agent    Agent    `yaml:"agent"`
	Poll     Poll     `yaml:"poll"`
	Extract  Extract  `yaml:"extract"`
	Summary  Summary  `yaml:"summary"`
	Models   []Model  `yaml:"models"`
	Privacy  Privacy  `yaml:"privacy"`
	Store    Store    `yaml:"store"`
	Limits   Limits   `yaml:"limits"`
	Schedule Schedule `yaml:"schedule"`
	Journal  Journal  `yaml:"journal"`
	Metrics  Metrics  `yaml:"metrics"`
	Tracing  Tracing  `yaml:"tracing"`
	Log      Log      `yaml:"log"`

	// Path is the file that was read; "" when there was none.
	Path string `yaml:"-"`
	// BadKeys are key files of joined sites that cannot be used. The other sites are worked for.
	BadKeys []BadKey `yaml:"-"`
	// Warnings are for the log and for doctor.
	Warnings []Warning `yaml:"-"`

	origins map[string]string `yaml:"-"` // by field, where its value comes from; absent for the default
}

// Tracing is whether and where an OpenTelemetry collector is told of the work on documents.
type Tracing struct {
	Endpoint string   `yaml:"endpoint"`
	Headers  []Secret `yaml:"headers"`
	Sample   float64  `yaml:"sample"`
}

// Site is one WordPress site to work for.
type Site struct {
	URL           string   `yaml:"url"`
	RESTRoot      string   `yaml:"rest_root"`
	KeyFile       string   `yaml:"key_file"`
	InsecureHTTP  bool     `yaml:"insecure_http"`
	AllowLoopback bool     `yaml:"allow_loopback"`
	AllowHosts    []string `yaml:"allow_hosts"`
	AllowBuckets  []string `yaml:"allow_buckets"`
	LocalOnly     bool     `yaml:"local_only"`
	S3            S3Source `yaml:"s3"`

	Windows      OwnWindows `yaml:"windows"` // none: those of schedule
	TZ           string     `yaml:"tz"`      // of windows without one; "": schedule.tz
	MaxDocuments int        `yaml:"max_documents"`
	StorePrefix  string     `yaml:"store_prefix"`
	Languages    []string   `yaml:"languages"` // none: extract.languages
	Labels       []string   `yaml:"labels"`

	Vision            string  `yaml:"vision"` // "": extract.vision.model; off; summary; else the name of one of models
	Model             string  `yaml:"model"`  // "": that of summary; extractive; else the name of one of models
	MaxTokensPerDay   int64   `yaml:"max_tokens_per_day"`
	MaxUSDPerDay      float64 `yaml:"max_usd_per_day"`
	MaxTokensPerMonth int64   `yaml:"max_tokens_per_month"`
	MaxUSDPerMonth    float64 `yaml:"max_usd_per_month"`
}

// S3Source is the server whose buckets a site's offloaded documents are read from. With none of these set it is that of store.s3, where there is one.
type S3Source struct {
	Endpoint            string `yaml:"endpoint"`
	Region              string `yaml:"region"`
	PathStyle           bool   `yaml:"path_style"`
	AccessKeyID         string `yaml:"access_key_id"`
	SecretAccessKey     Secret `yaml:"secret_access_key"`
	SecretAccessKeyFile string `yaml:"secret_access_key_file"`
}

// BadKey is a key file that cannot be used, and why.
type BadKey struct {
	File string
	Err  error
}

// Agent is about this process. Slots 0: as many documents as readers, calls to a model and leases taken ahead can use.
type Agent struct {
	Name         string   `yaml:"name"`
	Slots        int      `yaml:"slots"`
	DrainTimeout Duration `yaml:"drain_timeout"`
}

// Poll is how often a site is asked for work.
type Poll struct {
	Min        Duration `yaml:"min"`
	Max        Duration `yaml:"max"`
	LeaseEvery Duration `yaml:"lease_every"`
	Doorbell   bool     `yaml:"doorbell"`
}

// Extract limits what one document may cost. Workers 0 means one for each CPU.
type Extract struct {
	Workers     int      `yaml:"workers"`
	Languages   []string `yaml:"languages"`
	MaxBytes    ByteSize `yaml:"max_bytes"`
	MaxPages    int      `yaml:"max_pages"`
	MaxPixels   int64    `yaml:"max_pixels"`
	PageTimeout Duration `yaml:"page_timeout"`
	Timeout     Duration `yaml:"timeout"`
	MemoryMiB   int      `yaml:"memory_mib"`
	Sandbox     string   `yaml:"sandbox"`
	Vision      Vision   `yaml:"vision"`
}

// Summary chooses who writes summaries and what they may cost. 0 means no limit for the maxima.
type Summary struct {
	Provider             string    `yaml:"provider"`
	Model                string    `yaml:"model"`
	BaseURL              string    `yaml:"base_url"`
	Embeddings           string    `yaml:"embeddings"`
	APIKey               Secret    `yaml:"api_key"`
	APIKeyFile           string    `yaml:"api_key_file"`
	Organization         string    `yaml:"organization"`
	Project              string    `yaml:"project"`
	Headers              []Secret  `yaml:"headers"`
	Unfounded            string    `yaml:"unfounded"`
	Language             string    `yaml:"language"`
	Profiles             []Profile `yaml:"profiles"`
	ChunkTokens          int       `yaml:"chunk_tokens"`
	ContextTokens        int       `yaml:"context_tokens"`
	Concurrency          int       `yaml:"concurrency"`
	Timeout              Duration  `yaml:"timeout"`
	MaxTokensPerDocument int       `yaml:"max_tokens_per_document"`
	MaxUSDPerDocument    float64   `yaml:"max_usd_per_document"`
	MaxTokensPerDay      int64     `yaml:"max_tokens_per_day"`
	MaxUSDPerDay         float64   `yaml:"max_usd_per_day"`
	MaxTokensPerMonth    int64     `yaml:"max_tokens_per_month"`
	MaxUSDPerMonth       float64   `yaml:"max_usd_per_month"`
	OverCap              string    `yaml:"over_cap"`
	Batch                BatchMode `yaml:"batch"`
	BatchWait            Duration  `yaml:"batch_wait"`
	BatchGiveUp          Duration  `yaml:"batch_give_up"`
	USDPerMTokIn         float64   `yaml:"usd_per_mtok_in"`
	USDPerMTokCached     float64   `yaml:"usd_per_mtok_cached"`
	USDPerMTokOut        float64   `yaml:"usd_per_mtok_out"`
}

// Privacy is what a remote model must not see: kinds of personal data, and matches of patterns (Go's regular expressions). TrustedHosts
// are hosts, addresses and networks of model servers that count as local.
type Privacy struct {
	Redact       []string `yaml:"redact"`
	Patterns     []string `yaml:"patterns"`
	TrustedHosts []string `yaml:"trusted_hosts"`
}

// Store is where artifacts go. Layout "" lets the number of sites decide (objectstore.NewLayout).
type Store struct {
	Kind      string   `yaml:"kind"`
	Layout    string   `yaml:"layout"`
	Keep      Duration `yaml:"keep"` // 0: as long as the document is in WordPress
	ShareText bool     `yaml:"share_text"`
	Dir       DirStore `yaml:"dir"`
	S3        S3Store  `yaml:"s3"`
}

// DirStore is a folder.
type DirStore struct {
	Path string `yaml:"path"`
}

// S3Store is a bucket. Without keys the AWS credential chain is used (AWS_* variables, profile, role).
type S3Store struct {
	Bucket              string `yaml:"bucket"`
	Region              string `yaml:"region"`
	Endpoint            string `yaml:"endpoint"`
	PathStyle           bool   `yaml:"path_style"`
	Prefix              string `yaml:"prefix"`
	AccessKeyID         string `yaml:"access_key_id"`
	SecretAccessKey     Secret `yaml:"secret_access_key"`
	SecretAccessKeyFile string `yaml:"secret_access_key_file"`
	SSE                 string `yaml:"sse"`
	SSEKMSKeyID         string `yaml:"sse_kms_key_id"`

	StorageClass string   `yaml:"storage_class"`
	Tags         []string `yaml:"tags"`
	Checksum     string   `yaml:"checksum"`
}

// Limits stop the agent from leasing. 0 means no limit.
type Limits struct {
	Memory         ByteSize `yaml:"memory"` // of the agent's own process
	MinFreeDisk    ByteSize `yaml:"min_free_disk"`
	MinFreeMemory  ByteSize `yaml:"min_free_memory"` // for each extract.workers
	MaxOutboxItems int      `yaml:"max_outbox_items"`
	MaxOutboxBytes ByteSize `yaml:"max_outbox_bytes"`
}

// Schedule says when documents are processed (no window: always) and when the agent tidies up.
type Schedule struct {
	Windows      []Window `yaml:"windows"`
	TZ           string   `yaml:"tz"`
	Housekeeping string   `yaml:"housekeeping"`
}

// Journal is the agent's memory on disk.
type Journal struct {
	Keep     Duration `yaml:"keep"`
	MaxBytes ByteSize `yaml:"max_bytes"`
}

// Metrics is the Prometheus endpoint; off while Listen is empty.
type Metrics struct {
	Listen      string `yaml:"listen"`
	AllowRemote bool   `yaml:"allow_remote"`
}

// Log goes to standard error.
type Log struct {
	Level  string `yaml:"level"`
	Format string `yaml:"format"`
}
