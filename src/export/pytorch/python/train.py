"""Trains the network of this folder, on one machine with any number of processors or GPUs.

    torchrun --standalone --nproc_per_node 2 train.py --epochs 3

Each process trains on its share of the streams, and DistributedDataParallel averages their gradients. The best state
on the held-out part is written to model.safetensors, which Unroll imports; checkpoint.pt is what --resume goes on from.
"""
import json
import os

from model import Network
from streams import StreamTraining
from text import Text, read_text
from tokenizer import Tokenizer
from training import arguments, main


class TextTraining(StreamTraining):
    metric = "bits per character"
    key = "bits_per_character"

    def open(self):
        with open("vocabulary.json", encoding="utf-8") as file:
            self.tokenizer = Tokenizer(json.load(file))
        more = [read_text(path) for path in self.args.data]
        return Text(read_text("text.txt"), more, self.tokenizer, self.config["model"]["direction"])

    def make_network(self):
        return Network(self.config["model"], len(self.tokenizer))


if __name__ == "__main__":
    parser = arguments(__doc__.split("\n\n")[0])
    parser.add_argument("--data", nargs="+", default=[], metavar="FILE", help="more text to train on")
    parser.add_argument("--k1", type=int, help="steps between two updates")
    parser.add_argument("--k2", type=int, help="steps that the gradient goes back")
    args = parser.parse_args()
    args.data = [os.path.abspath(path) for path in args.data]
    main(TextTraining, args)
