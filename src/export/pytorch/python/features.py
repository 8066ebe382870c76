"""What is known of a word: itself, its characters without capitals, its shape, and its first and last characters.

The features are those of Unroll, after Ratnaparkhi (1996) and Collobert et al. (2011). vocabulary.json lists those that
have a token; the first one, which is empty, is the unknown word.
"""
import re
import unicodedata

PREFIXES = [1, 2, 3]
SUFFIXES = [1, 2, 3, 4, 5]


def shape(word):
    """`Xx-x` of `Term-end`, `0,0` of `1,204`"""

    def kind(character):
        category = unicodedata.category(character)
        if category == "Lu":
            return "X"
        if category[0] in "LM":
            return "x"
        return "0" if category == "Nd" else character

    return re.sub(r"(.)\1+", r"\1", "".join(map(kind, word)))


def names(word):
    """The names of a word's features; one that the word is too short for is empty."""
    plain = re.sub(r"\d", "0", word.lower())
    prefixes = ["p" + plain[:length] if length < len(plain) else "" for length in PREFIXES]
    suffixes = ["s" + plain[-length:] if length < len(plain) else "" for length in SUFFIXES]
    return ["w" + word, "l" + plain, "c" + shape(word), *prefixes, *suffixes]


class Features:
    def __init__(self, known):
        """known: the names of the features that have a token, in the order of their tokens"""
        self.tokens = {name: token for token, name in enumerate(known)}

    def encode(self, word):
        """The tokens of a word's features, the word itself first; -1 stands for a feature without a token."""
        first, *others = names(word)
        return [self.tokens.get(first, 0), *(self.tokens.get(name, -1) if name else -1 for name in others)]
