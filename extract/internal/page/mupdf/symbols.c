#include "bridge.h"

// What a font's glyph shows by its name, of the names that neither the Adobe Glyph List nor MuPDF's additions to it have: those of the
// mathematical fonts of TeX (cmex, cmsy, cmmi, msam, msbm, stmary), which come without a table of their characters. 0x20 is for a piece of a
// horizontal brace, which is no text. Sorted by name.
typedef struct { const char *name; int c; } bridge_sign;
static const bridge_sign bridge_symbols[] = {
	{"Digamma", 0x3dc}, {"Finv", 0x2132}, {"Gmir", 0x2141}, {"angbracketleft", 0x27e8}, {"angbracketright", 0x27e9}, {"anticlockwise", 0x21ba},
	{"approxorequal", 0x224a}, {"archleftup", 0x21b6}, {"archrightdown", 0x21b7}, {"arrowbothv", 0x2195}, {"arrowdblbothv", 0x21d5},
	{"arrowhookleft", 0x21a9}, {"arrowhookright", 0x21aa}, {"arrownortheast", 0x2197}, {"arrownorthwest", 0x2196}, {"arrowparrleftright", 0x21c6},
	{"arrowparrrightleft", 0x21c4}, {"arrowsoutheast", 0x2198}, {"arrowsouthwest", 0x2199}, {"arrowtailleft", 0x21a2}, {"arrowtailright", 0x21a3},
	{"arrowtripleleft", 0x21da}, {"arrowtripleright", 0x21db}, {"backslash", '\\'}, {"barshort", 0x2223}, {"because", 0x2235}, {"between", 0x226c},
	{"braceex", 0x23aa}, {"bracehtipdownleft", ' '}, {"bracehtipdownright", ' '}, {"bracehtipupleft", ' '}, {"bracehtipupright", ' '},
	{"braceleft", '{'}, {"braceleftbt", 0x23a9}, {"braceleftmid", 0x23a8}, {"bracelefttp", 0x23a7}, {"braceright", '}'}, {"bracerightbt", 0x23ad},
	{"bracerightmid", 0x23ac}, {"bracerighttp", 0x23ab}, {"bracketleft", '['}, {"bracketright", ']'}, {"ceilingleft", 0x2308}, {"ceilingright", 0x2309},
	{"circleR", 0xae}, {"circleS", 0x24c8}, {"circleasterisk", 0x229b}, {"circlecopyrt", 0xa9}, {"circledivide", 0x2298}, {"circledot", 0x2299},
	{"circleequal", 0x229c}, {"circleminus", 0x2296}, {"circlering", 0x229a}, {"clockwise", 0x21bb}, {"coproduct", 0x2210}, {"curlyleft", 0x21ab},
	{"curlyright", 0x21ac}, {"daleth", 0x2138}, {"dblarrowdwn", 0x21ca}, {"dblarrowheadleft", 0x219e}, {"dblarrowheadright", 0x21a0}, {"dblarrowleft", 0x21c7},
	{"dblarrowright", 0x21c9}, {"dblarrowup", 0x21c8}, {"defines", 0x225c}, {"diamondmath", 0x22c4}, {"difference", 0x224f}, {"dotlessj", 0x237},
	{"dotplus", 0x2214}, {"downfall", 0x22cf}, {"equalorfollows", 0x22df}, {"equalorgreater", 0x22dd}, {"equalorless", 0x22dc}, {"equalorprecedes", 0x22de},
	{"equalsdots", 0x2251}, {"equalsimilar", 0x2242}, {"equivasymptotic", 0x224d}, {"floorleft", 0x230a}, {"floorright", 0x230b}, {"follows", 0x227b},
	{"followsequal", 0x2ab0}, {"followsorcurly", 0x227d}, {"followsorequal", 0x227f}, {"forces", 0x22a9}, {"forcesbar", 0x22aa}, {"fork", 0x22d4}, {"frown", 0x2322},
	{"geomequivalent", 0x224e}, {"gimel", 0x2137}, {"greaterdblequal", 0x2267}, {"greaterdot", 0x22d7}, {"greaterlessequal", 0x22db}, {"greatermuch", 0x226b},
	{"greaterorapproxeql", 0x2a86}, {"greaterorequalslant", 0x2a7e}, {"greaterorless", 0x2277}, {"greaterorsimilar", 0x2273}, {"harpoondownleft", 0x21c3},
	{"harpoondownright", 0x21c2}, {"harpoonleftdown", 0x21bd}, {"harpoonleftright", 0x21cb}, {"harpoonleftup", 0x21bc}, {"harpoonrightdown", 0x21c1},
	{"harpoonrightleft", 0x21cc}, {"harpoonrightup", 0x21c0}, {"harpoonupleft", 0x21bf}, {"harpoonupright", 0x21be}, {"hatwide", 0x2c6}, {"hatwider", 0x2c6},
	{"hatwidest", 0x2c6}, {"integerdivide", 0x2224}, {"intercal", 0x22ba}, {"intersectiondbl", 0x22d2}, {"intersectionsq", 0x2293}, {"latticetop", 0x22a4},
	{"lessdblequal", 0x2266}, {"lessdot", 0x22d6}, {"lessequalgreater", 0x22da}, {"lessmuch", 0x226a}, {"lessorapproxeql", 0x2a85}, {"lessorequalslant", 0x2a7d},
	{"lessorgreater", 0x2276}, {"lessorsimilar", 0x2272}, {"llbracket", 0x27e6}, {"lscript", 0x2113}, {"maltesecross", 0x2720}, {"mapsto", 0x21a6}, {"measuredangle", 0x2221},
	{"mho", 0x2127}, {"minusplus", 0x2213}, {"muchgreater", 0x22d9}, {"muchless", 0x22d8}, {"multicloseleft", 0x22c9}, {"multicloseright", 0x22ca},
	{"multimap", 0x22b8}, {"multiopenleft", 0x22cb}, {"multiopenright", 0x22cc}, {"nand", 0x22bc}, {"negationslash", 0x338}, {"notarrowleft", 0x219a},
	{"notarrowright", 0x219b}, {"notbar", 0x2224}, {"notexistential", 0x2204}, {"notfollows", 0x2281}, {"notgreater", 0x226f}, {"notgreaterequal", 0x2271},
	{"notless", 0x226e}, {"notlessequal", 0x2270}, {"notparallel", 0x2226}, {"notprecedes", 0x2280}, {"notsatisfies", 0x22ad}, {"notsimilar", 0x2241},
	{"notsubseteql", 0x2288}, {"notsubsetoreql", 0x2288}, {"notsuperseteql", 0x2289}, {"notsupersetoreql", 0x2289}, {"notturnstile", 0x22ac}, {"openbullet", 0x25e6},
	{"orunderscore", 0x22bb}, {"owner", 0x220b}, {"parallelshort", 0x2225}, {"parenleft", '('}, {"parenright", ')'}, {"perpcorrespond", 0x2a5e},
	{"planckover2pi", 0x210f}, {"planckover2pi1", 0x210f}, {"precedes", 0x227a}, {"precedesequal", 0x2aaf}, {"precedesorcurly", 0x227c}, {"precedesorequal", 0x227e},
	{"primereverse", 0x2035}, {"product", 0x220f}, {"radical", 0x221a}, {"revasymptequal", 0x22cd}, {"revsimilar", 0x223d}, {"rightanglene", 0x231d},
	{"rightanglenw", 0x231c}, {"rightanglese", 0x231f}, {"rightanglesw", 0x231e}, {"ringinequal", 0x2256}, {"rrbracket", 0x27e7}, {"satisfies", 0x22a8},
	{"shiftleft", 0x21b0}, {"shiftright", 0x21b1}, {"slurabove", 0x2040}, {"slurbelow", 0x203f}, {"smile", 0x2323}, {"sphericalangle", 0x2222}, {"squaredot", 0x22a1},
	{"squareimage", 0x228f}, {"squareminus", 0x229f}, {"squaremultiply", 0x22a0}, {"squareoriginal", 0x2290}, {"squareplus", 0x229e}, {"squaresmallsolid", 0x25aa},
	{"squaresolid", 0x25a0}, {"squiggleleftright", 0x21ad}, {"squiggleright", 0x21dd}, {"subsetdbl", 0x22d0}, {"subsetdblequal", 0x2ac5}, {"subsetnoteql", 0x228a},
	{"subsetsqequal", 0x2291}, {"supersetdbl", 0x22d1}, {"supersetdblequal", 0x2ac6}, {"supersetnoteql", 0x228b}, {"supersetsqequal", 0x2292}, {"tie", 0x2040}, {"tildewide", 0x2dc},
	{"tildewider", 0x2dc}, {"tildewidest", 0x2dc}, {"triangleinv", 0x25bd}, {"triangleleftequal", 0x22b4}, {"trianglerightequal", 0x22b5}, {"trianglesolid", 0x25b2},
	{"turnstileleft", 0x22a2}, {"turnstileright", 0x22a3}, {"uniondbl", 0x22d3}, {"unionmulti", 0x228e}, {"unionsq", 0x2294}, {"uprise", 0x22ce}, {"vector", 0x20d7},
	{"vextenddouble", 0x2016}, {"vextendsingle", '|'}, {"wreathproduct", 0x2240},
};

// The same sign in another size, which cmex has of what grows with a formula, with the ending that its names have.
static const bridge_sign bridge_large[] = {
	{"angbracketleft", 0x27e8}, {"angbracketright", 0x27e9}, {"backslash", '\\'}, {"braceleft", '{'}, {"braceright", '}'}, {"bracketleft", '['}, {"bracketright", ']'},
	{"ceilingleft", 0x2308}, {"ceilingright", 0x2309}, {"circledot", 0x2a00}, {"circlemultiply", 0x2a02}, {"circleplus", 0x2a01}, {"contintegral", 0x222e},
	{"coproduct", 0x2210}, {"floorleft", 0x230a}, {"floorright", 0x230b}, {"integral", 0x222b}, {"intersection", 0x22c2}, {"logicaland", 0x22c0}, {"logicalor", 0x22c1},
	{"parenleft", '('}, {"parenright", ')'}, {"product", 0x220f}, {"radical", 0x221a}, {"slash", '/'}, {"summation", 0x2211}, {"union", 0x22c3}, {"unionmulti", 0x2a04},
	{"unionsq", 0x2a06},
};
static const char *const bridge_sizes[] = {"big", "Big", "bigg", "Bigg", "text", "display"};

// Pieces of brackets and other signs that Adobe put among the characters for private use, from 0xf8e5 on.
static const int bridge_pieces[] = {0x23af, 0x23d0, 0x23af, 0xae, 0xa9, 0x2122, 0x239b, 0x239c, 0x239d, 0x23a1, 0x23a2, 0x23a3, 0x23a7, 0x23a8, 0x23a9,
	0x23aa, 0x23ae, 0x239e, 0x239f, 0x23a0, 0x23a4, 0x23a5, 0x23a6, 0x23ab, 0x23ac, 0x23ad};
enum { bridge_first_piece = 0xf8e5, bridge_last_piece = bridge_first_piece + sizeof bridge_pieces / sizeof *bridge_pieces - 1, bridge_unknown = 0xfffd };

static int bridge_by_name(const void *name, const void *entry) { return strcmp(name, ((const bridge_sign *)entry)->name); }

// bridge_symbol is the character of a glyph by its name, 0 where it is not known.
int bridge_symbol(const char *name) {
	const bridge_sign *sign = bsearch(name, bridge_symbols, sizeof bridge_symbols / sizeof *bridge_symbols, sizeof *bridge_symbols, bridge_by_name);
	if (sign) return sign->c;
	size_t n = strlen(name);
	for (size_t i = 0; i < sizeof bridge_sizes / sizeof *bridge_sizes; i++) {
		size_t k = strlen(bridge_sizes[i]);
		if (k >= n || strcmp(name + n - k, bridge_sizes[i])) continue;
		for (size_t j = 0; j < sizeof bridge_large / sizeof *bridge_large; j++)
			if (!strncmp(bridge_large[j].name, name, n - k) && !bridge_large[j].name[n - k]) return bridge_large[j].c;
	}
	return 0;
}

// bridge_name_symbols puts characters that MuPDF does not know by the names of their glyphs, which is all that the fonts of TeX's formulas say.
// It looks at no more than so many of them, and says how many it did look at.
int bridge_name_symbols(fz_context *ctx, const bridge_text_run *run, int most) {
	int looked = 0;
	for (; run; run = run->next) {
		bridge_text_item *items = run->items;
		for (int i = 0; i < run->len; i++) {
			int c = items[i].ucs;
			if (c < bridge_first_piece) continue; // nearly all
			if (c <= bridge_last_piece) {
				items[i].ucs = bridge_pieces[c - bridge_first_piece];
			} else if (c == bridge_unknown && items[i].gid > 0 && run->font && looked < most) {
				char name[64] = "";
				looked++;
				fz_get_glyph_name(ctx, run->font, items[i].gid, name, sizeof name);
				int sign = bridge_symbol(name);
				if (sign) items[i].ucs = sign;
			}
		}
	}
	return looked;
}

// For tests.
const char *bridge_symbols_unsorted(void) {
	for (size_t i = 1; i < sizeof bridge_symbols / sizeof *bridge_symbols; i++)
		if (strcmp(bridge_symbols[i - 1].name, bridge_symbols[i].name) >= 0) return bridge_symbols[i].name;
	return "";
}
