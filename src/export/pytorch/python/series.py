"""The numbers that the network is trained on, a row a step, and the newest ones, which are held out as in Unroll."""
import json
import math

import torch


class Series:
    """A step is the number of a row: what is read of it are its inputs, and what is predicted the next row's targets."""

    def __init__(self, vocabulary, path):
        """vocabulary: the contents of vocabulary.json; path: that of numbers.jsonl"""
        with open(path, encoding="utf-8") as file:
            rows = [json.loads(line) for line in file]

        def standardised(name):
            moments = vocabulary["standardisation"][name]
            numbers = torch.tensor([row[name] for row in rows], dtype=torch.float64)
            mean = torch.tensor([each["mean"] for each in moments], dtype=torch.float64)
            deviation = torch.tensor([each["deviation"] for each in moments], dtype=torch.float64)
            return ((numbers - mean) / deviation).float()

        self.read, self.targets = standardised("reads"), standardised("writes")  # [n, X], [n, V]
        steps = torch.arange(len(rows))
        held_out = torch.tensor([row["heldOut"] for row in rows])
        self.own = self.train = steps[~held_out]
        self.held_out = steps[held_out]
        # A table has far fewer rows than a text has characters, so that the windows of a short one are shorter.
        self.longest = (len(self.train) - 1) // 4

    def inputs(self, steps):
        return self.read[steps]

    def errors(self, moments, y):
        """The losses [n, V] in nats and the errors [n, V] of the n targets y that count.

        moments [B, T, 2 V]: the means, and the logarithms of the standard deviations (Nix & Weigend 1994)
        """
        counted = y >= 0
        mean, log_deviation = moments[counted.to(moments.device)].chunk(2, -1)
        error = self.targets[y[counted]].to(moments.device) - mean
        losses = 0.5 * (error / log_deviation.exp()) ** 2 + log_deviation + 0.5 * math.log(2 * math.pi)
        return losses, error

    def nats(self, moments, y):
        return self.errors(moments, y)[0].sum()

    def sums(self, moments, y):
        """What is summed over all rows, to be judged: losses and squared errors."""
        if moments is None:
            return [0.0, 0.0]
        losses, error = self.errors(moments, y)
        return [losses.sum().item(), (error**2).sum().item()]

    def judge(self, sums, y):
        """→ the root mean squared error in standard deviations, and the loss in bits per number"""
        count = (y >= 0).sum().item() * self.targets.shape[1]
        return math.sqrt(sums[1] / count), sums[0] / count / math.log(2)
