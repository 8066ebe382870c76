"""Writes what the exported network of a task predicts of the rows in its folder, which is the argument: probabilities.bin
has the probabilities, or the moments of numbers, of each step of each row, 32-bit numbers."""
import argparse
import contextlib
import os
import sys

import torch

os.chdir(sys.argv[1])
sys.path.insert(0, sys.argv[1])
import train

(kind,) = [value for name, value in vars(train).items() if name in ["AcceptorTraining", "RegressorTraining", "TransducerTraining", "PairTraining", "SeriesTraining"]]
args = argparse.Namespace(epochs=1, seconds=None, batch=None, learning_rate=None, precision="fp32", fresh=False, resume=False)
with contextlib.redirect_stdout(sys.stderr):
    training = kind(args)
training.network.eval()
with torch.no_grad(), open("probabilities.bin", "wb") as file:
    if hasattr(train, "SeriesTraining"):
        numbers = training.data.read.unsqueeze(0)
        state = training.network.initial(1, training.device)
        # The window is read in two parts, so that the state between them counts as well.
        first, state = training.network(numbers[:, :99], state, None, 50)
        second, _ = training.network(numbers[:, 50:], state)
        file.write(bytes(torch.cat([first[:, :50], second], 1)[0].contiguous().numpy()))
    elif hasattr(train, "PairTraining"):
        from pairs import lay_out

        # Sources and targets of different lengths stand side by side.
        sources, lengths, x, y = lay_out(training.train + training.held_out, training.vocabularies.boundary)
        probabilities = torch.softmax(training.network(sources, lengths, x), -1)
        file.write(bytes(probabilities[y >= 0].contiguous().numpy()))
    else:
        from rows import lay_out

        # Rows of different lengths stand side by side, so that padding counts as well.
        rows = training.train + training.held_out
        x, lengths, _ = lay_out(rows, None)
        outputs = training.network(x, lengths)
        probabilities = outputs if hasattr(train, "RegressorTraining") else torch.softmax(outputs, -1)
        for row, length in zip(probabilities, lengths):
            file.write(bytes(row[:length].contiguous().numpy()))
