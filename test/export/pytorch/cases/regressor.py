"""The network: an embedding or one-hot vectors, layers, and an output layer.

Generated from the equations in cells.rnn. config.json says how many layers there are, and how wide they are. Shapes:
B streams, T steps, X inputs of a layer, H hidden units, V tokens of the vocabulary.
"""
import torch
import torch.nn.functional as F
from torch import nn

# Whether a parameter may have no gradient in a window, which DistributedDataParallel must know.
SOME_UNUSED = False


class Layer(nn.Module):
    """The equations of one cell."""

    names = {}  # the names in model.safetensors of parameters whose names Python does not allow

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


# Cho et al. 2014, Learning phrase representations using RNN encoder-decoder. EMNLP.
class GRU(Layer):
    def __init__(self, inputs, hidden, tokens):
        super().__init__()
        self.hidden = hidden
        self.outputs = hidden
        self.W_z = nn.Parameter(nn.init.xavier_uniform_(torch.empty(hidden, inputs)))  # [H, X]
        self.U_z = nn.Parameter(nn.init.xavier_uniform_(torch.empty(hidden, hidden)))  # [H, H]
        self.W_r = nn.Parameter(nn.init.xavier_uniform_(torch.empty(hidden, inputs)))  # [H, X]
        self.U_r = nn.Parameter(nn.init.xavier_uniform_(torch.empty(hidden, hidden)))  # [H, H]
        self.W_g = nn.Parameter(nn.init.xavier_uniform_(torch.empty(hidden, inputs)))  # [H, X]
        self.U_g = nn.Parameter(nn.init.xavier_uniform_(torch.empty(hidden, hidden)))  # [H, H]
        self.b_z = nn.Parameter(torch.zeros(hidden))  # [H]
        self.b_r = nn.Parameter(torch.zeros(hidden))  # [H]
        self.b_g = nn.Parameter(torch.zeros(hidden))  # [H]

    def initial(self, batch, device):
        """The state before the first step: h[0] [B, H]."""
        return (torch.zeros(batch, self.hidden, device=device),)

    def step(self, x, state):
        """One step: x [B, X] and the state before it → h[t] and the state after it."""
        (h_prev,) = state  # h[t-1] [B, H]
        z = torch.sigmoid(F.linear(x, self.W_z) + F.linear(h_prev, self.U_z) + self.b_z)  # [B, H] how much of the state to keep
        r = torch.sigmoid(F.linear(x, self.W_r) + F.linear(h_prev, self.U_r) + self.b_r)  # [B, H] how much of it the candidate sees
        g = torch.tanh(F.linear(x, self.W_g) + F.linear(r * h_prev, self.U_g) + self.b_g)  # [B, H] the candidate
        h = z * h_prev + (1 - z) * g  # [B, H]
        return h, (h,)


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


cells = {"GRU": GRU}


class Network(nn.Module):
    def __init__(self, config, tokens, numbers):
        """config: `model` of config.json; tokens: the number of different ones; numbers: those that are predicted, V"""
        super().__init__()
        self.tokens, self.numbers = tokens, numbers
        width = config["embedding"] or tokens
        self.embedding = nn.Embedding(tokens, width) if config["embedding"] else None
        self.layers = nn.ModuleList()
        for layer in config["layers"]:
            cell, hidden = cells[layer["cell"]], layer["hidden"]
            both = layer.get("bidirectional")
            self.layers.append(BothWays(cell, width, hidden, numbers) if both else cell(width, hidden, numbers))
            width = self.layers[-1].outputs
        # Each layer's output is dropped, not what it hands from step to step (Zaremba et al. 2014).
        self.dropout = nn.Dropout(config["dropout"])
        self.output = nn.Linear(width, 2 * numbers)
        nn.init.xavier_uniform_(self.output.weight)
        nn.init.zeros_(self.output.bias)
        if self.embedding is not None:
            nn.init.normal_(self.embedding.weight, 0, 0.1)

    def forward(self, tokens, lengths):
        """Rows of tokens [B, T], of which the first `lengths` [B] steps count → the
        means, and the logarithms of the deviations, after each step [B, T, 2 V]"""
        x = F.one_hot(tokens, self.tokens).float() if self.embedding is None else self.embedding(tokens)
        for layer in self.layers:
            x = self.dropout(layer.read(x, lengths))
        x = torch.cummax(x, 1).values  # the largest value of each unit so far
        return self.output(x)

    def weights(self):
        """The parameters by their names in model.safetensors."""
        weights = {} if self.embedding is None else {"embedding": self.embedding.weight}
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
