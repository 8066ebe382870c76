"""Writes the target of each source that is named, or of each line of the input, in ONNX Runtime.

    pip install onnxruntime
    python3 rewrite.py "3 May 2021"

The likeliest target is looked for by beam search with length normalisation (Wu et al. 2016), as in Unroll; where a source
is a category or numbers, one of its many targets is drawn.
"""
import json
import math
import os
import sys

import numpy as np
import onnxruntime

RARE = 0  # the token of every character without one of its own, which is never written
WIDTH = 6  # the number of sequences that are followed at a time
EXPONENT = 0.6  # that of the length penalty
TEMPERATURE = 0.7  # that of what is drawn


class Model:
    """An encoder, which reads a source once, and a decoder, which predicts the next token of the target at each step."""

    def __init__(self, folder):
        with open(os.path.join(folder, "vocabulary.json"), encoding="utf-8") as file:
            self.about = json.load(file)
        open_ = lambda name: onnxruntime.InferenceSession(os.path.join(folder, name))
        self.encoder, self.decoder = open_("encoder_model.onnx"), open_("decoder_model.onnx")
        self.characters = self.about["targets"]["characters"]
        # The boundary is read before a target and written after it.
        self.boundary = len(self.characters)
        self.longest = self.about["longest"]

    def encode(self, source):
        """A source → what is computed of it once [1, …], and the state before the first step [1, …]"""
        names = [output.name for output in self.encoder.get_outputs()]
        values = dict(zip(names, self.encoder.run(names, read(self.about["sources"], source))))
        state = {each["input"]: values[each["input"]] for each in self.about["states"]}
        return {name: values[name] for name in self.about["encoded"]}, state

    def step(self, encoded, state, tokens):
        """Reads a token of each row [B] → the logarithms of the next tokens' probabilities [B, V], and the state after it"""
        rows = {name: np.repeat(value, len(tokens), 0) for name, value in encoded.items()}
        names = ["log_probabilities", *(each["output"] for each in self.about["states"])]
        logs, *after = self.decoder.run(names, {"token": np.array(tokens), **rows, **state})
        logs[:, RARE] = -math.inf
        return logs, {each["input"]: value for each, value in zip(self.about["states"], after)}

    def search(self, source, width):
        """Beam search; a width of 1 is greedy decoding. → the tokens of the best sequence and the logarithm of its probability"""
        boundary, longest = self.boundary, self.longest
        penalty = lambda length: ((5 + length) / 6) ** EXPONENT
        encoded, state = self.encode(source)
        live, tokens, ended = [([], 0.0)], [boundary], []
        while live:
            logs, state = self.step(encoded, state, tokens)
            if len(live[0][0]) >= longest:  # nothing but the end may come
                logs[:, :boundary] = -math.inf
            sums = logs + np.array([[so_far] for _, so_far in live])
            kept, rows, tokens = [], [], []
            for place in np.argsort(-sums, axis=None, kind="stable")[:width]:
                row, token = divmod(int(place), sums.shape[1])
                value = float(sums[row, token])
                if value == -math.inf:
                    continue
                before = live[row][0]
                if token == boundary:
                    ended.append((value / penalty(len(before) + 1), value, before))
                    continue
                kept.append(([*before, token], value))
                rows.append(row)
                tokens.append(token)
            ended = sorted(ended, key=lambda each: -each[0])[:width]
            # No longer sequence scores better than one whose tokens to come are all certain.
            least = ended[-1][0] if len(ended) == width else -math.inf
            hopeful = [place for place, (_, value) in enumerate(kept) if value / penalty(longest + 1) > least]
            live, tokens = [kept[place] for place in hopeful], [tokens[place] for place in hopeful]
            state = {name: value[[rows[place] for place in hopeful]] for name, value in state.items()}
        return (ended[0][2], ended[0][1]) if ended else ([], -math.inf)

    def draw(self, source):
        """→ the tokens of a new target"""
        encoded, state = self.encode(source)
        tokens = [self.boundary]
        while len(tokens) <= self.longest:
            logs, state = self.step(encoded, state, tokens[-1:])
            powers = np.exp(logs[0].astype(float) / TEMPERATURE)
            token = int(np.random.choice(len(powers), p=powers / powers.sum()))
            if token == self.boundary:
                break
            tokens.append(token)
        return tokens[1:]

    def rewrite(self, source):
        """→ the target of a source"""
        if self.about["sources"]["kind"] != "characters":
            tokens = self.draw(source)
        else:
            tokens, logarithm = self.search(source, 1)
            # No other text can have more than half of the probability.
            if logarithm <= math.log(0.5):
                tokens, _ = self.search(source, WIDTH)
        return "".join(self.characters[token] for token in tokens)


def read(sources, text):
    """A source → the input of the encoder [1, S]. ValueError where it is none that the model reads"""
    if sources["kind"] == "characters":
        tokens = {character: token for token, character in enumerate(sources["characters"]) if token != RARE}
        return {"tokens": np.array([[tokens.get(character, RARE) for character in text]])}
    if sources["kind"] == "category":
        return {"tokens": np.array([[sources["categories"].index(text.strip())]])}
    numbers, moments = [float(number) for number in text.split()], sources["standardisation"]
    if len(numbers) != len(moments):
        raise ValueError
    row = [(number - by["mean"]) / by["deviation"] for number, by in zip(numbers, moments)]
    return {"numbers": np.array([[row]], np.float32)}


if __name__ == "__main__":
    model = Model(os.path.dirname(os.path.abspath(__file__)))
    for text in sys.argv[1:] or (line.rstrip("\n") for line in sys.stdin):
        if not text.strip():
            print()
            continue
        try:
            print(model.rewrite(text))
        except ValueError:
            about = model.about["sources"]
            known = ", ".join(about.get("categories", [])) or f"{len(about['standardisation'])} numbers"
            raise SystemExit(f"{text} is none of what this model writes texts for: {known}.")
