"""Trains the network of this folder, on one machine with any number of processors or GPUs.

    torchrun --standalone --nproc_per_node 2 train.py --epochs 3

Each process trains on its share of a batch, and DistributedDataParallel averages their gradients. The best state
on the held-out rows is written to model.safetensors, which Unroll imports; checkpoint.pt is what --resume goes on from.
"""
import math

import torch

from model import Network
from rows import RowTraining, lay_out
from training import RANK, WORLD, arguments, main, total

LONGEST = 400  # the most steps of a row that are read


def standardised(value, moments):
    return (value - moments["mean"]) / moments["deviation"]


class RegressorTraining(RowTraining):
    """Predicts the number of a row when it has read all of it. The target of a row is the index of its number."""

    metric = "RMSE"
    higher = False
    measured = 1
    names_classes = False

    def open(self, vocabulary):
        moments = vocabulary["standardisation"]
        self.numbers = []
        if moments["reads"] is None:
            # There is no such file in a folder whose network reads numbers.
            from tokenizer import Tokenizer

            tokenizer = Tokenizer(vocabulary)
            steps_of = lambda text: torch.tensor(tokenizer.encode(text))
        else:
            steps_of = lambda own: torch.tensor([[standardised(value, moments["reads"])] for value in own])

        def encode(row):
            self.numbers.append(standardised(row["number"], moments["writes"]))
            steps = steps_of(row["sequence"])[:LONGEST]
            return steps, torch.full((len(steps),), len(self.numbers) - 1)

        return encode

    def read(self):
        super().read()
        self.targets = torch.tensor(self.numbers).unsqueeze(1)

    def make_network(self):
        tokens = self.vocabulary.get("tokens")
        return Network(self.config["model"], 1 if tokens is None else len(tokens), 1)

    def errors(self, moments, y):
        """The losses [n, 1] in nats and the errors [n, 1] of the n targets y that count.

        moments [B, T, 2]: the means, and the logarithms of the standard deviations (Nix & Weigend 1994)
        """
        counted = y >= 0
        mean, log_deviation = moments[counted.to(moments.device)].chunk(2, -1)
        error = self.targets[y[counted]].to(moments.device) - mean
        losses = 0.5 * (error / log_deviation.exp()) ** 2 + log_deviation + 0.5 * math.log(2 * math.pi)
        return losses, error

    def loss(self, moments, y):
        return self.errors(moments, y)[0].sum()

    def evaluate(self):
        if not self.held_out:
            return None
        nats, squares, count = 0.0, 0.0, 0
        rows = sorted(self.held_out, key=lambda row: len(row[0]))[RANK::WORLD]
        for start in range(0, len(rows), self.options["batch"]):
            x, lengths, y = lay_out(rows[start : start + self.options["batch"]], self.measured)
            losses, error = self.errors(self.network(x.to(self.device), lengths.to(self.device)), y)
            nats, squares, count = nats + losses.sum().item(), squares + (error**2).sum().item(), count + len(error)
        nats, squares, count = total(nats, squares, count, device=self.device)
        deviation = self.vocabulary["standardisation"]["writes"]["deviation"]
        return deviation * math.sqrt(squares / count), nats / count / math.log(2)


if __name__ == "__main__":
    main(RegressorTraining, arguments(__doc__.split("\n\n")[0]).parse_args())
