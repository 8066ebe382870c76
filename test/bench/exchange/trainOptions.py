"""Trains an exported network with each set of options for some updates, and goes on from its checkpoint. Its argument
is the folder; it prints how many sets ended, of all, as JSON."""
import argparse
import contextlib
import copy
import json
import os
import sys

os.chdir(sys.argv[1])
sys.path.insert(0, sys.argv[1])
import train

ADAMW = {"kind": "adamw", "beta1": 0.9, "beta2": 0.99, "epsilon": 1e-8, "weightDecay": 0.1}
SETS = [
    {"optimizer": {"kind": "sgd"}, "clipping": {"kind": "none"}, "k1": 5, "k2": 11},
    {"optimizer": {"kind": "momentum", "momentum": 0.9}, "clipping": {"kind": "adaptive", "factor": 2}, "k1": 12, "k2": 7},
    {"optimizer": {"kind": "nesterov", "momentum": 0.9}, "decay": "linear", "l1": 1e-4, "l2": 1e-3},
    {"optimizer": {"kind": "rmsprop", "rho": 0.9, "epsilon": 1e-8}, "decay": "none", "warmup": 0},
    {"optimizer": ADAMW, "reset": 0.5},
]

with open("config.json", encoding="utf-8") as file:
    config = json.load(file)
ended = 0
for number, options in enumerate(SETS):
    changed = copy.deepcopy(config)
    changed["train"].update({"k1": 10, "k2": 10, "batch": 4, "learningRate": 0.002, **options})
    changed["model"]["dropout"] = 0.2 * (number % 2)
    with open("config.json", "w", encoding="utf-8") as file:
        json.dump(changed, file)
    args = argparse.Namespace(
        **{"data": [], "epochs": 0.1, "seconds": None, "batch": None, "k1": None, "k2": None, "learning_rate": None},
        **{"precision": "bf16" if number % 2 else "fp32", "fresh": True, "resume": False},
    )
    with contextlib.redirect_stdout(sys.stderr):
        train.TextTraining(args).run()
        args.epochs, args.resume = 0.2, True
        training = train.TextTraining(args)
        begun = training.update
        training.run()
    ended += begun > 0 and training.update > begun and training.best[0] < 100
print(json.dumps([ended, len(SETS)]))
