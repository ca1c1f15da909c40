package extract

// edgeReadings are pages of which something stands at an edge: what publishers, libraries and programs put there is left out of the Markdown,
// what people wrote there stays.
var edgeReadings = []reading{
	{"a running header in the text's own type, far up", append([]drawn{{72, 36, 10, "The Annals of Bridges"}}, body(80, 50)...), []string{"Line 01"}, []string{"Annals"}, nil},
	{"a footer in three parts with the number in the middle", with(body(80, 50), drawn{72, 812, 10, "Bridge Studies"}, drawn{290, 812, 10, "4"}, drawn{430, 812, 10, "May 1987, Issue 3"}),
		[]string{"Line 50"}, []string{"Bridge Studies", "Issue 3"}, nil},
	{"a stamp outside of the journal's own header", append([]drawn{{72, 14, 9, "Downloaded from http://bridges.example on May 3, 1987"}, {72, 26, 10, "Mending in Action"}, {500, 26, 10, "447"}}, body(80, 50)...),
		[]string{"Line 01"}, []string{"Downloaded", "Mending", "447"}, nil},
	{"a page's number between the text and a stamp", with(body(80, 50), drawn{500, 775, 10, "199"}, drawn{72, 830, 6, "Published by the Society's Archive, 1997"}), nil, []string{"199", "Archive"}, nil},
	{"the date of a download on a short page", with(body(80, 5), drawn{72, 815, 10, "Download date: 28 Dec 2018"}), []string{"Line 05"}, []string{"Download"}, nil},
	{"the revision of a manual on its first page", with(body(200, 8), drawn{72, 780, 10, "Revision: 2.4"}, drawn{270, 780, 10, "P/N 119-036"}, drawn{450, 780, 10, "10 June 2019"}),
		[]string{"Line 08"}, []string{"Revision", "119-036", "June"}, nil},
	{"a line of confidence", with(body(80, 20), drawn{240, 810, 10, "Strictly confidential"}), nil, []string{"confidential"}, nil},
	{"pages counted beside the title of a court's document", append([]drawn{{72, 30, 10, "Case 1:16-cv-00745 Document 40 Filed 05/03/17 Page 3 of 12"}}, body(80, 20)...), nil, []string{"Page 3", "Case 1"}, nil},
	{"the number of a page that ends before its edge", with(body(80, 30), drawn{240, 500, 10, "62"}), []string{"Line 30"}, []string{"62"}, nil},
	{"a header close to the text, with the page's number", append([]drawn{{72, 64, 12, "400"}, {200, 64, 12, "BRIDGE HUSBANDRY"}, {430, 64, 12, "[Ch. XIX."}}, body(80, 50)...), []string{"Line 01"}, []string{"400", "HUSBANDRY", "XIX"}, nil},
	{"where a page was downloaded, up its edge", with(body(80, 50), drawn{25, 600, -9, "Downloaded from the Archive of Bridges at 6:51 on Monday"}), []string{"Line 50"}, []string{"Downloaded"}, nil},
	{"the number of an archive, up its edge", with(body(80, 50), drawn{30, 560, -14, "brXiv:2503.04086v1 [bridges] 6 Mar 2025"}), []string{"Line 50"}, []string{"brXiv"}, nil},
	{"a label up the side of a figure stays", with(body(80, 8), drawn{110, 600, -10, "Height of the water"}), []string{"Height of the water"}, nil, nil},
	{"the number after a column of contents stays", contents(), []string{"The first bridge | 1 |", "The ninth bridge | 90 |"}, nil, nil},
	{"a sentence alone at the end of a page stays", with(body(80, 50), drawn{72, 772, 10, "So the bridge was mended."}), []string{"So the bridge was mended."}, nil, nil},
	{"a heading at the usual margin stays", append([]drawn{{72, 72, 10, "Of stone and timber"}}, body(110, 45)...), []string{"Of stone and timber"}, nil, nil},
	{"the page of a society under its letter stays", with(body(120, 9), drawn{230, 800, 8, "www.bridges.example"}), []string{"www.bridges.example"}, nil, nil},
}

// contents is a page of chapters with the pages they begin on, the first of them at its top.
func contents() []drawn {
	var page []drawn
	for i, s := range []string{"first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"} {
		y := 60 + 20*float64(i)
		page = append(page, drawn{72, y, 10, "The " + s + " bridge"}, drawn{500, y, 10, []string{"1", "12", "23", "34", "45", "56", "67", "78", "90"}[i]})
	}
	return append(page, body(260, 30)...)
}
