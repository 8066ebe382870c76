"""Trains the network of this folder, on one machine with any number of processors or GPUs.

    torchrun --standalone --nproc_per_node 2 train.py --epochs 3

Each process trains on its share of the streams, and DistributedDataParallel averages their gradients. The best state
on the held-out part is written to model.safetensors, which Unroll imports; checkpoint.pt is what --resume goes on from.
"""
import argparse
import contextlib
import json
import math
import os
import time

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch.nn.parallel import DistributedDataParallel

import weights
from model import Network, SOME_UNUSED
from text import Streams, Text, read_text
from tokenizer import Tokenizer

RANK, WORLD = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
READ_AGAIN = 256  # the steps that are read again before training goes on from a checkpoint
CLIPPED_OVER = 100  # the updates whose norms make the threshold of adaptive clipping


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--data", nargs="+", default=[], metavar="FILE", help="more text to train on")
    parser.add_argument("--epochs", type=float, help="passes over the text")
    parser.add_argument("--seconds", type=float, help="the time after which the training ends")
    parser.add_argument("--batch", type=int, help="streams that are read side by side, by all processes together")
    parser.add_argument("--k1", type=int, help="steps between two updates")
    parser.add_argument("--k2", type=int, help="steps that the gradient goes back")
    parser.add_argument("--learning-rate", type=float)
    parser.add_argument("--precision", choices=["auto", "fp32", "bf16", "fp16"], default="auto")
    parser.add_argument("--fresh", action="store_true", help="begin with initial weights, not with model.safetensors")
    parser.add_argument("--resume", action="store_true", help="go on from checkpoint.pt, where there is one")
    args = parser.parse_args()
    args.data = [os.path.abspath(path) for path in args.data]
    return args


def say(*what):
    if RANK == 0:
        print(*what, flush=True)


def fail(sentence):
    say(sentence)
    raise SystemExit(1)


def read_options(args):
    """The options of the run in config.json, with what the command line says instead."""
    with open("config.json", encoding="utf-8") as file:
        config = json.load(file)
    options = config["train"]
    for name in ["batch", "k1", "k2"]:
        if getattr(args, name) is not None:
            options[name] = getattr(args, name)
    if args.learning_rate is not None:
        options["learningRate"] = args.learning_rate
    if args.epochs is not None or args.seconds is not None:
        options["epochs"], options["seconds"] = args.epochs, args.seconds
    return config, options


def make_optimizer(parameters, options, learning_rate):
    kind = options["kind"]
    if kind in ["adam", "adamw"]:
        make = torch.optim.AdamW if kind == "adamw" else torch.optim.Adam
        betas, decay = (options["beta1"], options["beta2"]), options["weightDecay"] if kind == "adamw" else 0
        return make(parameters, learning_rate, betas, options["epsilon"], decay)
    if kind == "rmsprop":
        # Unroll adds epsilon under the root, torch beside it.
        return torch.optim.RMSprop(parameters, learning_rate, options["rho"], math.sqrt(options["epsilon"]))
    momentum = options.get("momentum", 0)
    return torch.optim.SGD(parameters, learning_rate, momentum, nesterov=kind == "nesterov")


def make_scaler(enabled):
    """Scales losses so that gradients in 16-bit floats do not vanish."""
    if hasattr(torch.amp, "GradScaler"):
        return torch.amp.GradScaler("cuda", enabled=enabled)
    return torch.cuda.amp.GradScaler(enabled=enabled)


def learning_rate(options, update, fraction):
    """The rate of an update, counted from 0, when a fraction of the budget is spent: warm-up, then decay."""
    warmth = min(1, (update + 1) / options["warmup"]) if options["warmup"] > 0 else 1
    decays = {"none": 1, "linear": 1 - fraction, "cosine": 0.5 * (1 + math.cos(math.pi * fraction))}
    return options["learningRate"] * warmth * decays[options["decay"]]


class Clipping:
    """Scales the gradients down to a norm (Pascanu et al. 2013), fixed or a multiple of the recent ones."""

    def __init__(self, options, norms):
        self.options, self.norms = options, norms

    def clip(self, parameters):
        """→ the norm before"""
        kind = self.options["kind"]
        threshold = self.options["threshold"] if kind == "norm" else math.inf
        if kind == "adaptive" and self.norms:
            threshold = self.options["factor"] * sum(self.norms) / len(self.norms)
        norm = torch.nn.utils.clip_grad_norm_(parameters, threshold)
        # Norms that were clipped do not count, or a burst of explosions would raise the threshold.
        if kind == "adaptive" and norm <= threshold and torch.isfinite(norm):
            self.norms = (self.norms + [float(norm)])[-CLIPPED_OVER:]
        return norm


def penalise(parameters, l1, l2):
    """Adds the gradients of l1 |w| + l2/2 w²."""
    if l1 > 0 or l2 > 0:
        for p in parameters:
            if p.grad is not None:
                p.grad += l1 * p.detach().sign() + l2 * p.detach()


def detach(state):
    """Cuts the state from the graph of its window: [] of layers, each with its vectors."""
    return [tuple(v.detach().float() for v in vectors) for vectors in state]


def share(count):
    """The rows of `count` that belong to this process."""
    return list(range(RANK * count // WORLD, (RANK + 1) * count // WORLD))


def total(*numbers, device):
    """The sums of numbers over all processes."""
    sums = torch.tensor(numbers, dtype=torch.float64, device=device)
    if dist.is_initialized():
        dist.all_reduce(sums)
    return sums.tolist()


class Training:
    def __init__(self, args):
        self.config, self.options = read_options(args)
        options = self.options
        with open("vocabulary.json", encoding="utf-8") as file:
            tokenizer = Tokenizer(json.load(file))
        more = [read_text(path) for path in args.data]
        self.text = Text(read_text("text.txt"), more, tokenizer, self.config["model"]["direction"])

        # Short texts are read in fewer streams, so that there is a state to carry.
        span = max(options["k1"], options["k2"])
        fits = lambda tokens: max(1, min(options["batch"], len(tokens) // (4 * span + 1)))
        batch = fits(self.text.train)
        if len(self.text.train) <= span:
            fail(f"The text has {len(self.text.train)} tokens, too few for {span} steps: make --k1 and --k2 smaller.")
        if batch < WORLD:
            fail(f"{WORLD} processes cannot share {batch} streams: start fewer, or make --batch larger.")
        self.streams = Streams(self.text.train, batch, options["k1"], options["k2"])
        self.rows = share(batch)
        self.held_out = self.text.held_out_rows(fits(self.text.own))

        self.on_gpu = torch.cuda.is_available()
        self.device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", 0))) if self.on_gpu else torch.device("cpu")
        if self.on_gpu:
            torch.cuda.set_device(self.device)
        precision = args.precision
        if precision == "auto":
            precision = "fp32" if not self.on_gpu else "bf16" if torch.cuda.is_bf16_supported() else "fp16"
        self.dtype = {"fp32": None, "bf16": torch.bfloat16, "fp16": torch.float16}[precision]
        # torch.nn.LSTM, GRU and RNN compute in 16-bit floats under autocast on a GPU, also where the rest is bfloat16.
        self.scaler = make_scaler(enabled=self.on_gpu and self.dtype is not None)

        torch.manual_seed(options["seed"])
        self.network = Network(self.config["model"], len(tokenizer))
        if not args.fresh and not (args.resume and os.path.exists("checkpoint.pt")):
            try:
                self.network.load(weights.read("model.safetensors")[0])
            except (OSError, ValueError) as error:
                fail(f"model.safetensors does not fit this network: {error}. Begin with initial weights: --fresh.")
        self.network.to(self.device)
        self.model = self.network
        if dist.is_initialized():
            devices = [self.device] if self.on_gpu else None
            self.model = DistributedDataParallel(
                self.network, device_ids=devices, find_unused_parameters=SOME_UNUSED
            )
        torch.manual_seed(options["seed"] + RANK + 1)
        self.parameters = [p for p in self.network.parameters() if p.requires_grad]
        self.optimizer = make_optimizer(self.parameters, options["optimizer"], options["learningRate"])
        self.clipping = Clipping(options["clipping"], [])
        self.update, self.spent, self.best = 0, 0.0, math.inf
        # Whether the weights have been trained on the held-out part, in Unroll, before this training.
        self.seen = bool(self.config["learnedHeldOut"]) and not args.fresh
        self.state = detach(self.network.initial(len(self.rows), self.device))
        if args.resume and os.path.exists("checkpoint.pt"):
            self.resume()
        shape = ", ".join(f"{layer['cell']} {layer['hidden']}" for layer in self.config["model"]["layers"])
        say(
            f"{shape}: {sum(p.numel() for p in self.parameters)} parameters, {len(self.text.train)} tokens, "
            f"{batch} streams in {WORLD} process(es) on {self.device.type}, {precision}"
        )
        if self.seen:
            say("These weights have seen the held-out part in Unroll: its loss is too low at first. --fresh begins anew.")

    def autocast(self):
        if self.dtype is None:
            return contextlib.nullcontext()
        return torch.autocast(self.device.type, self.dtype)

    def resume(self):
        kept = torch.load("checkpoint.pt", map_location=self.device, weights_only=True)
        try:
            self.network.load(kept["weights"])
            groups = self.optimizer.state_dict()["param_groups"]
            self.optimizer.load_state_dict({"state": kept["optimizer"], "param_groups": groups})
        except (KeyError, ValueError) as error:
            fail(f"checkpoint.pt does not fit this network: {error}. Remove it, or undo the change of config.json.")
        about = json.loads(kept["about"])
        self.scaler.load_state_dict(about["scaler"])
        self.update, self.spent, self.best = about["update"], about["seconds"], about["best"]
        self.seen, self.clipping.norms = about["seen"], about["norms"]
        before = self.streams.before(self.update, self.rows, READ_AGAIN)
        self.state = self.advance(before, self.state)
        torch.manual_seed(self.options["seed"] + RANK + 1 + WORLD * self.update)
        say(f"Goes on from update {self.update}.")

    @torch.no_grad()
    def advance(self, tokens, state, reset=None):
        """Reads tokens [B, n] without learning. → the state after them"""
        self.network.eval()
        if tokens.shape[1] > 0:
            state = detach(self.network(tokens.to(self.device), state, reset)[1])
        self.network.train()
        return state

    def step(self, rate):
        """One update. → the sum of the losses of this process, in nats"""
        options, streams = self.options, self.streams
        restart, lead, x, y = streams.window(self.update, self.rows)
        # Some streams begin at h[0] instead of where they were (Melis, Dyer & Blunsom 2018).
        chance = torch.rand(streams.batch, generator=torch.Generator().manual_seed(options["seed"] * 1_000_003 + self.update))
        reset = (chance[self.rows] < (1 if restart else options["reset"])).to(self.device)
        if lead.shape[1] > 0:
            self.state = self.advance(lead, self.state, reset)
            reset = torch.zeros_like(reset)
        x, y = x.to(self.device), y.to(self.device)
        with self.autocast():
            logits, state = self.model(x, self.state, reset, min(options["k1"], options["k2"]))
        nats = F.cross_entropy(logits.float().flatten(0, 1), y.flatten(), ignore_index=-1, reduction="sum")
        self.optimizer.zero_grad(set_to_none=True)
        # DistributedDataParallel averages over the processes, which may have different numbers of streams.
        self.scaler.scale(nats * WORLD / streams.counted(self.update)).backward()
        self.scaler.unscale_(self.optimizer)
        penalise(self.parameters, options["l1"], options["l2"])
        norm = self.clipping.clip(self.parameters)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
            if options["optimizer"].get("schedule") == "rising":
                rising = 1 - 0.5 / ((self.update + 1) // 250 + 1)
                group["momentum"] = min(rising, options["optimizer"]["momentum"])
        # An update whose gradient is no number would spoil the weights. The scaler has a look of its own.
        if self.scaler.is_enabled() or torch.isfinite(norm):
            self.scaler.step(self.optimizer)
        self.scaler.update()
        self.state = detach(state)
        self.update += 1
        return nats.detach()

    @torch.no_grad()
    def evaluate(self):
        """The bits per character of the held-out part; None where nothing is held out."""
        if self.held_out is None:
            return None
        x, y = self.held_out
        rows = share(len(x))
        nats = 0.0
        if rows:
            self.network.eval()
            logits, _ = self.network(x[rows].to(self.device), self.network.initial(len(rows), self.device))
            targets = y[rows].to(self.device)
            nats = F.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=-1, reduction="sum").item()
            self.network.train()
        return self.text.bits_per_character(total(nats, device=self.device)[0], y)

    def keep(self, bits):
        """Keeps the best state for Unroll, and the present one to go on from."""
        better = bits is None or bits < self.best
        if better:
            self.best = bits if bits is not None else self.best
        if RANK != 0:
            return
        if better:
            about = {
                "update": str(self.update),
                "epochs": str(self.streams.epoch(self.update)),
                "seconds": str(self.spent),
                "torch": torch.__version__,
                "learned_held_out": json.dumps(self.seen),
                "batch": str(self.options["batch"]),
                "k1": str(self.options["k1"]),
                "k2": str(self.options["k2"]),
            }
            if bits is not None:
                about["bits_per_character"] = str(bits)
            weights.write("model.safetensors", self.network.weights(), about)
        about = {
            "scaler": self.scaler.state_dict(),
            "update": self.update,
            "seconds": self.spent,
            "best": self.best,
            "seen": self.seen,
            "norms": self.clipping.norms,
        }
        checkpoint = {
            "weights": {name: w.detach().cpu().clone() for name, w in self.network.weights().items()},
            "optimizer": self.optimizer.state_dict()["state"],
            # PyTorch 1.13 reads no numbers but whole ones where only weights are read.
            "about": json.dumps(about),
        }
        torch.save(checkpoint, "checkpoint.pt.part")
        os.replace("checkpoint.pt.part", "checkpoint.pt")

    def fraction(self):
        """The share of the budget that is spent, the same in every process."""
        epochs, seconds = self.options["epochs"], self.options["seconds"]
        by_text = self.streams.epoch(self.update) / epochs if epochs else 0
        # The clocks of the processes differ: theirs are averaged.
        by_time = total(self.spent, device=self.device)[0] / WORLD / seconds if seconds else 0
        return min(1, max(by_text, by_time))

    def run(self):
        """Trains until the budget is spent, and looks at the held-out part now and then."""
        every = max(1, self.streams.windows_per_epoch // 10)
        due = self.update + every
        began = time.monotonic() - self.spent
        since, losses, targets, tokens, trained = time.monotonic(), [], 0, 0, 0.0
        fraction = self.fraction()
        while fraction < 1:
            targets += self.streams.counted(self.update)
            losses.append(self.step(learning_rate(self.options, self.update, fraction)))
            self.spent = time.monotonic() - began
            if self.options["seconds"] is None or self.update % 10 == 0 or self.update >= due:
                fraction = self.fraction()
            if self.update < due and fraction < 1:
                continue
            nats, seconds = total(float(sum(losses)), time.monotonic() - since, device=self.device)
            loss, seconds = nats / targets / math.log(2), seconds / WORLD
            tokens, trained = tokens + targets, trained + seconds
            looked = time.monotonic()
            bits = self.evaluate()
            if not math.isfinite(loss) or (bits is not None and not math.isfinite(bits)):
                fail("The loss is no number any more: go on with --resume and a smaller --learning-rate.")
            self.spent = time.monotonic() - began
            self.keep(bits)
            held = "" if bits is None else f"  held-out {bits:.4f} bits per character"
            say(
                f"{self.spent:7.1f} s  update {self.update}  epoch {self.streams.epoch(self.update):.2f}"
                f"  loss {loss:.3f} bits per token{held}  {tokens / trained:,.0f} tokens/s"
            )
            # Looking and keeping may take a tenth of the time.
            cost = total(time.monotonic() - looked, device=self.device)[0] / WORLD
            due = self.update + max(every, math.ceil(10 * cost * len(losses) / seconds))
            since, losses, targets = time.monotonic(), [], 0
        say("The training has ended. In Unroll, import this folder: unroll import FOLDER")


if __name__ == "__main__":
    args = arguments()
    os.chdir(os.path.dirname(os.path.abspath(__file__)))
    if "RANK" in os.environ:
        dist.init_process_group("nccl" if torch.cuda.is_available() else "gloo")
    Training(args).run()
    if dist.is_initialized():
        dist.destroy_process_group()
