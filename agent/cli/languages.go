package cli

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"github.com/aidoc-pipeline/aidoc-agent/agent/config"
)

// checkLanguages refuses a configuration that would fail every document.
func checkLanguages(cfg *config.Config, installed []string) error {
	if err := checkLanguageList("extract.languages", cfg.Extract.Languages, installed); err != nil {
		return err
	}
	for _, s := range cfg.Sites {
		if err := checkLanguageList("sites[].languages of "+s.URL, s.Languages, installed); err != nil {
			return err
		}
	}
	return nil
}

func checkLanguageList(field string, list, installed []string) error {
	missing := missingLanguages(list, installed)
	if len(missing) == 0 {
		return nil
	}
	for _, l := range missing {
		if code := tesseractCode(l); code != "" && code != l {
			return fmt.Errorf("%s names %s, which Tesseract calls %s: correct it (apt-get install %s)", field, l, code, languagePackage(code))
		}
	}
	return fmt.Errorf("%s names %s, which is not installed: apt-get install %s, or take it out", field, joinNames(missing), strings.Join(languagePackages(missing), " "))
}

func missingLanguages(want, have []string) (missing []string) {
	for _, l := range want {
		if !slices.Contains(have, l) {
			missing = append(missing, l)
		}
	}
	return missing
}

// tesseractCode is what Tesseract calls a language that was given by its two-letter code; "" where nobody knows.
func tesseractCode(name string) string {
	if len(name) != 2 {
		return ""
	}
	base, err := language.ParseBase(strings.ToLower(name))
	if err != nil {
		return ""
	}
	if code := base.ISO3(); code != "zho" {
		return code
	}
	return "chi_sim"
}

// languagePackage is Debian's package of a language's data: chi_sim is in tesseract-ocr-chi-sim.
func languagePackage(lang string) string {
	if code := tesseractCode(lang); code != "" {
		lang = code
	}
	return "tesseract-ocr-" + strings.ReplaceAll(strings.ToLower(strings.ReplaceAll(lang, "script/", "script-")), "_", "-")
}

func languagePackages(langs []string) []string {
	out := make([]string, len(langs))
	for i, l := range langs {
		out[i] = languagePackage(l)
	}
	return out
}
