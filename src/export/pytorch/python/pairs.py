"""Pairs of a source and a target: their tokens, pairs side by side, and how targets are written."""
import math

import torch
from torch.nn.utils.rnn import pad_sequence

from rows import Batches

RARE = 0  # the token of every character without one of its own, which is never written


class Characters:
    """Characters as tokens."""

    def __init__(self, vocabulary):
        self.symbols = vocabulary["characters"]
        self.tokens = {symbol: token for token, symbol in enumerate(self.symbols) if token != RARE}

    def __len__(self):
        return len(self.symbols)

    def encode(self, text):
        return torch.tensor([self.tokens.get(character, RARE) for character in text], dtype=torch.long)

    def decode(self, tokens):
        return "".join("\ufffd" if token == RARE else self.symbols[token] for token in tokens)


class Categories:
    """A category is one token, for which there are many texts (Karpathy 2015)."""

    def __init__(self, vocabulary):
        self.tokens = {category: token for token, category in enumerate(vocabulary["categories"])}

    def __len__(self):
        return len(self.tokens)

    def encode(self, text):
        """The token of a category. ValueError where it is none that was learned"""
        if text.strip() not in self.tokens:
            raise ValueError
        return torch.tensor([self.tokens[text.strip()]])


class Numbers:
    """Numbers are one vector, each of them standardised by the training part."""

    def __init__(self, vocabulary):
        self.moments = vocabulary["standardisation"]

    def __len__(self):
        return len(self.moments)

    def encode(self, numbers):
        """Numbers, or a text of them → [1, M]. ValueError where it is no text of so many numbers"""
        if isinstance(numbers, str):
            numbers = [float(number) for number in numbers.split()]
        if len(numbers) != len(self.moments):
            raise ValueError
        return torch.tensor([[(x - by["mean"]) / by["deviation"] for x, by in zip(numbers, self.moments)]])


class Vocabularies:
    """The tokens of sources, and those of targets, after which comes the boundary: it begins and ends a target."""

    def __init__(self, vocabulary):
        """vocabulary: the contents of vocabulary.json"""
        kinds = {"characters": Characters, "category": Categories, "numbers": Numbers}
        self.source = kinds[vocabulary["sources"]["kind"]](vocabulary["sources"])
        self.target = Characters(vocabulary["targets"])
        self.boundary = len(self.target)
        self.outputs = self.boundary + 1
        self.longest = vocabulary["longest"]  # the most characters that are written
        # Whether a source has many targets, of which none is the right one.
        self.one_to_many = not isinstance(self.source, Characters)

    def encode(self, row):
        """A row of rows.jsonl → the tokens of its source and of its target"""
        return self.source.encode(row["source"]), self.target.encode(row["target"])


def lay_out(rows, boundary):
    """Pairs side by side: sources [B, S], their lengths [B], what the decoder reads [B, T], and what it is to write [B, T].

    It reads the boundary and then the target, and writes the target and then the boundary; -1 is written nowhere.
    """
    sources, targets = zip(*rows)
    lengths = torch.tensor([len(source) for source in sources])
    edge = torch.tensor([boundary])
    x = pad_sequence([torch.cat([edge, target]) for target in targets], batch_first=True)
    y = pad_sequence([torch.cat([target, edge]) for target in targets], batch_first=True, padding_value=-1)
    return pad_sequence(list(sources), batch_first=True), lengths, x, y


class PairBatches(Batches):
    """Batches of pairs whose sources are of similar length, and whose targets are."""

    def bucket(self, row):
        source, target = row
        return math.ceil(len(source) / 8), math.ceil((len(target) + 1) / 8)

    def counted(self, number):
        return sum(len(target) + 1 for _, target in self.rows_of(number))


def write(network, sources, lengths, vocabularies):
    """Greedy decoding: the likeliest token is written at each step, and read before the next one. → the tokens of each row"""
    boundary, device = vocabularies.boundary, sources.device
    state = network.begin(sources, lengths)
    tokens = torch.full((len(sources), 1), boundary, device=device)
    over = torch.zeros(len(sources), 1, dtype=torch.bool, device=device)
    written = []
    while len(written) <= vocabularies.longest and not over.all():
        logits, state = network.read(tokens, state)
        logits[..., RARE] = -math.inf
        tokens = logits.argmax(-1)
        over |= tokens == boundary
        written.append(tokens)
    rows = torch.cat(written, 1).tolist()
    return [row[: (row + [boundary]).index(boundary)][: vocabularies.longest] for row in rows]
