package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/agent/config"
	"github.com/aidoc-pipeline/aidoc-agent/extract"
)

func checkExtraction(ctx context.Context, cfg *config.Config) []finding {
	f := finding{what: "extraction", code: exitMachine}
	pool, err := newExtractor(cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		f.err, f.cure = err, cureOfExtractor(cfg)
		return []finding{f}
	}
	defer pool.Close()
	f.note = fmt.Sprintf("%d workers, %d types, %s", cfg.Extract.Workers, len(pool.MIMEs()), pool.Version())
	return []finding{f, checkReader(pool), checkOCR(cfg, pool.Languages()), checkOrientation(pool), checkSandbox(ctx, cfg, pool)}
}

// checkReader: without their own program readers do the same and start in twice the time.
func checkReader(pool *extract.Pool) finding {
	path, why := pool.Reader()
	f := finding{what: "readers", note: path}
	if why != "" {
		f.warn = "documents are read by the agent's own program, which takes readers twice as long to start; " + why
	}
	return f
}

func cureOfExtractor(cfg *config.Config) string {
	if cfg.Extract.Sandbox == config.SandboxRequire {
		return "run it on a kernel with landlock and seccomp (Linux 5.13 or later; a container's seccomp profile must let landlock_* through), or set extract.sandbox: auto and live with less"
	}
	return "see that " + cfg.WorkDir() + " can be written and that this user may start another process (ulimit -u)"
}

func checkOCR(cfg *config.Config, installed []string) finding {
	f := finding{what: "OCR", note: "languages " + joinNames(installed), code: exitMachine}
	if len(installed) == 0 {
		f.err = errors.New("no OCR language is installed: scanned pages cannot be read")
		f.cure = "apt-get install tesseract-ocr tesseract-ocr-eng tesseract-ocr-osd, and set TESSDATA_PREFIX only where the data lies elsewhere"
		return f
	}
	if f.err = checkLanguages(cfg, installed); f.err != nil {
		f.cure = "apt-get install " + strings.Join(languagePackages(missingLanguages(cfg.Extract.Languages, installed)), " ")
	}
	return f
}

// checkOrientation: without its data pages are read as they lie, which for one on its side is noise.
func checkOrientation(pool *extract.Pool) finding {
	f := finding{what: "orientation", note: "pages on their side are turned"}
	if !pool.Orientation() {
		f.warn = "Tesseract's osd data is not installed: scans on their side or upside down are read as noise"
		f.cure = "apt-get install tesseract-ocr-osd"
	}
	return f
}

// checkSandbox lets a child try to break out of its confinement.
func checkSandbox(ctx context.Context, cfg *config.Config, pool *extract.Pool) finding {
	f := finding{what: "sandbox", code: exitMachine}
	if cfg.Extract.Sandbox == config.SandboxOff {
		f.warn, f.cure = "extract.sandbox is off: document readers are not confined", "set extract.sandbox: auto, unless this machine is itself a sandbox"
		return f
	}
	st := pool.SandboxStatus()
	attempts, err := pool.ProbeSandbox(ctx)
	if err != nil {
		f.err = fmt.Errorf("the sandbox could not be tried: %w", err)
		f.cure = "run doctor again; where it stays like this, see the kernel's log (dmesg) for what ended the reader"
		return f
	}
	through := slices.Sorted(maps.Keys(attempts))
	through = slices.DeleteFunc(through, func(what string) bool { return attempts[what] != "" })
	f.note = fmt.Sprintf("landlock ABI %d, seccomp, limits; %d escape attempts, all refused", st.LandlockABI, len(attempts))
	if len(through) > 0 || !st.Complete() {
		f.warn, f.cure = "a document reader is not fully confined"+missingLayers(st), cureOfSandbox(st)+"; extract.sandbox: require refuses to run like this"
		if len(through) > 0 {
			f.warn += "; it could " + joinNames(through)
		}
	}
	return f
}

func missingLayers(st extract.SandboxStatus) string {
	var out strings.Builder
	for _, layer := range []struct{ name, why string }{{"landlock", st.Landlock}, {"seccomp", st.Seccomp}, {"limits", st.Limits}} {
		if layer.why != "" {
			fmt.Fprintf(&out, "; %s: %s", layer.name, layer.why)
		}
	}
	return out.String()
}

// cureOfSandbox says how each layer that is missing is had.
func cureOfSandbox(st extract.SandboxStatus) string {
	var out []string
	if st.Landlock != "" {
		out = append(out, "use a kernel with landlock (Linux 5.13 or later) and let a container's seccomp profile pass landlock_*")
	}
	if st.Seccomp != "" {
		out = append(out, "let a container's seccomp profile, or SystemCallFilter of a systemd unit, pass the call seccomp, and use a kernel that has it")
	}
	if st.Limits != "" {
		out = append(out, "let the same pass setrlimit and prlimit64")
	}
	if len(out) == 0 {
		return "update the kernel: all layers are in force, and something still gets through"
	}
	return strings.Join(out, "; ")
}
