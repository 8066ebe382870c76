"""The text that the network is trained on, and the part that is held out, exactly as in Unroll."""
import math

import torch
import torch.nn.functional as F

from tokenizer import normalise

HELD_OUT = 16_000  # the most characters that are held out


def read_text(path):
    with open(path, encoding="utf-8", errors="replace", newline="") as file:
        return normalise(file.read())


class Text:
    """The tokens of a text in the order in which the network reads them: backward if `direction` is."""

    def __init__(self, text, more, tokenizer, direction):
        """more: further texts to train on, which come before `text`"""
        backward = direction == "backward"
        held = min(HELD_OUT, len(text) // 10)
        if backward:
            held_out, train = text[:held], text[held:]
        else:
            train, held_out = text[: len(text) - held], text[len(text) - held :]

        def tokens(part):
            encoded = torch.tensor(tokenizer.encode(part), dtype=torch.long)
            return encoded.flip(0) if backward else encoded

        self.tokenizer = tokenizer
        self.own = tokens(train)
        self.train = torch.cat([tokens(each) for each in more] + [self.own])
        self.held_out = tokens(held_out)
        self.longest = len(self.train)

    def inputs(self, tokens):
        """What the network reads of the tokens."""
        return tokens

    def nats(self, logits, y):
        """The sum of the losses of the targets y that count, given the logits [B, T, V]."""
        y = y.to(logits.device)
        return F.cross_entropy(logits.flatten(0, 1), y.flatten(), ignore_index=-1, reduction="sum")

    def sums(self, logits, y):
        """What is summed over all rows, to be judged."""
        return [0.0 if logits is None else self.nats(logits, y).item()]

    def judge(self, sums, y):
        """→ the metric, and the loss, which is the same"""
        bits = self.bits_per_character(sums[0], y)
        return bits, bits

    def bits_per_character(self, nats, y):
        """nats: the sum of the losses of the targets y that count"""
        counted = y[y >= 0]
        characters = torch.tensor(self.tokenizer.lengths())[counted].sum().item()
        rare = (counted == 0).sum().item() * math.log2(self.tokenizer.rare_kinds)
        return (nats / math.log(2) + rare) / characters
