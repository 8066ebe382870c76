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


# Jordan 1986, Serial order: a parallel distributed processing approach. ICS Report 8604, UC San Diego.
# The context is what the network said at the step before: the probabilities of its output layer.
class Jordan(Layer):
    def __init__(self, inputs, hidden, tokens):
        super().__init__()
        self.hidden = hidden
        self.outputs = hidden
        self.W = nn.Parameter(nn.init.xavier_uniform_(torch.empty(hidden, inputs)))  # [H, X]
        self.U = nn.Parameter(nn.init.xavier_uniform_(torch.empty(hidden, tokens)))  # [H, V]
        self.b = nn.Parameter(torch.zeros(hidden))  # [H]

    def initial(self, batch, device):
        """There is no state."""
        return ()

    def step(self, x, y, state):
        """One step: x [B, X], the outputs y[t-1], y[t-2], … [B, V] and the state before it → h[t] and the state after it."""
        y_prev = y[0]  # [B, V], the probabilities 1 step before
        h = torch.sigmoid(F.linear(x, self.W) + F.linear(y_prev, self.U) + self.b)  # [B, H]
        return h, ()


# Hochreiter & Schmidhuber 1997, Long short-term memory. Neural Computation 9(8).
# Forget gate: Gers, Schmidhuber & Cummins 2000, Learning to forget. Neural Computation 12(10).
class LSTM(Layer):
    def __init__(self, inputs, hidden, tokens):
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
        self.b_f = nn.Parameter(torch.full((hidden,), 1.0))  # [H]
        self.b_i = nn.Parameter(torch.zeros(hidden))  # [H]
        self.b_o = nn.Parameter(torch.zeros(hidden))  # [H]
        self.b_g = nn.Parameter(torch.zeros(hidden))  # [H]

    def initial(self, batch, device):
        """The state before the first step: c[0] [B, H], h[0] [B, H]."""
        return (torch.zeros(batch, self.hidden, device=device), torch.zeros(batch, self.hidden, device=device))

    def step(self, x, y, state):
        """One step: x [B, X], the outputs y[t-1], y[t-2], … [B, V] and the state before it → h[t] and the state after it."""
        (c_prev, h_prev) = state  # c[t-1] [B, H], h[t-1] [B, H]
        f = torch.sigmoid(F.linear(x, self.W_f) + F.linear(h_prev, self.U_f) + self.b_f)  # [B, H] how much of the memory to keep
        i = torch.sigmoid(F.linear(x, self.W_i) + F.linear(h_prev, self.U_i) + self.b_i)  # [B, H] how much of the candidate to write
        o = torch.sigmoid(F.linear(x, self.W_o) + F.linear(h_prev, self.U_o) + self.b_o)  # [B, H] how much of the memory to show
        g = torch.tanh(F.linear(x, self.W_g) + F.linear(h_prev, self.U_g) + self.b_g)  # [B, H] the candidate
        c = f * c_prev + i * g  # [B, H]
        h = o * torch.tanh(c)  # [B, H]
        return h, (c, h)


cells = {"Jordan": Jordan, "LSTM": LSTM}


class Network(nn.Module):
    def __init__(self, config, tokens):
        """config: `model` of config.json; tokens: the size of the vocabulary, V"""
        super().__init__()
        self.tokens = tokens
        width = config["embedding"] or tokens
        self.embedding = nn.Embedding(tokens, width) if config["embedding"] else None
        self.layers = nn.ModuleList()
        for layer in config["layers"]:
            self.layers.append(cells[layer["cell"]](width, layer["hidden"], tokens))
            width = self.layers[-1].outputs
        # Each layer's output is dropped, not what it hands from step to step (Zaremba et al. 2014).
        self.dropout = nn.Dropout(config["dropout"])
        self.output = nn.Linear(width, tokens)
        nn.init.xavier_uniform_(self.output.weight)
        nn.init.zeros_(self.output.bias)
        if self.embedding is not None:
            nn.init.normal_(self.embedding.weight, 0, 0.1)
        self.tied = config["tied"]
        if self.tied:  # Press & Wolf 2017
            self.output.weight = self.embedding.weight

    def initial(self, batch, device):
        """The state before the first step: of each layer, its vectors, then the outputs y[0], which are 0."""
        zeros = torch.zeros(batch, self.tokens, device=device)
        return [layer.initial(batch, device) for layer in self.layers] + [(zeros,) * 1]

    def forward(self, tokens, state, reset=None, carry=None):
        """Reads a window of tokens [B, T] after `state`, step by step: a cell reads the output of the step before.

        reset [B]: the streams that begin at h[0] instead. carry: the step after which the next window begins.
        → the logits [B, T, V], and the state after `carry` steps, or after all
        """
        if reset is not None:
            begun = self.initial(len(tokens), tokens.device)
            state = [tuple(torch.where(reset[:, None], a, b) for a, b in zip(*pair)) for pair in zip(begun, state)]
        window = F.one_hot(tokens, self.tokens).float() if self.embedding is None else self.embedding(tokens)
        logits = []
        carried = state
        for t, x in enumerate(window.unbind(1), 1):
            *befores, ys = state
            state = []
            for layer, before in zip(self.layers, befores):
                x, after = layer.step(x, ys, before)
                state.append(after)
                x = self.dropout(x)
            logits.append(self.output(x))
            y = torch.softmax(logits[-1].float(), -1)
            state.append((y, *ys[:-1]))
            if t == carry or (carry is None and t == len(window[0])):
                carried = state
        return torch.stack(logits, 1), carried

    def weights(self):
        """The parameters by their names in model.safetensors."""
        weights = {} if self.embedding is None else {"embedding": self.embedding.weight}
        for number, layer in enumerate(self.layers):
            for name, parameter in layer.weights().items():
                weights[f"layers.{number}.{name}"] = parameter
        if not self.tied:
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
