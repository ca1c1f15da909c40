#include "bridge.h"

// Reads the tokens of a PDF in the place of MuPDF's own scanner, which takes a third of the time of a page: it asks for each byte by a call. What is
// plain, ends within what of the stream is unpacked already, and can mean one thing only is read here; anything else is left to MuPDF, from the
// same place. TestTokens compares the two.

// The stream and the scanner's result as MuPDF lays them out in memory.
typedef struct {
	int refs, error, eof, progressive;
	int64_t pos;
	int avail, bits;
	unsigned char *rp, *wp;
	void *state;
} stream;
typedef struct {
	size_t size, base_size, len;
	int64_t i;
	float f;
	char *scratch;
} lexbuf;
enum { TOK_OPEN_ARRAY = 2, TOK_CLOSE_ARRAY, TOK_OPEN_DICT, TOK_CLOSE_DICT, TOK_NAME = 8, TOK_INT, TOK_REAL, TOK_STRING, TOK_KEYWORD, TOK_R };

WEAK int __real_pdf_lex(fz_context *, stream *, lexbuf *);

enum { SHORT = 16 };
enum { REGULAR, WHITE, DELIMITER, DIGIT, ODD }; // ODD may mean something else in a name or a number
static const unsigned char kind[256] = {
	[0] = WHITE, ['\t'] = WHITE, ['\n'] = WHITE, ['\f'] = WHITE, ['\r'] = WHITE, [' '] = WHITE,
	['('] = DELIMITER, [')'] = DELIMITER, ['<'] = DELIMITER, ['>'] = DELIMITER, ['['] = DELIMITER, [']'] = DELIMITER,
	['{'] = DELIMITER, ['}'] = DELIMITER, ['/'] = DELIMITER, ['%'] = DELIMITER,
	['0'] = DIGIT, ['1'] = DIGIT, ['2'] = DIGIT, ['3'] = DIGIT, ['4'] = DIGIT, ['5'] = DIGIT, ['6'] = DIGIT, ['7'] = DIGIT, ['8'] = DIGIT, ['9'] = DIGIT,
	['#'] = ODD,
};
static const signed char hex[256] = { // a digit's value and 1
	['0'] = 1, ['1'] = 2, ['2'] = 3, ['3'] = 4, ['4'] = 5, ['5'] = 6, ['6'] = 7, ['7'] = 8, ['8'] = 9, ['9'] = 10,
	['A'] = 11, ['B'] = 12, ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
};

// copy keeps n bytes and what ends them. What stands behind them is copied with short ones where there is as much, which takes no call; end is no further than what fits.
static void copy(lexbuf *b, const unsigned char *p, size_t n, const unsigned char *end) {
	if (n < SHORT && end - p >= SHORT) memcpy(b->scratch, p, SHORT);
	else memcpy(b->scratch, p, n);
	b->scratch[n] = 0;
}

// number reads from p a number of at most nine digits; NULL where there is none. Their quotient by a power of ten that is no larger than 10^8 has no more
// than 52 bits up to where it differs from a number between two of single precision, so that rounding it twice rounds it once.
static const unsigned char *number(const unsigned char *p, const unsigned char *end, lexbuf *b, int *token) {
	static const double power[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8};
	const unsigned char *from = p, *point = NULL;
	int minus = *p == '-', digits = 0;
	uint32_t m = 0;
	for (p += minus; p < end; p++) {
		unsigned digit = *p - '0';
		if (digit < 10) {
			if (++digits > 9) return NULL;
			m = m * 10 + digit;
		} else if (*p == '.' && !point) point = p;
		else break;
	}
	if (p == end || !digits || (kind[*p] != WHITE && kind[*p] != DELIMITER)) return NULL;
	if (point) {
		long decimals = p - point - 1;
		if (decimals > 8 || point - from >= 10) return NULL;
		double v = m / power[decimals];
		b->f = minus ? -v : v;
	} else b->i = minus ? -(int64_t)m : m;
	*token = point ? TOK_REAL : TOK_INT;
	copy(b, from, p - from, end);
	return p;
}

// word is the end of what stands at p up to white space or a delimiter; NULL where that is not told.
static const unsigned char *word(const unsigned char *p, const unsigned char *end) {
	const unsigned char *q = p;
	while (q < end && (kind[*q] == REGULAR || kind[*q] == DIGIT)) q++;
	return q < end && kind[*q] != ODD ? q : NULL;
}

int __wrap_pdf_lex(fz_context *ctx, stream *f, lexbuf *b) {
	const unsigned char *p = f->rp, *end = f->wp, *q;
	int token;
	while (p < end && kind[*p] == WHITE) p++;
	if (p == end) return __real_pdf_lex(ctx, f, b);
	if ((size_t)(end - p) > b->size) end = p + b->size; // so that all that is read fits
	switch (*p) {
	case '-': case '.': case '0': case '1': case '2': case '3': case '4': case '5': case '6': case '7': case '8': case '9':
		if ((q = number(p, end, b, &token))) {
			f->rp = (unsigned char *)q;
			return token;
		}
		break;
	case '/':
		if ((q = word(p + 1, end)) && q - p < 4095) {
			copy(b, p + 1, b->len = q - p - 1, end);
			f->rp = (unsigned char *)q;
			return TOK_NAME;
		}
		break;
	case '(':
		for (q = p + 1; q < end && *q != ')' && *q != '(' && *q != '\\' && *q != '\r'; q++)
			b->scratch[q - p - 1] = *q;
		if (q < end && *q == ')') {
			b->len = q - p - 1;
			f->rp = (unsigned char *)q + 1;
			return TOK_STRING;
		}
		break;
	case '<':
		if (p + 1 < end && p[1] == '<') {
			f->rp = (unsigned char *)p + 2;
			return TOK_OPEN_DICT;
		}
		size_t n = 0;
		for (q = p + 1; q + 1 < end && hex[q[0]] && hex[q[1]]; q += 2)
			b->scratch[n++] = (hex[q[0]] - 1) << 4 | (hex[q[1]] - 1);
		if (q < end && *q == '>') {
			b->len = n;
			f->rp = (unsigned char *)q + 1;
			return TOK_STRING;
		}
		break;
	case '>':
		if (p + 1 < end && p[1] == '>') {
			f->rp = (unsigned char *)p + 2;
			return TOK_CLOSE_DICT;
		}
		break;
	case '[': case ']':
		f->rp = (unsigned char *)p + 1;
		return *p == '[' ? TOK_OPEN_ARRAY : TOK_CLOSE_ARRAY;
	case ')': case '{': case '}': case '%': case '+':
		break;
	default: // an operator; words of more letters have meanings of their own
		q = word(p, end);
		if (!q || q - p > 3 || (q - p == 3 && *p == 'o')) break;
		for (const unsigned char *c = p; c < q; c++)
			if (*c < ' ' || *c > '~') return __real_pdf_lex(ctx, f, b);
		copy(b, p, b->len = q - p, end);
		f->rp = (unsigned char *)q;
		return q - p == 1 && *p == 'R' ? TOK_R : TOK_KEYWORD;
	}
	return __real_pdf_lex(ctx, f, b);
}

// For tests: whether both ways give the same tokens of data, of which the scanner gets so many bytes at a time.

WEAK stream *fz_new_stream(fz_context *, void *, int (*)(fz_context *, stream *, size_t), void (*)(fz_context *, void *));
WEAK void pdf_lexbuf_init(fz_context *, lexbuf *, int);
WEAK void pdf_lexbuf_fin(fz_context *, lexbuf *);

typedef struct { const unsigned char *data; size_t len; int step; } source;
static int next(fz_context *ctx, stream *f, size_t max) {
	source *s = f->state;
	size_t n = s->len - f->pos;
	if (n > (size_t)s->step) n = s->step;
	if (!n) return -1;
	f->rp = (unsigned char *)s->data + f->pos;
	f->wp = f->rp + n;
	f->pos += n;
	return *f->rp++;
}

// bridge_tokens_differ is how many bytes were read up to the first difference, -1 where there is none. counted is how many tokens there were.
long bridge_tokens_differ(fz_context *ctx, const unsigned char *data, size_t len, int step, long *counted) {
	source s = {data, len, step};
	struct { lexbuf b; char room[256]; } buf[2];
	stream *volatile f[2] = {NULL, NULL};
	long volatile at = -1;
	pdf_lexbuf_init(ctx, &buf[0].b, 256);
	pdf_lexbuf_init(ctx, &buf[1].b, 256);
	TRY(ctx) {
		f[0] = fz_new_stream(ctx, &s, next, NULL);
		f[1] = fz_new_stream(ctx, &s, next, NULL);
		for (int token = -1; at < 0 && token != 1; ++*counted) {
			token = __wrap_pdf_lex(ctx, f[0], &buf[0].b);
			int want = __real_pdf_lex(ctx, f[1], &buf[1].b);
			lexbuf *a = &buf[0].b, *b = &buf[1].b;
			int same = token == want && f[0]->pos - (f[0]->wp - f[0]->rp) == f[1]->pos - (f[1]->wp - f[1]->rp);
			if (same && token == TOK_INT) same = a->i == b->i && !strcmp(a->scratch, b->scratch);
			if (same && token == TOK_REAL) same = !memcmp(&a->f, &b->f, sizeof a->f) && !strcmp(a->scratch, b->scratch);
			if (same && (token == TOK_NAME || token == TOK_STRING)) same = a->len == b->len && !memcmp(a->scratch, b->scratch, a->len);
			if (same && token >= TOK_KEYWORD) same = a->len == b->len && !strcmp(a->scratch, b->scratch);
			if (!same) at = f[1]->pos - (f[1]->wp - f[1]->rp);
		}
	} ALWAYS(ctx) {
		fz_drop_stream(ctx, (fz_stream *)f[0]);
		fz_drop_stream(ctx, (fz_stream *)f[1]);
		pdf_lexbuf_fin(ctx, &buf[0].b);
		pdf_lexbuf_fin(ctx, &buf[1].b);
	} CATCH(ctx) {}
	return at;
}
void bridge_stream_offsets(size_t *o) { *o++ = offsetof(stream, rp); *o++ = offsetof(stream, wp); *o++ = offsetof(stream, state); }
