"""Trains the network of this folder, on one machine with any number of processors or GPUs.

    torchrun --standalone --nproc_per_node 2 train.py --epochs 3

Each process trains on its share of a batch, and DistributedDataParallel averages their gradients. The best state
on the held-out rows is written to model.safetensors, which Unroll imports; checkpoint.pt is what --resume goes on from.
"""
import torch

from model import Network
from rows import RowTraining
from tokenizer import Tokenizer
from training import arguments, main

LONGEST = 400  # the most tokens of a row that are read


class AcceptorTraining(RowTraining):
    """Names the class of a row when it has read all of it."""

    measured = 1

    def open(self, vocabulary):
        tokenizer = Tokenizer(vocabulary)
        classes = {label: index for index, label in enumerate(vocabulary["classes"])}

        def encode(row):
            tokens = tokenizer.encode(row["text"])[:LONGEST]
            return torch.tensor(tokens), torch.full((len(tokens),), classes[row["label"]])

        return encode

    def make_network(self):
        return Network(self.config["model"], len(self.vocabulary["tokens"]), len(self.vocabulary["classes"]))


if __name__ == "__main__":
    main(AcceptorTraining, arguments(__doc__.split("\n\n")[0]).parse_args())
