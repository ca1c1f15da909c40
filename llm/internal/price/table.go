package price

// Checked is the day on which the table was compared with the vendors' pages.
const Checked = "2026-11-27"

// The built-in prices, US dollars per million tokens: input, cached input, output. A batch costs half of everything at both vendors.
//
// Checked against developers.openai.com/api/docs/pricing with its pages of models, and
// platform.claude.com/docs/en/about-claude/pricing. Where a vendor has a lower price for a limited time, the regular one stands here.
var table = map[string]map[string]Price{
	"openai": {
		"gpt-6-astra": {In: 10, Cached: 1, Out: 50, Long: openAILong},
		"gpt-6.1-sol": {In: 2, Cached: 0.1, Out: 10, Long: openAILong},
		"gpt-6-sol":   {In: 2, Cached: 0.2, Out: 10, Long: openAILong},
		"gpt-6-luna":  {In: 0.1, Cached: 0.01, Out: 0.5, Long: openAILong},

		"gpt-5.6-sol":   {In: 5, Cached: 0.5, Out: 30, Long: openAILong},
		"gpt-5.6":       {In: 5, Cached: 0.5, Out: 30, Long: openAILong}, // an alias of Sol
		"gpt-5.6-terra": {In: 2, Cached: 0.2, Out: 12, Long: openAILong},
		"gpt-5.6-luna":  {In: 0.2, Cached: 0.02, Out: 1.2, Long: openAILong},
		"gpt-5.5":       {In: 5, Cached: 0.5, Out: 30},
		"gpt-5.5-pro":   {In: 30, Cached: 30, Out: 180},
		"gpt-5.4":       {In: 2.5, Cached: 0.25, Out: 15},
		"gpt-5.4-pro":   {In: 30, Cached: 30, Out: 180},
		"gpt-5.4-mini":  {In: 0.75, Cached: 0.075, Out: 4.5},
		"gpt-5.4-nano":  {In: 0.2, Cached: 0.02, Out: 1.25},
		"gpt-5.2":       {In: 1.75, Cached: 0.175, Out: 14},
		"gpt-5.2-pro":   {In: 21, Cached: 21, Out: 168},
		"gpt-5.1":       {In: 1.25, Cached: 0.125, Out: 10},
		"gpt-5":         {In: 1.25, Cached: 0.125, Out: 10},
		"gpt-5-pro":     {In: 15, Cached: 15, Out: 120},
		"gpt-5-mini":    {In: 0.25, Cached: 0.025, Out: 2},
		"gpt-5-nano":    {In: 0.05, Cached: 0.005, Out: 0.4},

		"gpt-4.1":       {In: 2, Cached: 0.5, Out: 8},
		"gpt-4.1-mini":  {In: 0.4, Cached: 0.1, Out: 1.6},
		"gpt-4.1-nano":  {In: 0.1, Cached: 0.025, Out: 0.4},
		"gpt-4o":        {In: 2.5, Cached: 1.25, Out: 10},
		"gpt-4o-mini":   {In: 0.15, Cached: 0.075, Out: 0.6},
		"gpt-4-turbo":   {In: 10, Cached: 10, Out: 30},
		"gpt-4":         {In: 30, Cached: 30, Out: 60},
		"gpt-3.5-turbo": {In: 0.5, Cached: 0.5, Out: 1.5},

		"o1":      {In: 15, Cached: 7.5, Out: 60},
		"o1-pro":  {In: 150, Cached: 150, Out: 600},
		"o1-mini": {In: 1.1, Cached: 0.55, Out: 4.4},
		"o3":      {In: 2, Cached: 0.5, Out: 8},
		"o3-pro":  {In: 20, Cached: 20, Out: 80},
		"o3-mini": {In: 1.1, Cached: 0.55, Out: 4.4},
		"o4-mini": {In: 1.1, Cached: 0.275, Out: 4.4},
	},
	"anthropic": {
		"claude-fable-5":    {In: 10, Cached: 1, Out: 50},
		"claude-fable-5-1":  {In: 10, Cached: 0.25, Out: 50},
		"claude-opus-5":     {In: 5, Cached: 0.5, Out: 25},
		"claude-opus-5-5":   {In: 4, Cached: 0.2, Out: 20},
		"claude-sonnet-5":   {In: 2, Cached: 0.2, Out: 10},
		"claude-sonnet-5-5": {In: 2, Cached: 0.1, Out: 10},
		"claude-haiku-5-5":  {In: 0.1, Cached: 0.01, Out: 0.5, Long: Long{From: 100_000, In: 5, Out: 5}},

		"claude-opus-4-0":   {In: 15, Cached: 1.5, Out: 75},
		"claude-opus-4-1":   {In: 15, Cached: 1.5, Out: 75},
		"claude-opus-4":     {In: 15, Cached: 1.5, Out: 75},
		"claude-opus-4-5":   {In: 5, Cached: 0.5, Out: 25},
		"claude-opus-4-6":   {In: 5, Cached: 0.5, Out: 25},
		"claude-opus-4-7":   {In: 5, Cached: 0.5, Out: 25},
		"claude-opus-4-8":   {In: 5, Cached: 0.5, Out: 25},
		"claude-sonnet-4-0": {In: 3, Cached: 0.3, Out: 15},
		"claude-sonnet-4-5": {In: 3, Cached: 0.3, Out: 15},
		"claude-sonnet-4-6": {In: 3, Cached: 0.3, Out: 15},
		"claude-sonnet-4":   {In: 3, Cached: 0.3, Out: 15},
		"claude-haiku-4-5":  {In: 1, Cached: 0.1, Out: 5},
		"claude-3-7-sonnet": {In: 3, Cached: 0.3, Out: 15},
		"claude-3-5-sonnet": {In: 3, Cached: 0.3, Out: 15},
		"claude-3-5-haiku":  {In: 0.8, Cached: 0.08, Out: 4},
		"claude-3-opus":     {In: 15, Cached: 1.5, Out: 75},
		"claude-3-haiku":    {In: 0.25, Cached: 0.03, Out: 1.25},
	},
}

// embeddings are models that answer with vectors: only their input costs.
var embeddings = map[string]map[string]Price{
	"openai": {
		"text-embedding-3-small": {In: 0.02},
		"text-embedding-3-large": {In: 0.13},
		"text-embedding-ada-002": {In: 0.10},
	},
}

// openAILong is how OpenAI charges prompts above 272,000 tokens since GPT-5.6.
var openAILong = Long{From: 272_000, In: 2, Out: 1.5}
