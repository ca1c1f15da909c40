package gate

import "fmt"

// Reason is why an answer is refused. "" is none.
type Reason string

// Reasons, in the order in which they are looked for.
const (
	Unfinished Reason = "thought"   // a thought that never ends, or nothing but thoughts
	Empty      Reason = "empty"     // nothing, or nothing to read
	Leak       Reason = "leak"      // its instructions, or the marks around the document
	Refused    Reason = "refusal"   // "I cannot assist with that"
	NoDocument Reason = "nothing"   // "please provide the document"
	NoChange   Reason = "nochange"  // "no changes needed": an answer to another question
	Loop       Reason = "loop"      // the same words again and again
	Echo       Reason = "echo"      // the document itself
	Language   Reason = "language"  // another language than was asked for
	Cut        Reason = "cut"       // ended by the limit of its length
	Form       Reason = "form"      // not in the form that was asked for
	Unfounded  Reason = "unfounded" // of what it says nothing is in the document
)

// Says is what the model did, as the middle of a sentence about it: "the model … : what to do".
func (r Reason) Says() string {
	switch r {
	case Unfinished:
		return "spent its whole answer on thinking and never came to the summary"
	case Leak:
		return "printed its instructions instead of a summary"
	case Refused:
		return "refused to summarise the document"
	case NoDocument:
		return "asked for the document instead of summarising it"
	case NoChange:
		return "answered that no changes are needed instead of writing a summary"
	case Loop:
		return "repeated the same words without end"
	case Echo:
		return "copied the document instead of summarising it"
	case Language:
		return "wrote in another language than was asked for"
	case Cut:
		return "was cut off by the limit of its answer before there was anything to show"
	case Form:
		return "gave no usable summary"
	case Unfounded:
		return "wrote a summary of which nothing was found in the document"
	}
	return "gave an empty answer"
}

// Advice is what the operator can do about it.
func (r Reason) Advice() string {
	switch r {
	case Unfinished:
		return "set summary.model to one that thinks less before it writes"
	case Cut:
		return "raise summary.context_tokens if the model takes more, or set summary.model to another one"
	case NoDocument:
		return "the server may cut long prompts: check summary.context_tokens against what it is started with"
	case Language:
		return "set summary.language, or summary.model to one that writes it"
	case Refused:
		return "read the document, and summarise it by hand or with the extractive summariser"
	}
	return "set summary.model to a larger one"
}

// Sentence tells a person what came of n tries.
func (r Reason) Sentence(model string, n int) string {
	tries := ""
	if n > 1 {
		tries = fmt.Sprintf(" in %d tries", n)
	}
	return fmt.Sprintf("the model %s %s%s: %s", model, r.Says(), tries, r.Advice())
}

// Firmer is the sentence that the question is put with once more.
func (r Reason) Firmer(notes bool) string {
	what := "the summary itself"
	if notes {
		what = "the list of notes itself"
	}
	switch r {
	case Refused, NoDocument, NoChange:
		return "Your last answer could not be used: it spoke about the task instead of doing it. The text below is all there is, and nothing else will follow. Answer now with " + what + " and nothing else."
	case Loop:
		return "Your last answer could not be used: it repeated itself. Say each thing once, and stop when all is said. Answer now with " + what + " and nothing else."
	case Echo, Leak:
		return "Your last answer could not be used: it copied what you were given. Use your own words and be short. Answer now with " + what + " and nothing else."
	case Language:
		return "Your last answer could not be used: it was in the wrong language. Answer now with " + what + " and nothing else, in the language asked for."
	case Unfounded:
		return "Your last answer could not be used: its quotations are not in the document. State only what the text below says, and copy each quotation from it letter by letter. Answer now with " + what + " and nothing else."
	case Unfinished, Cut:
		return "Your last answer could not be used: it was not finished. Do not think aloud, and be short. Answer now with " + what + " and nothing else."
	}
	return "Your last answer could not be used: it was empty or not in the form asked for. Answer now with " + what + " and nothing else, in exactly the form asked for."
}
