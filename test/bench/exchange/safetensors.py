"""Runs the code of docs/safetensors.md. Its arguments are an exported folder of an LSTM, the code that fills
torch.nn.LSTM, and the code that goes back. It prints the differences of outputs and of weights, as JSON."""
import json
import os
import sys

import torch

folder, fill, back = sys.argv[1:]
os.chdir(folder)
sys.path.insert(0, folder)
import weights as file
from model import Network

tensors, _ = file.read("model.safetensors")
with open("config.json", encoding="utf-8") as config:
    network = Network(json.load(config)["model"], len(tensors["output.b"]))
network.load(tensors)
H, X = tensors["layers.0.W_f"].shape
names = {"torch": torch, "weights": dict(tensors), "X": X, "H": H}
exec(fill, names)
steps = torch.randint(X, (30,))
x = torch.nn.functional.one_hot(steps, X).float()
linear = torch.nn.Linear(H, X)
linear.weight.data.copy_(tensors["output.W"])
linear.bias.data.copy_(tensors["output.b"])
with torch.no_grad():
    theirs = linear(names["lstm"](x.unsqueeze(1))[0].squeeze(1))
    ours = network(steps.unsqueeze(0), network.initial(1, steps.device))[0][0]
names["linear"], names["weights"] = linear, {}
exec(back, names)
missing = set(tensors) - set(names["weights"])
differences = [(names["weights"][name] - tensor).abs().max().item() for name, tensor in tensors.items()]
print(json.dumps([(theirs - ours).abs().max().item(), max(differences) if not missing else 1]))
