"""The text that the network is trained on, and the part that is held out, exactly as in Unroll."""
import math

import torch

from tokenizer import normalise

HELD_OUT = 16_000  # the most characters that are held out
WARM_UP = 64  # the tokens that each held-out row reads before those that count


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

    def held_out_rows(self, rows):
        """The held-out part side by side in at most `rows` rows: x and y, [rows, n]; y is -1 where it does not count."""
        if len(self.held_out) < 2:
            return None
        height = max(1, min(rows, len(self.held_out) // WARM_UP))
        own = len(self.held_out) // height
        context = min(WARM_UP, len(self.own))
        text = torch.cat([self.own[len(self.own) - context :], self.held_out])
        steps = context + own - 1
        x = torch.stack([text[row * own : row * own + steps] for row in range(height)])
        y = torch.stack([text[row * own + 1 : row * own + steps + 1] for row in range(height)])
        y[:, : context - 1] = -1
        return x, y

    def bits_per_character(self, nats, y):
        """nats: the sum of the losses of the targets y that count"""
        counted = y[y >= 0]
        characters = torch.tensor(self.tokenizer.lengths())[counted].sum().item()
        rare = (counted == 0).sum().item() * math.log2(self.tokenizer.rare_kinds)
        return (nats / math.log(2) + rare) / characters


class Streams:
    """Cuts the training text into B streams, and reads them side by side in windows (truncated BPTT).

    There is an update every k1 steps, and its gradient goes back over k2 (Williams & Peng 1990; Sutskever 2013).
    """

    def __init__(self, tokens, batch, k1, k2):
        self.batch, self.k1, self.k2, self.span = batch, k1, k2, max(k1, k2)
        self.length = (len(tokens) - 1) // batch
        self.tokens = tokens
        self.windows_per_epoch = 1 + (self.length - self.span) // k1

    def read(self, rows, start, steps):
        """The tokens of the streams `rows` from step `start` on: [rows, steps]."""
        places = torch.tensor(rows).unsqueeze(1) * self.length + torch.arange(start, start + steps)
        return self.tokens[places]

    def window(self, number, rows):
        """The window of an update, counted from 0, for the streams `rows`.

        → whether the streams begin again, the steps `lead` that are read before it without learning, x and y
        [rows, k2]. Windows overlap if k2 > k1; then each target counts in the window that sees most before it.
        """
        start = (number % self.windows_per_epoch) * self.k1
        lead = self.span - self.k2
        x = self.read(rows, start + lead, self.k2)
        y = self.read(rows, start + lead + 1, self.k2)
        if start > 0 and self.k2 > self.k1:
            y[:, : self.k2 - self.k1] = -1
        return start == 0, self.read(rows, start, lead), x, y

    def counted(self, number):
        """The targets of a window that count, of all streams together."""
        first = number % self.windows_per_epoch == 0
        return self.batch * (self.k2 if first else min(self.k1, self.k2))

    def before(self, number, rows, steps):
        """The steps before a window, `steps` of them if there are as many."""
        start = (number % self.windows_per_epoch) * self.k1
        steps = min(steps, start)
        return self.read(rows, start - steps, steps)

    def epoch(self, number):
        """The passes over the text after `number` updates."""
        passes, window = divmod(number, self.windows_per_epoch)
        return passes + window * self.k1 / self.length
