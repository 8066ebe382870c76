"""Trains the network of this folder, on one machine with any number of processors or GPUs.

    torchrun --standalone --nproc_per_node 2 train.py --epochs 3

Each process trains on its share of the streams, and DistributedDataParallel averages their gradients. The best state
on the held-out rows is written to model.safetensors, which Unroll imports; checkpoint.pt is what --resume goes on from.
"""
import json

from model import Network
from series import Series
from streams import StreamTraining
from training import arguments, main


class SeriesTraining(StreamTraining):
    metric = "NRMSE"

    def open(self):
        with open("vocabulary.json", encoding="utf-8") as file:
            self.vocabulary = json.load(file)
        return Series(self.vocabulary, "numbers.jsonl")

    def make_network(self):
        return Network(self.config["model"], len(self.vocabulary["reads"]), len(self.vocabulary["writes"]))


if __name__ == "__main__":
    parser = arguments(__doc__.split("\n\n")[0])
    parser.add_argument("--k1", type=int, help="steps between two updates")
    parser.add_argument("--k2", type=int, help="steps that the gradient goes back")
    main(SeriesTraining, parser.parse_args())
