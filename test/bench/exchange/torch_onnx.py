# Writes language models of PyTorch as ONNX files into the folder that is named, and beside each what it predicts.
import json
import os
import sys
import warnings

import torch
from torch import nn

warnings.filterwarnings("ignore")
tokens, units, width = 12, 8, 6


class Model(nn.Module):
    def __init__(self, kind, layers=1, embeds=True, tied=False, last=False, learned=False, **options):
        super().__init__()
        self.rows_first = options.setdefault("batch_first", True)
        read = units if tied else width
        self.embedding = nn.Embedding(tokens, read) if embeds else None
        self.recurrent = getattr(nn, kind)(read if embeds else tokens, units, layers, **options)
        self.output = nn.Linear(units, tokens)
        if tied:
            self.output.weight = self.embedding.weight
        self.last = last
        self.learned = learned
        self.h = nn.Parameter(torch.randn(layers, 1, units))
        self.c = nn.Parameter(torch.randn(layers, 1, units))

    def forward(self, x, *states):
        vectors = self.embedding(x) if self.embedding else nn.functional.one_hot(x, tokens).float()
        given = (tuple(states) if len(states) > 1 else states[0]) if states else None
        if self.learned:
            given = tuple(start.expand(-1, x.shape[0], -1).contiguous() for start in (self.h, self.c))
        y, after = self.recurrent(vectors, given)
        if self.last:
            return self.output(y[:, -1])
        after = after if isinstance(after, tuple) else (after,)
        return (self.output(y), *after) if states else self.output(y)


def write(name, model, states=0, version=14):
    model.eval()
    x = torch.randint(0, tokens, (2, 9))
    given = x if model.rows_first else x.t().contiguous()
    start = [torch.zeros(model.recurrent.num_layers, 2, units) for _ in range(states)]
    with torch.no_grad():
        y = model(given, *start)
    y = y[0] if isinstance(y, tuple) else y
    axes = {"tokens": {0: "batch", 1: "time"} if model.rows_first else {0: "time", 1: "batch"}}
    names = ["tokens", "h", "c"][: 1 + states]
    path = os.path.join(sys.argv[1], name)
    torch.onnx.export(
        model, (given, *start), path + ".onnx", opset_version=version, input_names=names, dynamic_axes=axes
    )
    y = y if model.rows_first else y.transpose(0, 1)
    with open(path + ".json", "w") as file:
        json.dump({"x": x.tolist(), "y": torch.softmax(y, -1).flatten().tolist(), "last": model.last}, file)


torch.manual_seed(0)
write("LSTM", Model("LSTM"))
write("LSTM, 2 layers, dropout", Model("LSTM", 2, dropout=0.2))
write("LSTM, 2 layers, states", Model("LSTM", 2), states=2)
write("LSTM, tied", Model("LSTM", 2, tied=True))
write("LSTM, one-hot", Model("LSTM", embeds=False))
write("LSTM, no biases", Model("LSTM", bias=False))
write("LSTM, last step", Model("LSTM", last=True))
write("LSTM, learned states", Model("LSTM", 2, learned=True))
write("LSTM, opset 9", Model("LSTM", 2), version=9)
write("GRU", Model("GRU"))
write("GRU, 3 layers, steps first", Model("GRU", 3, batch_first=False))
write("GRU, states, opset 11", Model("GRU", 2), states=1, version=11)
write("RNN", Model("RNN", 2))
write("RNN, relu", Model("RNN", nonlinearity="relu"))
