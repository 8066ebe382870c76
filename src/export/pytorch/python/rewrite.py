"""Writes the target of each source that is named, or of each line of the input.

    python3 rewrite.py "3 May 2021"

The likeliest target is looked for by beam search with length normalisation (Wu et al. 2016), as in Unroll; where a source
is a category or numbers, one of its many targets is drawn.
"""
import json
import math
import os
import sys

import torch

import weights
from model import Network
from pairs import RARE, Vocabularies

WIDTH = 6  # the number of sequences that are followed at a time
EXPONENT = 0.6  # that of the length penalty
TEMPERATURE = 0.7  # that of what is drawn


def chosen(state, rows):
    """The state of some rows."""
    if isinstance(state, torch.Tensor):
        return state[rows]
    return type(state)(chosen(each, rows) for each in state)


def log_probabilities(logits):
    logs = torch.log_softmax(logits[:, -1].float(), -1)
    logs[:, RARE] = -math.inf
    return logs


def search(network, source, vocabularies, width):
    """Beam search; a width of 1 is greedy decoding. → the tokens of the best sequence and the logarithm of its probability"""
    boundary, longest = vocabularies.boundary, vocabularies.longest
    penalty = lambda length: ((5 + length) / 6) ** EXPONENT
    state = network.begin(source[None], torch.tensor([len(source)]))
    live, read, ended = [([], 0.0)], [boundary], []
    while live:
        logits, state = network.read(torch.tensor(read)[:, None], state)
        logs = log_probabilities(logits)
        if len(live[0][0]) >= longest:  # nothing but the end may come
            logs[:, :boundary] = -math.inf
        sums = logs + torch.tensor([sum_ for _, sum_ in live])[:, None]
        values, places = sums.flatten().topk(min(width, sums.numel()))
        kept, rows, read = [], [], []
        for value, place in zip(values.tolist(), places.tolist()):
            row, token = divmod(place, len(logs[0]))
            if value == -math.inf:
                continue
            tokens = live[row][0]
            if token == boundary:
                ended.append((value / penalty(len(tokens) + 1), value, tokens))
                continue
            kept.append(([*tokens, token], value))
            rows.append(row)
            read.append(token)
        ended = sorted(ended, key=lambda each: -each[0])[:width]
        # No longer sequence scores better than one whose tokens to come are all certain.
        least = ended[-1][0] if len(ended) == width else -math.inf
        hopeful = [place for place, (_, value) in enumerate(kept) if value / penalty(longest + 1) > least]
        live, read = [kept[place] for place in hopeful], [read[place] for place in hopeful]
        state = chosen(state, [rows[place] for place in hopeful])
    return (ended[0][2], ended[0][1]) if ended else ([], -math.inf)


def draw(network, source, vocabularies):
    """→ the tokens of a new target"""
    state = network.begin(source[None], torch.tensor([len(source)]))
    tokens = [vocabularies.boundary]
    while len(tokens) <= vocabularies.longest:
        logits, state = network.read(torch.tensor([tokens[-1:]]), state)
        token = torch.multinomial(torch.exp(log_probabilities(logits) / TEMPERATURE), 1).item()
        if token == vocabularies.boundary:
            break
        tokens.append(token)
    return tokens[1:]


@torch.no_grad()
def rewrite(network, text, vocabularies):
    """→ the target of a source"""
    source = vocabularies.source.encode(text)
    if vocabularies.one_to_many:
        return vocabularies.target.decode(draw(network, source, vocabularies))
    tokens, logarithm = search(network, source, vocabularies, 1)
    # No other text can have more than half of the probability.
    if logarithm <= math.log(0.5):
        tokens, _ = search(network, source, vocabularies, WIDTH)
    return vocabularies.target.decode(tokens)


def open_network():
    """→ the network in the folder of this file, and its vocabularies"""
    os.chdir(os.path.dirname(os.path.abspath(__file__)))
    with open("config.json", encoding="utf-8") as file:
        config = json.load(file)
    with open("vocabulary.json", encoding="utf-8") as file:
        vocabularies = Vocabularies(json.load(file))
    network = Network(config["model"], len(vocabularies.source), vocabularies.outputs)
    network.load(weights.read("model.safetensors")[0])
    return network.eval(), vocabularies


if __name__ == "__main__":
    sources = sys.argv[1:] or (line.rstrip("\n") for line in sys.stdin)
    network, vocabularies = open_network()
    for text in sources:
        if not text.strip():
            print()
            continue
        try:
            print(rewrite(network, text, vocabularies))
        except ValueError:
            known = ", ".join(getattr(vocabularies.source, "tokens", [])) or f"{len(vocabularies.source)} numbers"
            raise SystemExit(f"{text} is none of what this model writes texts for: {known}.")
