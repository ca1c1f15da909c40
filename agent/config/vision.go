package config

import "slices"

// Vision is which model reads the pages that recognition reads with less confidence than Below, and how many of one document.
type Vision struct {
	Model    string  `yaml:"model"` // "": none; summary: that of summary; else the name of one of models
	Below    float64 `yaml:"below"`
	MaxPages int     `yaml:"max_pages"`
}

// The words that fields for a vision model take beside names of models.
const (
	VisionOff     = "off" // of a site: none
	VisionSummary = "summary"
)

// VisionOf names the model that reads badly recognised pages of a site, as SummaryBy takes it; on is false where none does.
func (c *Config) VisionOf(s Site) (model string, on bool) {
	switch name := s.Vision; {
	case name == VisionOff:
		return "", false
	case name == "":
		return c.visionModel(c.Extract.Vision.Model)
	default:
		return c.visionModel(name)
	}
}

// Vision is VisionOf a site that says nothing of its own, and of documents of this machine.
func (c *Config) Vision() (model string, on bool) { return c.VisionOf(Site{}) }

func (c *Config) visionModel(name string) (string, bool) {
	if name == VisionSummary {
		return "", true
	}
	return name, name != ""
}

// VisionModels are those in use, each once.
func (c *Config) VisionModels() (all []string) {
	for _, s := range append([]Site{{}}, c.Sites...) {
		if m, on := c.VisionOf(s); on && !slices.Contains(all, m) {
			all = append(all, m)
		}
	}
	return all
}

func (c *Config) checkVision(k *checks) {
	v := c.Extract.Vision
	c.checkVisionModel(k, "extract.vision.model", v.Model, "leave it empty for none")
	between(k, "extract.vision.below", v.Below, 0, 1)
	between(k, "extract.vision.max_pages", v.MaxPages, 1, 200)
}

// checkVisionModel wants a model that takes pictures, or may: which does only its server knows.
func (c *Config) checkVisionModel(k *checks, at, name, otherwise string) {
	var names []string
	for _, m := range c.Models {
		names = append(names, m.Name)
	}
	switch {
	case name == "":
	case name == VisionSummary && c.Summary.Provider == ProviderExtractive:
		k.bad(at, "is summary, and the embedded summariser reads no pictures: name one of models, or %s", otherwise)
	case name == VisionSummary, c.modelAt(name) >= 0:
	default:
		k.bad(at, "%q is none of models%s: add it there, use summary for that of summary, or %s", name, didYouMean(name, names), otherwise)
	}
}
