package cli

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"log/slog"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/config"
	"github.com/aidoc-pipeline/aidoc-agent/agent/pipeline"
	"github.com/aidoc-pipeline/aidoc-agent/extract"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
)

// localVision is who reads badly recognised pages of this machine's documents; nil: nobody.
func localVision(cfg *config.Config, pictures extract.Illustrator, log *slog.Logger) (*pipeline.Vision, error) {
	model, on := cfg.Vision()
	if !on {
		return nil, nil
	}
	w, err := newWriter(cfg, model, log)
	if err != nil {
		return nil, err
	}
	v := cfg.Extract.Vision
	return &pipeline.Vision{Model: llm.VisionOf(w.sum), Pictures: pictures, Below: v.Below, MaxPages: v.MaxPages}, nil
}

// checkVision shows every model that reads pages a small picture, and says which documents are kept from it.
func checkVision(ctx context.Context, cfg *config.Config) (out []finding) {
	for _, name := range cfg.VisionModels() {
		f := finding{what: "vision", code: exitUsage}
		w, err := newWriter(cfg, name, slog.New(slog.DiscardHandler))
		if err != nil {
			f.err, f.cure = err, "correct the fields of summary: or models: in the configuration"
			out = append(out, f)
			continue
		}
		v := llm.VisionOf(w.sum)
		f.note = fmt.Sprintf("%s reads up to %d pages of a document that are recognised with less than %g confidence", v.Model(), cfg.Extract.Vision.MaxPages, cfg.Extract.Vision.Below)
		if most := v.AtMost(extract.SightSide, extract.SightSide); most.USD > 0 {
			f.note += fmt.Sprintf("; a page costs at most %d tokens, %.4f US dollars", most.Tokens(), most.USD)
		} else {
			f.note += fmt.Sprintf("; a page takes at most %d tokens", most.Tokens())
		}
		within, cancel := context.WithTimeout(ctx, 30*time.Second)
		if f.err = v.Check(within, testPicture()); f.err != nil {
			f.cure = "set extract.vision.model to a model that takes pictures and answers, or leave it empty"
		} else if why := v.Bars(false); why != "" {
			f.warn, f.cure = "no page is shown to "+v.Model()+": "+why, "use a model on this machine or in privacy.trusted_hosts, or set extract.vision.model to \"\""
		}
		cancel()
		out = append(out, f)
	}
	return out
}

// testPicture is a black bar on white: it holds nothing of anybody.
func testPicture() []byte {
	img := image.NewGray(image.Rect(0, 0, 64, 64))
	draw.Draw(img, img.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(img, image.Rect(8, 24, 56, 40), image.NewUniform(color.Gray{}), image.Point{}, draw.Src)
	var b bytes.Buffer
	_ = jpeg.Encode(&b, img, nil) // into memory
	return b.Bytes()
}
