#!/usr/bin/env python3
"""letterpairs.py > extract/internal/parts/encodings/pairs.txt   count the pairs of letters of each language.

Reads the messages of the programs that are installed (/usr/share/locale/*/LC_MESSAGES/*.mo; the more the better: git, bash, coreutils,
dpkg, gnupg, gtk). Only how often two letters stand side by side is kept, as one digit, of pairs of which one is outside ASCII.
"""
import collections
import glob
import math
import os
import re
import struct
import unicodedata

LANGUAGES = """de fr es pt it ca nl sv fi da no is ga sq et cs sk pl hu ro hr sl tr lt lv ru uk be bg sr mk el he ar fa th eo mt cy gl az
vi af kk""".split()
FOLDERS = {"no": ["nb", "nn"], "pt": ["pt", "pt_BR"]}
ENOUGH = 60_000  # letters of messages; names of countries and languages are added where there are fewer
LEAST_LOG = -4  # class 0: one pair in ten thousand
MOST = 900


def messages(path):
    data = open(path, "rb").read()
    count, table = struct.unpack("<I", data[8:12])[0], struct.unpack("<I", data[16:20])[0]
    for i in range(1, count):
        size, at = struct.unpack("<II", data[table + 8 * i : table + 8 * i + 8])
        yield data[at : at + size].split(b"\0")[0].decode("utf-8")


def texts(lang):
    running, names = [], []
    for folder in FOLDERS.get(lang, [lang]):
        for path in sorted(glob.glob(f"/usr/share/locale/{folder}/LC_MESSAGES/*.mo")):
            try:
                found = list(messages(path))
            except (UnicodeDecodeError, struct.error):
                continue
            (names if os.path.basename(path).startswith("iso_") else running).extend(found)
    return running + (names if sum(map(len, running)) < ENOUGH else [])


def words(message):
    plain = re.sub(r"%[-+ #0-9.$]*[a-zA-Z]|<[^>]*>|_", "", unicodedata.normalize("NFC", message)).lower()
    return "".join(c if unicodedata.category(c)[0] in "LM" else " " for c in plain).split()


def pairs(lang):
    counts = collections.Counter()
    for message in texts(lang):
        for word in words(message):
            if len(word) == 1:
                if 0x80 <= ord(word) < 0x3000:
                    counts["=" + word] += 2
                continue
            for a, b in zip("_" + word, word + "_"):
                if 0x80 <= max(ord(a), ord(b)) < 0x3000:
                    counts[a + b] += 1
    return counts


for lang in LANGUAGES:
    counts = pairs(lang)
    total = sum(counts.values())
    if total < 200:
        raise SystemExit(f"{lang}: only {total} pairs; install more programs' messages")
    classes, mean = collections.defaultdict(list), 0.0
    for pair, n in counts.most_common(MOST):
        k = round(max(0, min(1, (math.log10(n / total) - LEAST_LOG) / 3)) * 9)
        if n > 1 and k > 0:
            classes[k].append(pair)
            mean += k * n / total
    print(lang, round(mean * 10), *(str(k) + "".join(sorted(classes[k])) for k in range(9, 0, -1) if classes[k]), sep="\t")
