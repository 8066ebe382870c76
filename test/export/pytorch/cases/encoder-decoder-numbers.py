"""The network: an encoder, which reads the source, and a decoder, which writes the target.

Generated from the equations in cells.rnn. config.json says how many layers there are, and how wide they are. Shapes:
B rows, S positions of the source, T steps of the target, X inputs of a layer, H hidden units, M outputs of the encoder, V
tokens of targets.
"""
import torch
import torch.nn.functional as F
from torch import nn

# Whether a parameter may have no gradient in a window, which DistributedDataParallel must know.
SOME_UNUSED = False


class Layer(nn.Module):
    """The equations of one cell."""

    names = {}  # the names in model.safetensors of parameters whose names Python does not allow
    reads_source = False  # whether the steps read what the encoder has written

    def weights(self):
        """The parameters by their names in model.safetensors."""
        return {self.names.get(name, name): parameter for name, parameter in self.named_parameters()}

    @torch.no_grad()
    def fill(self, values):
        weights = self.weights()
        for name, value in values.items():
            weights[name].copy_(value)

    def forward(self, x, state):
        """A window x [B, T, X] and the state before it → the outputs [B, T, H] and the state after it."""
        outputs = []
        for x_t in x.unbind(1):
            output, state = self.step(x_t, state)
            outputs.append(output)
        return torch.stack(outputs, 1), state

    def read(self, x, lengths):
        """Rows x [B, T, X], of which the first `lengths` [B] steps count → the outputs [B, T, H]"""
        return self(x, self.initial(len(x), x.device))[0]


# Sutskever, Vinyals & Le 2014, Sequence to sequence learning with neural networks. NIPS. A decoder that knows the
# source by its first state alone.
class DecoderLSTM(Layer):
    reads_source = True

    def __init__(self, inputs, hidden, tokens, encoded):
        super().__init__()
        self.hidden = hidden
        self.outputs = hidden
        self.W_f = nn.Parameter(nn.init.xavier_uniform_(torch.empty(hidden, inputs)))  # [H, X]
        self.U_f = nn.Parameter(nn.init.xavier_uniform_(torch.empty(hidden, hidden)))  # [H, H]
        self.W_i = nn.Parameter(nn.init.xavier_uniform_(torch.empty(hidden, inputs)))  # [H, X]
        self.U_i = nn.Parameter(nn.init.xavier_uniform_(torch.empty(hidden, hidden)))  # [H, H]
        self.W_o = nn.Parameter(nn.init.xavier_uniform_(torch.empty(hidden, inputs)))  # [H, X]
        self.U_o = nn.Parameter(nn.init.xavier_uniform_(torch.empty(hidden, hidden)))  # [H, H]
        self.W_g = nn.Parameter(nn.init.xavier_uniform_(torch.empty(hidden, inputs)))  # [H, X]
        self.U_g = nn.Parameter(nn.init.xavier_uniform_(torch.empty(hidden, hidden)))  # [H, H]
        self.C = nn.Parameter(nn.init.xavier_uniform_(torch.empty(hidden, encoded)))  # [H, M]
        self.V = nn.Parameter(nn.init.xavier_uniform_(torch.empty(hidden, encoded)))  # [H, M]
        self.b_f = nn.Parameter(torch.full((hidden,), 1.0))  # [H]
        self.b_i = nn.Parameter(torch.zeros(hidden))  # [H]
        self.b_o = nn.Parameter(torch.zeros(hidden))  # [H]
        self.b_g = nn.Parameter(torch.zeros(hidden))  # [H]
        self.b_c = nn.Parameter(torch.zeros(hidden))  # [H]
        self.b = nn.Parameter(torch.zeros(hidden))  # [H]

    def begin(self, given, m, mask):
        """What the steps read, of the encoder's end [B, M], its outputs m[s] [B, S, M] and their mask [B, S, 1]:
        c[0] [B, H], h[0] [B, H]."""
        return (F.linear(given, self.C) + self.b_c, torch.tanh(F.linear(given, self.V) + self.b))

    def step(self, x, state):
        """One step: x [B, X] and the state before it → h[t] and the state after it."""
        (c_prev, h_prev) = state  # c[t-1] [B, H], h[t-1] [B, H]
        f = torch.sigmoid(F.linear(x, self.W_f) + F.linear(h_prev, self.U_f) + self.b_f)  # [B, H] how much of the memory to keep
        i = torch.sigmoid(F.linear(x, self.W_i) + F.linear(h_prev, self.U_i) + self.b_i)  # [B, H] how much of the candidate to write
        o = torch.sigmoid(F.linear(x, self.W_o) + F.linear(h_prev, self.U_o) + self.b_o)  # [B, H] how much of the memory to show
        g = torch.tanh(F.linear(x, self.W_g) + F.linear(h_prev, self.U_g) + self.b_g)  # [B, H] the candidate
        c = f * c_prev + i * g  # [B, H]
        h = o * torch.tanh(c)  # [B, H]
        return h, (c, h)


def reverse(x, lengths):
    """Rows x [B, T, X] with the first `lengths` [B] steps of each in reverse; padding stays behind them."""
    steps = torch.arange(x.shape[1], device=x.device)
    from_end = lengths[:, None] - 1 - steps
    order = torch.where(from_end >= 0, from_end, steps)
    return x.gather(1, order.unsqueeze(-1).expand_as(x))


class BothWays(nn.Module):
    """Two cells of the same equations, one of which reads each row from its end (Schuster & Paliwal 1997)."""

    def __init__(self, cell, inputs, hidden, tokens):
        super().__init__()
        self.ahead = cell(inputs, hidden, tokens)
        self.back = cell(inputs, hidden, tokens)
        self.outputs = self.ahead.outputs + self.back.outputs

    def weights(self):
        """The parameters by their names in model.safetensors."""
        ahead = {f"forward.{name}": parameter for name, parameter in self.ahead.weights().items()}
        back = {f"backward.{name}": parameter for name, parameter in self.back.weights().items()}
        return {**ahead, **back}

    def read(self, x, lengths):
        """Rows x [B, T, X], of which the first `lengths` [B] steps count → the outputs of both [B, T, 2 H]"""
        ahead = self.ahead.read(x, lengths)
        back = self.back.read(reverse(x, lengths), lengths)
        return torch.cat([ahead, reverse(back, lengths)], -1)


cells = {"DecoderLSTM": DecoderLSTM}


class Encoder(nn.Module):
    """Hands on the numbers of a source as one vector."""

    def __init__(self, config, tokens, classes):
        super().__init__()
        self.tokens = tokens
        width, self.embedding = tokens, None
        self.layers = nn.ModuleList()
        for layer in config["encoder"]:
            cell, hidden = cells[layer["cell"]], layer["hidden"]
            both = layer.get("bidirectional")
            self.layers.append(BothWays(cell, width, hidden, classes) if both else cell(width, hidden, classes))
            width = self.layers[-1].outputs
        self.outputs = width
        self.dropout = nn.Dropout(config["dropout"])

    def forward(self, tokens, lengths):
        """Sources [B, S, M], standardised, of which the first `lengths` [B] positions count → m[s] [B, S, M], and `given` [B, M], what the
        last layer puts out when it has read all of the source, from both ends where it reads both ways"""
        m = tokens
        for layer in self.layers:
            m = self.dropout(layer.read(m, lengths))
        given = m[torch.arange(len(m), device=m.device), lengths - 1]
        if len(self.layers) > 0 and isinstance(self.layers[-1], BothWays):
            half = self.outputs // 2
            given = torch.cat([given[:, :half], m[:, 0, half:]], -1)
        return m, given

    def weights(self):
        """The parameters by their names in model.safetensors."""
        weights = {}
        for number, layer in enumerate(self.layers):
            for name, parameter in layer.weights().items():
                weights[f"encoder.layers.{number}.{name}"] = parameter
        return weights


class Network(nn.Module):
    """An encoder, and a decoder that predicts each token of the target from those before (Sutskever et al. 2014)."""

    def __init__(self, config, sources, tokens):
        """config: `model` of config.json; sources: the number of different tokens of sources; tokens: that of targets, V"""
        super().__init__()
        self.encoder = Encoder(config, sources, tokens)
        self.tokens = tokens
        width = config["embedding"] or tokens
        self.embedding = nn.Embedding(tokens, width) if config["embedding"] else None
        self.layers = nn.ModuleList()
        for layer in config["layers"]:
            cell = cells[layer["cell"]]
            encoded = [self.encoder.outputs] if cell.reads_source else []
            self.layers.append(cell(width, layer["hidden"], tokens, *encoded))
            width = self.layers[-1].outputs
        # Each layer's output is dropped, not what it hands from step to step (Zaremba et al. 2014).
        self.dropout = nn.Dropout(config["dropout"])
        self.output = nn.Linear(width, tokens)
        nn.init.xavier_uniform_(self.output.weight)
        nn.init.zeros_(self.output.bias)
        if self.embedding is not None:
            nn.init.normal_(self.embedding.weight, 0, 0.1)

    def forward(self, sources, lengths, targets):
        """Sources [B, S], of which the first `lengths` [B] positions count, and targets so far [B, T] → the logits [B, T, V]"""
        return self.read(targets, self.begin(sources, lengths))[0]

    def begin(self, sources, lengths):
        """Reads sources [B, S] → the state before the first step: of each layer, its vectors"""
        m, given = self.encoder(sources, lengths)
        mask = (torch.arange(m.shape[1], device=m.device) < lengths[:, None]).unsqueeze(-1)
        return [
            layer.begin(given, m, mask) if layer.reads_source else layer.initial(len(m), m.device)
            for layer in self.layers
        ]

    def read(self, targets, state):
        """Reads targets [B, T] after `state` → the logits [B, T, V] and the state after them"""
        x = F.one_hot(targets, self.tokens).float() if self.embedding is None else self.embedding(targets)
        after = []
        for layer, before in zip(self.layers, state):
            outputs, end = layer(x, before)
            after.append(end)
            x = self.dropout(outputs)
        return self.output(x), after

    def weights(self):
        """The parameters by their names in model.safetensors."""
        weights = self.encoder.weights()
        if self.embedding is not None:
            weights["embedding"] = self.embedding.weight
        for number, layer in enumerate(self.layers):
            for name, parameter in layer.weights().items():
                weights[f"layers.{number}.{name}"] = parameter
        weights["output.W"] = self.output.weight
        weights["output.b"] = self.output.bias
        return weights

    @torch.no_grad()
    def load(self, tensors):
        """Takes the values of all parameters, by name. ValueError says which one does not fit."""
        for name, weight in self.weights().items():
            if name not in tensors:
                raise ValueError(f"{name} is missing")
            if tensors[name].shape != weight.shape:
                raise ValueError(f"{name} is {list(tensors[name].shape)} and should be {list(weight.shape)}")
            weight.copy_(tensors[name])
