package config

import "time"

// Default returns the defaults, the same on every machine. What depends on the machine (data
// folder, number of CPUs) is filled in by Load where the value is still empty or zero.
func Default() *Config {
	return &Config{
		Agent: Agent{DrainTimeout: seconds(25)},
		Poll:  Poll{Min: seconds(2), Max: seconds(30), LeaseEvery: seconds(60), Doorbell: true},
		Extract: Extract{
			MaxBytes:    100 << 20,
			MaxPages:    5000,
			MaxPixels:   100_000_000,
			PageTimeout: seconds(120),
			Timeout:     Duration(2 * time.Hour),
			MemoryMiB:   1024,
			Sandbox:     SandboxAuto,
			Vision:      Vision{Below: 0.6, MaxPages: 20},
		},
		Summary: Summary{
			Provider:    ProviderExtractive,
			Timeout:     seconds(120),
			OverCap:     OverCapWait,
			Batch:       BatchOff,
			BatchWait:   seconds(10 * 60),
			BatchGiveUp: seconds(26 * 3600),
			Unfounded:   UnfoundedMark,
		},
		Store:    Store{Kind: StoreDir, S3: S3Store{Checksum: ChecksumAuto}},
		Limits:   Limits{Memory: 512 << 20, MinFreeDisk: 512 << 20, MinFreeMemory: 128 << 20, MaxOutboxItems: 1000, MaxOutboxBytes: 256 << 20},
		Schedule: Schedule{Housekeeping: "17 3 * * *"},
		Journal:  Journal{Keep: Duration(30 * 24 * time.Hour)},
		Tracing:  Tracing{Sample: 1},
		Log:      Log{Level: "info", Format: "json"},
	}
}

// The words that some fields take.
const (
	SandboxAuto    = "auto"    // confine workers as far as this kernel can
	SandboxRequire = "require" // refuse to run where it cannot fully
	SandboxOff     = "off"

	ProviderExtractive = "extractive"
	ProviderOpenAI     = "openai"
	ProviderAnthropic  = "anthropic"

	OverCapWait       = "wait"       // until the cap renews
	OverCapExtractive = "extractive" // the embedded summary instead

	UnfoundedMark = "mark"
	UnfoundedDrop = "drop"

	StoreDir = "dir"
	StoreS3  = "s3"
)

func seconds(n int) Duration { return Duration(time.Duration(n) * time.Second) }
