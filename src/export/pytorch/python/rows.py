"""Rows that are read as a whole, side by side with others of similar length, and what is judged of them."""
import json
import math

import torch
import torch.nn.functional as F
from torch.nn.utils.rnn import pad_sequence

from training import RANK, Training, WORLD, total


def read_rows(path, encode):
    """The rows to learn, and those that are held out. encode: turns a row into its tokens [n, …] and its targets [n]"""
    train, held_out = [], []
    with open(path, encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            (held_out if row["heldOut"] else train).append(encode(row))
    return train, held_out


def lay_out(rows, taught):
    """Rows side by side: tokens [B, T, …], lengths [B], and the targets of the last `taught` steps [B, T], or of all.

    A target is -1 where none is counted.
    """
    lengths = torch.tensor([len(tokens) for tokens, _ in rows])
    x = pad_sequence([tokens for tokens, _ in rows], batch_first=True)
    y = pad_sequence([targets for _, targets in rows], batch_first=True, padding_value=-1)
    if taught is not None:
        left = lengths[:, None] - torch.arange(y.shape[1])
        y[left > taught] = -1
    return x, lengths, y


class Batches:
    """Batches of rows of similar length. Every pass has the rows and the batches in another order.

    weights: how often each row occurs in a pass, on average; None for once
    """

    def __init__(self, rows, batch, taught, seed, weights=None):
        self.rows, self.taught, self.seed, self.weights = rows, taught, seed, weights
        self.batch = min(batch, len(rows))
        self.per_epoch = math.ceil(len(rows) / self.batch)
        self.pass_, self.order = None, []

    def rows_of(self, number):
        """The rows of an update, counted from 0."""
        pass_, place = divmod(number, self.per_epoch)
        if pass_ != self.pass_:
            self.pass_, self.order = pass_, self.ordered(torch.Generator().manual_seed(self.seed * 1_000_003 + pass_))
        return [self.rows[index] for index in self.order[place]]

    def ordered(self, generator):
        count = len(self.rows)
        if self.weights is None:
            chosen = torch.randperm(count, generator=generator).tolist()
        else:
            chosen = torch.multinomial(self.weights, count, replacement=True, generator=generator).tolist()
        chosen.sort(key=lambda index: self.bucket(self.rows[index]))
        batches = [chosen[start : start + self.batch] for start in range(0, count, self.batch)]
        return [batches[index] for index in torch.randperm(len(batches), generator=generator).tolist()]

    def bucket(self, row):
        """The length by which rows are ordered."""
        return math.ceil(len(row[0]) / 8)

    def counted(self, number):
        """The targets of an update that count, of all processes together."""
        return max(1, int((lay_out(self.rows_of(number), self.taught)[2] >= 0).sum()))

    def epoch(self, number):
        return number / self.per_epoch


class RowTraining(Training):
    """Names a class at each step of a row that teaches."""

    metric = "accuracy"
    higher = True
    measured = None  # the steps at a row's end whose targets are judged; None for all
    names_classes = True  # whether the targets are classes, which may be balanced

    def open(self, vocabulary):
        """→ what turns a row of rows.jsonl into its tokens and targets, as a function"""
        raise NotImplementedError

    def read(self):
        with open("vocabulary.json", encoding="utf-8") as file:
            self.vocabulary = json.load(file)
        self.train, self.held_out = read_rows("rows.jsonl", self.open(self.vocabulary))
        options = self.options
        balanced = self.names_classes and options["classWeights"] == "balanced" and self.measured == 1
        self.metric = "macro F1" if balanced else self.metric
        weights = self.balanced_weights() if balanced else None
        self.batches = Batches(self.train, options["batch"], self.config["task"]["taught"], options["seed"], weights)
        self.tokens = f"{len(self.train)} rows"

    def balanced_weights(self):
        """n / (k n_c) for each row, of n rows in k classes, n_c of them in its own."""
        classes = torch.stack([targets[-1] for _, targets in self.train])
        counts = classes.bincount()
        return len(classes) / ((counts > 0).sum() * counts[classes])

    def change(self, x):
        """Changes tokens before they are learned."""
        return x

    def nats(self):
        chosen = self.batches.rows_of(self.update)
        # A process without a row of its own has nothing to learn, and takes part all the same.
        own = chosen[RANK::WORLD]
        x, lengths, y = lay_out(own or chosen[:1], self.batches.taught)
        y = y if own else torch.full_like(y, -1)
        with self.autocast():
            logits = self.model(self.change(x).to(self.device), lengths.to(self.device))
        return self.loss(logits.float(), y)

    def loss(self, logits, y):
        """The sum of the losses of the targets y [B, T] that count, given the logits [B, T, V]."""
        y = y.to(self.device)
        return F.cross_entropy(logits.flatten(0, 1), y.flatten(), ignore_index=-1, reduction="sum")

    def evaluate(self):
        if not self.held_out:
            return None
        classes = len(self.vocabulary["classes"])
        right, named, nats = torch.zeros(classes), torch.zeros(classes), 0.0
        rows = sorted(self.held_out, key=lambda row: len(row[0]))[RANK::WORLD]
        for start in range(0, len(rows), self.options["batch"]):
            x, lengths, y = lay_out(rows[start : start + self.options["batch"]], self.measured)
            logits = self.network(x.to(self.device), lengths.to(self.device))
            nats += self.loss(logits, y).item()
            targets, found = y[y >= 0], logits.argmax(-1).cpu()[y >= 0]
            right += targets[targets == found].bincount(minlength=classes)
            named += targets.bincount(minlength=classes) + found.bincount(minlength=classes)
        nats, *counts = total(nats, *right.tolist(), *named.tolist(), device=self.device)
        right, named = torch.tensor(counts).split(classes)
        count = named.sum().item() / 2
        accuracy = right.sum().item() / count
        # The mean F1 of the classes that occur or are named (van Rijsbergen 1979).
        f1 = (2 * right[named > 0] / named[named > 0]).mean().item()
        return f1 if self.metric == "macro F1" else accuracy, nats / count / math.log(2)
