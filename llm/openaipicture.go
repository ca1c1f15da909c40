package llm

import (
	"encoding/base64"

	openai "github.com/sashabaranov/go-openai"
)

// userMessage is a plain message where there is no picture: not every server takes parts.
func userMessage(text string, picture []byte) openai.ChatCompletionMessage {
	m := openai.ChatCompletionMessage{Role: openai.ChatMessageRoleUser}
	if picture == nil {
		m.Content = text
		return m
	}
	m.MultiContent = []openai.ChatMessagePart{
		{Type: openai.ChatMessagePartTypeImageURL, ImageURL: &openai.ChatMessageImageURL{URL: dataURL(picture), Detail: openai.ImageURLDetailHigh}},
		{Type: openai.ChatMessagePartTypeText, Text: text},
	}
	return m
}

// responseInput is the same in the form of the Responses API.
func responseInput(text string, picture []byte) any {
	if picture == nil {
		return text
	}
	type part struct {
		Type     string `json:"type"`
		Text     string `json:"text,omitempty"`
		ImageURL string `json:"image_url,omitempty"`
		Detail   string `json:"detail,omitempty"`
	}
	return []any{map[string]any{"role": "user", "content": []part{
		{Type: "input_image", ImageURL: dataURL(picture), Detail: "high"}, {Type: "input_text", Text: text},
	}}}
}

func dataURL(jpeg []byte) string {
	return "data:image/jpeg;base64," + base64.StdEncoding.EncodeToString(jpeg)
}
