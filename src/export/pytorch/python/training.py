"""What trainings have in common, whatever the data is: options, optimisers, clipping, processes, checkpoints, the budget.

Each process computes the gradients of its share of the rows, and DistributedDataParallel averages them.
"""
import argparse
import contextlib
import json
import math
import os
import time

import torch
import torch.distributed as dist
from torch.nn.parallel import DistributedDataParallel

import weights
from model import SOME_UNUSED

RANK, WORLD = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
CLIPPED_OVER = 100  # the updates whose norms make the threshold of adaptive clipping


def arguments(description):
    """The options of every training, to which train.py adds its own."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--epochs", type=float, help="passes over the data")
    parser.add_argument("--seconds", type=float, help="the time after which the training ends")
    parser.add_argument("--batch", type=int, help="rows that are read side by side, by all processes together")
    parser.add_argument("--learning-rate", type=float)
    parser.add_argument("--precision", choices=["auto", "fp32", "bf16", "fp16"], default="auto")
    parser.add_argument("--fresh", action="store_true", help="begin with initial weights, not with model.safetensors")
    parser.add_argument("--resume", action="store_true", help="go on from checkpoint.pt, where there is one")
    return parser


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
        if getattr(args, name, None) is not None:
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


def set_dropout(network, rate):
    for module in network.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = rate


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
    """A run. train.py says what is read, and what the network is judged by."""

    metric = ""  # its name
    higher = False  # whether a higher value is better
    key = "metric"  # its name in model.safetensors

    def read(self):
        """Reads the data: sets `batches`, and `tokens`, the size of the training part as text."""
        raise NotImplementedError

    def make_network(self):
        raise NotImplementedError

    def begin(self):
        """Does what there is to do before the first update, and before the first one after a checkpoint."""

    def nats(self):
        """Reads the data of an update. → the sum of the losses of this process's targets"""
        raise NotImplementedError

    def evaluate(self):
        """Judges the held-out part. → the metric and the loss; None where nothing is held out"""
        raise NotImplementedError

    def __init__(self, args):
        self.args = args
        self.config, self.options = read_options(args)
        options = self.options
        self.on_gpu = torch.cuda.is_available()
        self.device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", 0))) if self.on_gpu else torch.device("cpu")
        if self.on_gpu:
            torch.cuda.set_device(self.device)
        self.read()
        precision = args.precision
        if precision == "auto":
            precision = "fp32" if not self.on_gpu else "bf16" if torch.cuda.is_bf16_supported() else "fp16"
        self.dtype = {"fp32": None, "bf16": torch.bfloat16, "fp16": torch.float16}[precision]
        # torch.nn.LSTM, GRU and RNN compute in 16-bit floats under autocast on a GPU, also where the rest is bfloat16.
        self.scaler = make_scaler(enabled=self.on_gpu and self.dtype is not None)

        torch.manual_seed(options["seed"])
        self.network = self.make_network()
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
        self.update, self.spent, self.spent_share = 0, 0.0, 0.0
        # The best metric so far, as a number of which less is better, with its loss; the looks since, and its update.
        self.best, self.fruitless, self.best_update = [math.inf, math.inf], 0, 0
        # Whether the weights have been trained on the held-out part, in Unroll, before this training.
        self.seen = bool(self.config["learnedHeldOut"]) and not args.fresh
        if args.resume and os.path.exists("checkpoint.pt"):
            self.resume()
        self.begin()
        both = lambda layer: "both " if layer.get("bidirectional") else ""
        shape = ", ".join(f"{both(layer)}{layer['cell']} {layer['hidden']}" for layer in self.config["model"]["layers"])
        say(
            f"{shape}: {sum(p.numel() for p in self.parameters)} parameters, {self.tokens}, "
            f"{self.batches.batch} rows at once in {WORLD} process(es) on {self.device.type}, {precision}"
        )
        if self.seen:
            say("These weights have seen the held-out part in Unroll: its loss is too low at first. --fresh begins anew.")
        if self.on_gpu and WORLD == 1 and torch.cuda.device_count() > 1:
            count = torch.cuda.device_count()
            say(f"One of {count} GPUs is used. All are by: torchrun --standalone --nproc_per_node {count} train.py")

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
        self.fruitless, self.best_update = about["fruitless"], about["best_update"]
        self.seen, self.clipping.norms = about["seen"], about["norms"]
        torch.manual_seed(self.options["seed"] + RANK + 1 + WORLD * self.update)
        say(f"Goes on from update {self.update}.")

    def step(self, rate):
        """One update. → the sum of the losses of this process, in nats"""
        options = self.options
        if options["dropoutSchedule"] == "rising":
            # The share of what has been read so far that had been read before.
            read_before = 1 - 1 / max(1, self.batches.epoch(self.update))
            set_dropout(self.network, self.config["model"]["dropout"] * read_before)
        nats = self.nats()
        self.optimizer.zero_grad(set_to_none=True)
        # DistributedDataParallel averages over the processes, which may have different numbers of targets.
        self.scaler.scale(nats * WORLD / self.batches.counted(self.update)).backward()
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
        self.update += 1
        return nats.detach()

    def keep(self, found):
        """Keeps the best state for Unroll, and the present one to go on from."""
        rank = [math.inf, math.inf] if found is None else [-found[0] if self.higher else found[0], found[1]]
        better = found is None or rank < self.best
        self.fruitless += 1
        if better:
            self.best, self.fruitless, self.best_update = rank, 0, self.update
        if RANK != 0:
            return
        if better:
            about = {
                "update": str(self.update),
                "epochs": str(self.batches.epoch(self.update)),
                "seconds": str(self.spent),
                "torch": torch.__version__,
                "learned_held_out": json.dumps(self.seen),
                "batch": str(self.options["batch"]),
                "k1": str(self.options["k1"]),
                "k2": str(self.options["k2"]),
            }
            if found is not None:
                about[self.key] = str(found[0])
            weights.write("model.safetensors", self.network.weights(), about)
        about = {
            "scaler": self.scaler.state_dict(),
            "update": self.update,
            "seconds": self.spent,
            "best": self.best,
            "fruitless": self.fruitless,
            "best_update": self.best_update,
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
        by_data = self.batches.epoch(self.update) / epochs if epochs else 0
        # The clocks of the processes differ: theirs are averaged.
        by_time = total(self.spent, device=self.device)[0] / WORLD / seconds if seconds else 0
        return min(1, max(by_data, by_time))

    def is_hopeless(self):
        """Whether there has been no better state for so long that none is to be expected."""
        patience, warmup = self.options["patience"], self.options["warmup"]
        if patience is None or self.update < 5 * warmup or self.batches.epoch(self.update) < 2:
            return False
        return self.fruitless >= patience and self.update - self.best_update > 0.4 * self.update

    def run(self):
        """Trains until the budget is spent, and looks at the held-out part now and then."""
        every = max(1, self.batches.per_epoch // 10)
        due = self.update + every
        began = time.monotonic() - self.spent
        since, losses, targets, learned, trained = time.monotonic(), [], 0, 0, 0.0
        fraction = self.fraction()
        while fraction < 1:
            targets += self.batches.counted(self.update)
            self.spent_share = fraction
            losses.append(self.step(learning_rate(self.options, self.update, fraction)))
            self.spent = time.monotonic() - began
            if self.options["seconds"] is None or self.update % 10 == 0 or self.update >= due:
                fraction = self.fraction()
            if self.update < due and fraction < 1:
                continue
            nats, seconds = total(float(sum(losses)), time.monotonic() - since, device=self.device)
            loss, seconds = nats / targets / math.log(2), seconds / WORLD
            learned, trained = learned + targets, trained + seconds
            looked = time.monotonic()
            self.network.eval()
            with torch.no_grad():
                found = self.evaluate()
            self.network.train()
            if not math.isfinite(loss) or (found is not None and not math.isfinite(found[1])):
                fail("The loss is no number any more: go on with --resume and a smaller --learning-rate.")
            self.spent = time.monotonic() - began
            self.keep(found)
            held = "" if found is None else f"  held-out {found[0]:.4f} {self.metric}"
            say(
                f"{self.spent:7.1f} s  update {self.update}  epoch {self.batches.epoch(self.update):.2f}"
                f"  loss {loss:.3f} bits{held}  {learned / trained:,.0f} targets/s"
            )
            if self.is_hopeless():
                say(f"No state has been better since update {self.best_update}: the training ends early.")
                break
            # Looking and keeping may take a tenth of the time.
            cost = total(time.monotonic() - looked, device=self.device)[0] / WORLD
            due = self.update + max(every, math.ceil(10 * cost * len(losses) / seconds))
            since, losses, targets = time.monotonic(), [], 0
        say("The training has ended. In Unroll, import this folder: unroll import FOLDER")


def main(training, args):
    """Runs a training in the folder of this file, in one of the processes of torchrun or by itself."""
    os.chdir(os.path.dirname(os.path.abspath(__file__)))
    if "RANK" in os.environ:
        dist.init_process_group("nccl" if torch.cuda.is_available() else "gloo")
    training(args).run()
    if dist.is_initialized():
        dist.destroy_process_group()
