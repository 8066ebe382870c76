"""Splits text into the tokens that the network reads, exactly as Unroll does.

Token 0 stands for every character without a token of its own. The characters of the alphabet follow, then longer
symbols: none for characters, whole words for words, and for pieces what byte-pair encoding has merged (Sennrich et
al. 2016).

    python3 tokenizer.py FILE       prints the tokens of a text as JSON
"""
import json
import re
import sys

# The text is first cut into units, each of which is tokenized by itself. $L are letters and marks, $N digits and
# $S white space; vocabulary.json lists the characters of each class, which differ between versions of Unicode.
UNITS = {
    "characters": r".",
    "words": r"[$L_][$L$N_]{0,31}|[$N]{1,32}|\n|(?:(?!\n)[$S]){1,32}|([^$L$N_$S])\1{0,31}",
    "pieces": r" ?[$L_]{1,64}|[$N]| ?[^$L$N_$S]{1,64}|\n|(?:(?!\n)[$S]){1,64}(?![^$S])|(?!\n)[$S]",
}


def normalise(text):
    """Removes a byte-order mark, and makes every line end a line feed."""
    return text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


class Tokenizer:
    def __init__(self, vocabulary):
        """vocabulary: the contents of vocabulary.json"""
        self.symbols = vocabulary["tokens"]
        self.kind = vocabulary["kind"]
        # The number of different characters that token 0 stands for.
        self.rare_kinds = vocabulary["rareKinds"]
        alphabet = vocabulary["alphabet"]
        self.characters = {symbol: token for token, symbol in enumerate(self.symbols[:alphabet]) if token > 0}
        self.longer = {symbol: alphabet + rank for rank, symbol in enumerate(self.symbols[alphabet:])}
        pattern = UNITS[self.kind]
        for letter, ranges in vocabulary["characterClasses"].items():
            classes = "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges)
            pattern = pattern.replace("$" + letter, classes)
        self.units = re.compile(pattern, re.DOTALL)
        self.known = {}

    def __len__(self):
        return len(self.symbols)

    def lengths(self):
        """The number of characters of each token: [V]."""
        return [max(1, len(symbol)) for symbol in self.symbols]

    def encode(self, text):
        """The tokens of a normalised text."""
        if self.kind == "characters":
            return [self.characters.get(character, 0) for character in text]
        tokens = []
        for match in self.units.finditer(text):
            unit = match.group()
            if unit not in self.known:
                self.known[unit] = self.encode_unit(unit)
            tokens += self.known[unit]
        return tokens

    def encode_unit(self, unit):
        if self.kind == "words":
            parts = [unit] if unit in self.longer else list(unit)
        else:
            parts = self.merge(list(unit))
        return [self.longer.get(part, self.characters.get(part, 0)) for part in parts]

    def merge(self, parts):
        """Merges the neighbours whose symbol was learned first, everywhere, until none make a symbol."""
        while True:
            pairs = [pair for pair in zip(parts, parts[1:]) if pair[0] + pair[1] in self.longer]
            if not pairs:
                return parts
            first = min(pairs, key=lambda pair: self.longer[pair[0] + pair[1]])
            merged = []
            for part in parts:
                # A part that has just been merged is no left half any more: it is longer.
                if merged and not merged[-1][1] and (merged[-1][0], part) == first:
                    merged[-1] = (merged[-1][0] + part, True)
                else:
                    merged.append((part, False))
            parts = [part for part, _ in merged]

    def decode(self, tokens):
        """The text of the tokens, in which U+FFFD stands for token 0."""
        return "".join(self.symbols[token] or "\ufffd" for token in tokens)


if __name__ == "__main__":
    with open("vocabulary.json", encoding="utf-8") as file:
        tokenizer = Tokenizer(json.load(file))
    with open(sys.argv[1], encoding="utf-8", errors="replace", newline="") as file:
        print(json.dumps(tokenizer.encode(normalise(file.read()))))
