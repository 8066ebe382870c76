"""Writes what exported networks predict along their texts. Its arguments are a number of steps, and folders
that were exported: each gets probabilities.bin, 32-bit numbers, [steps, V]."""
import json
import os
import sys

import torch

STEPS = int(sys.argv[1])
CARRY = STEPS // 8

for folder in sys.argv[2:]:
    os.chdir(folder)
    sys.path.insert(0, folder)
    for name in ["model", "tokenizer", "weights", "text"]:
        sys.modules.pop(name, None)
    import weights
    from model import Network
    from text import read_text
    from tokenizer import Tokenizer

    with open("vocabulary.json", encoding="utf-8") as file:
        tokenizer = Tokenizer(json.load(file))
    with open("config.json", encoding="utf-8") as file:
        network = Network(json.load(file)["model"], len(tokenizer))
    network.load(weights.read("model.safetensors")[0])
    network.eval()
    tokens = torch.tensor([tokenizer.encode(read_text("text.txt"))[:STEPS]])
    # The window is read in two parts, so that the state between them counts as well.
    with torch.no_grad():
        first, state = network(tokens[:, : 2 * CARRY - 1], network.initial(1, tokens.device), None, CARRY)
        second, _ = network(tokens[:, CARRY:], state)
    logits = torch.cat([first[:, :CARRY], second], 1)[0]
    with open("probabilities.bin", "wb") as file:
        file.write(bytes(torch.softmax(logits, -1).contiguous().numpy()))
    sys.path.pop(0)
