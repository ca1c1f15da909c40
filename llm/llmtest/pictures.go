package llmtest

import (
	"encoding/base64"
	"encoding/json"
	"strings"
)

// content is a message of OpenAI's API: a text, or parts that may be pictures.
type content struct {
	text     string
	pictures [][]byte
}

// UnmarshalJSON reads both forms.
func (c *content) UnmarshalJSON(b []byte) error {
	if json.Unmarshal(b, &c.text) == nil {
		return nil
	}
	var parts []struct {
		Text     string          `json:"text"`
		ImageURL json.RawMessage `json:"image_url"`
	}
	if err := json.Unmarshal(b, &parts); err != nil {
		return err
	}
	for _, p := range parts {
		c.text += p.Text
		url := ""
		if json.Unmarshal(p.ImageURL, &url) != nil { // Chat Completions wrap it
			var wrapped struct {
				URL string `json:"url"`
			}
			_ = json.Unmarshal(p.ImageURL, &wrapped)
			url = wrapped.URL
		}
		if data, ok := strings.CutPrefix(url, "data:image/jpeg;base64,"); ok {
			picture, err := base64.StdEncoding.DecodeString(data)
			if err != nil {
				return err
			}
			c.pictures = append(c.pictures, picture)
		}
	}
	return nil
}

// input is that of the Responses API: a text, or messages.
type input struct{ content }

// UnmarshalJSON reads both forms.
func (i *input) UnmarshalJSON(b []byte) error {
	if json.Unmarshal(b, &i.text) == nil {
		return nil
	}
	var messages []struct {
		Content content `json:"content"`
	}
	if err := json.Unmarshal(b, &messages); err != nil {
		return err
	}
	for _, m := range messages {
		i.text += m.Content.text
		i.pictures = append(i.pictures, m.Content.pictures...)
	}
	return nil
}
