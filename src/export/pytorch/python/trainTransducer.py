"""Trains the network of this folder, on one machine with any number of processors or GPUs.

    torchrun --standalone --nproc_per_node 2 train.py --epochs 3

Each process trains on its share of a batch, and DistributedDataParallel averages their gradients. The best state
on the held-out rows is written to model.safetensors, which Unroll imports; checkpoint.pt is what --resume goes on from.
"""
import torch

from features import Features
from model import Network
from rows import RowTraining
from training import arguments, main


class TransducerTraining(RowTraining):
    """Names the tag of each word of a row."""

    def open(self, vocabulary):
        features = Features(vocabulary["features"])
        tags = {tag: index for index, tag in enumerate(vocabulary["classes"])}

        def encode(row):
            tokens = torch.tensor([features.encode(word) for word in row["words"]])
            return tokens, torch.tensor([-1 if tag is None else tags[tag] for tag in row["tags"]])

        return encode

    def read(self):
        super().read()
        words = torch.cat([tokens[:, 0] for tokens, _ in self.train])
        self.counts = words.bincount(minlength=len(self.vocabulary["features"]))

    def change(self, x):
        """Leaves out features at random, so that unknown words are learned of, too.

        A word that occurs n times is unknown with the probability 1/4 / (1/4 + n), and of the other features a fifth is
        missing (Kiperwasser & Goldberg 2016).
        """
        unknown = torch.rand(x.shape[:2]) < 0.25 / (0.25 + self.counts[x[..., 0]])
        missing = torch.rand(x.shape) < 0.2
        missing[..., 0] = False
        # The word without capitals would say what it is.
        missing[..., 1] |= unknown
        x = x.masked_fill(missing, -1)
        x[..., 0] = x[..., 0].masked_fill(unknown, 0)
        return x

    def make_network(self):
        return Network(self.config["model"], len(self.vocabulary["features"]), len(self.vocabulary["classes"]))


if __name__ == "__main__":
    main(TransducerTraining, arguments(__doc__.split("\n\n")[0]).parse_args())
