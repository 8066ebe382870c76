"""Trains the network of this folder, on one machine with any number of processors or GPUs.

    torchrun --standalone --nproc_per_node 2 train.py --epochs 3

Each process trains on its share of a batch, and DistributedDataParallel averages their gradients. The best state
on the held-out rows is written to model.safetensors, which Unroll imports; checkpoint.pt is what --resume goes on from.
"""
import json
import math

import torch
import torch.nn.functional as F

from model import Network
from pairs import PairBatches, Vocabularies, lay_out, write
from rows import read_rows
from training import RANK, Training, WORLD, arguments, main, total

MOST_WRITTEN = 400  # the most held-out rows that are written at one look


class PairTraining(Training):
    """Writes the target of a source, with teacher forcing: each step reads the true token before it."""

    metric = "exact match"
    higher = True

    def read(self):
        with open("vocabulary.json", encoding="utf-8") as file:
            self.vocabularies = Vocabularies(json.load(file))
        if self.vocabularies.one_to_many:
            self.metric, self.higher = "bits per token", False
        self.train, self.held_out = read_rows("rows.jsonl", self.vocabularies.encode)
        self.batches = PairBatches(self.train, self.options["batch"], None, self.options["seed"])
        self.tokens = f"{len(self.train)} rows"

    def make_network(self):
        return Network(self.config["model"], len(self.vocabularies.source), self.vocabularies.outputs)

    def sampled(self, model, sources, lengths, x):
        """Replaces some of what is read by what the network expects there, in a share that rises over the budget
        (scheduled sampling, Bengio et al. 2015); all steps are sampled at once (Duckworth et al. 2019)."""
        share = self.options["scheduledSampling"] * self.spent_share
        if share == 0:
            return x
        with torch.no_grad():
            expected = torch.softmax(model(sources, lengths, x).float(), -1)
        drawn = torch.multinomial(expected[:, :-1].flatten(0, 1), 1).reshape(len(x), -1)
        chosen = torch.rand(drawn.shape, device=x.device) < share
        return torch.cat([x[:, :1], torch.where(chosen, drawn, x[:, 1:])], 1)

    def nats(self):
        chosen = self.batches.rows_of(self.update)
        # A process without a row of its own has nothing to learn, and takes part all the same.
        own = chosen[RANK::WORLD]
        sources, lengths, x, y = lay_out(own or chosen[:1], self.vocabularies.boundary)
        y = y if own else torch.full_like(y, -1)
        sources, lengths, x = (each.to(self.device) for each in (sources, lengths, x))
        with self.autocast():
            logits = self.model(sources, lengths, self.sampled(self.network, sources, lengths, x))
        return self.loss(logits.float(), y)

    def loss(self, logits, y):
        """The sum of the losses of the targets y [B, T] that count, given the logits [B, T, V]."""
        y = y.to(self.device)
        return F.cross_entropy(logits.flatten(0, 1), y.flatten(), ignore_index=-1, reduction="sum")

    def evaluate(self):
        if not self.held_out:
            return None
        batch, boundary = self.options["batch"], self.vocabularies.boundary
        every = math.ceil(len(self.held_out) / MOST_WRITTEN)
        nats, count, right, written = 0.0, 0, 0, 0
        rows = list(enumerate(self.held_out))[RANK::WORLD]
        for start in range(0, len(rows), batch):
            part = rows[start : start + batch]
            sources, lengths, x, y = lay_out([row for _, row in part], boundary)
            sources, lengths = sources.to(self.device), lengths.to(self.device)
            nats += self.loss(self.network(sources, lengths, x.to(self.device)), y).item()
            count += int((y >= 0).sum())
            chosen = [place for place, (index, _) in enumerate(part) if index % every == 0]
            if self.vocabularies.one_to_many or not chosen:
                continue
            found = write(self.network, sources[chosen], lengths[chosen], self.vocabularies)
            decode = self.vocabularies.target.decode
            right += sum(
                decode(tokens) == decode(part[place][1][1].tolist()) for tokens, place in zip(found, chosen)
            )
            written += len(chosen)
        nats, count, right, written = total(nats, count, right, written, device=self.device)
        bits = nats / count / math.log(2)
        return (bits, bits) if self.vocabularies.one_to_many else (right / written, bits)


if __name__ == "__main__":
    main(PairTraining, arguments(__doc__.split("\n\n")[0]).parse_args())
