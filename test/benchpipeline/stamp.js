// Writes a copy of a PDF with a word of its own on each page: mutool run stamp.js IN OUT WORD.
var doc = new PDFDocument(scriptArgs[0]);
var font = doc.addObject({ Type: "Font", Subtype: "Type1", BaseFont: "Helvetica" });
for (var i = 0; i < doc.countPages(); i++) {
	var page = doc.findPage(i);
	var text = doc.addStream("q BT /Copy 6 Tf 200 300 Td (" + scriptArgs[2] + " " + (i + 1) + ") Tj ET Q", {});
	var resources = page.get("Resources");
	if (!resources || resources.isNull()) { resources = doc.newDictionary();
		page.put("Resources", resources); }
	var fonts = resources.get("Font");
	if (!fonts || fonts.isNull()) { fonts = doc.newDictionary(); resources.put("Font", fonts); }
	fonts.put("Copy", font);
	var old = page.get("Contents"), all = doc.newArray();
	if (old && !old.isNull()) { if (old.isArray()) { for (var k = 0; k < old.length; k++) all.push(old.get(k)); } else all.push(old); }
	all.push(text);
	page.put("Contents", all);
}
doc.save(scriptArgs[1], "compress");
