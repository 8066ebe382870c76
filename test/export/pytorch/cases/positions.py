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


def norm(v):
    """Layer normalisation without gain and bias (Ba et al. 2016)."""
    return F.layer_norm(v, v.shape[-1:])


def softmax_over_s(e, mask):
    """Softmax over the positions of the source [B, S, N]; padding, where the mask [B, S, 1] is False, has the weight 0."""
    return torch.softmax(e.masked_fill(~mask, float("-inf")), 1)


def sum_over_s(v, mask):
    """The sum over the positions of the source [B, S, N], without padding."""
    return torch.sum(v.masked_fill(~mask, 0), 1)


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


# What a decoder can say of positions.
class Positions(Layer):
    reads_source = True

    def __init__(self, inputs, hidden, tokens, encoded):
        super().__init__()
        self.hidden = hidden
        self.encoded = encoded
        self.outputs = hidden
        self.Q = nn.Parameter(nn.init.xavier_uniform_(torch.empty(hidden, hidden)))  # [H, H]
        self.K = nn.Parameter(nn.init.xavier_uniform_(torch.empty(hidden, encoded)))  # [H, M]
        self.J = nn.Parameter(nn.init.xavier_uniform_(torch.empty(hidden, encoded)))  # [H, M]
        self.D = nn.Parameter(nn.init.xavier_uniform_(torch.empty(hidden, encoded)))  # [H, M]
        self.W = nn.Parameter(nn.init.xavier_uniform_(torch.empty(hidden, inputs)))  # [H, X]
        self.U = nn.Parameter(nn.init.xavier_uniform_(torch.empty(hidden, hidden)))  # [H, H]
        self.V = nn.Parameter(nn.init.xavier_uniform_(torch.empty(hidden, encoded)))  # [H, M]
        self.E = nn.Parameter(nn.init.xavier_uniform_(torch.empty(hidden, encoded)))  # [H, M]
        self.A = nn.Parameter(nn.init.xavier_uniform_(torch.empty(3, encoded)))  # [3, M]
        self.b = nn.Parameter(torch.zeros(hidden))  # [H]
        self.f = nn.Parameter(torch.zeros(hidden))  # [H]
        self.p = nn.Parameter(torch.zeros(hidden))  # [H]
        self.g = nn.Parameter(torch.zeros(encoded))  # [M]
        self.d = nn.Parameter(torch.zeros(3))  # [3]

    def begin(self, given, m, mask):
        """What the steps read, of the encoder's end [B, M], its outputs m[s] [B, S, M] and their mask [B, S, 1]:
        h[0] [B, H], given [B, M], m[s] [B, S, M], mask [B, S, 1], k[s] [B, S, H], D_s [B, S, H], E_s [B, H]."""
        scale = 0.5
        k0 = 2
        k = torch.relu(F.linear(m, self.K)) + norm(F.linear(m, self.J) + scale * self.f)  # [B, S, H] offered, once for a source
        D_s = F.linear(m + self.g, self.D)  # [B, S, H]
        E_s = F.linear(k0 * given, self.E)  # [B, H]
        # h[0]: of the first units
        return (
            F.pad((torch.tanh(scale * F.linear(given, self.A) + self.d)).expand(len(given), 3)[:, :min(3, self.hidden)], (0, self.hidden - min(3, self.hidden))),
            given,
            m,
            mask,
            k,
            D_s,
            E_s,
        )

    def step(self, x, state):
        """One step: x [B, X] and the state before it → h[t] and the state after it."""
        (h_prev, given, m, mask, k, D_s, E_s) = state  # h[t-1] [B, H], given [B, M], m[s] [B, S, M], mask [B, S, 1], k[s] [B, S, H], D_s [B, S, H], E_s [B, H]
        scale = 0.5
        q = torch.tanh(F.linear(h_prev, self.Q) + self.b)  # [B, H] asked for
        # The score, in two ways.
        e = torch.sum((scale * q)[:, None] * k, -1, keepdim=True) - torch.maximum(torch.abs(torch.sum(k * self.p, -1, keepdim=True)), torch.sum(q * self.p, -1, keepdim=True)[:, None])  # [B, S, 1]
        a = softmax_over_s(e - 0.01 * torch.sum(m, -1, keepdim=True), mask)  # [B, S, 1]
        c = sum_over_s(a * m, mask) + scale * given  # [B, M]
        n = scale * sum_over_s(torch.tanh(D_s), mask)  # [B, H]
        h = torch.tanh(F.linear(x, self.W) + F.linear(h_prev, self.U) + F.linear(c, self.V) + E_s + n)  # [B, H]
        return h, (h, given, m, mask, k, D_s, E_s)


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


cells = {"Positions": Positions}


class Encoder(nn.Module):
    """Reads the source. Without layers it hands on embeddings, such as that of a category."""

    def __init__(self, config, tokens, classes):
        super().__init__()
        self.tokens = tokens
        width = config["embedding"] or tokens
        self.embedding = nn.Embedding(tokens, width) if config["embedding"] else None
        self.layers = nn.ModuleList()
        for layer in config["encoder"]:
            cell, hidden = cells[layer["cell"]], layer["hidden"]
            both = layer.get("bidirectional")
            self.layers.append(BothWays(cell, width, hidden, classes) if both else cell(width, hidden, classes))
            width = self.layers[-1].outputs
        self.outputs = width
        self.dropout = nn.Dropout(config["dropout"])
        if self.embedding is not None:
            nn.init.normal_(self.embedding.weight, 0, 0.1)

    def forward(self, tokens, lengths):
        """Sources [B, S], of which the first `lengths` [B] positions count → m[s] [B, S, M], and `given` [B, M], what the
        last layer puts out when it has read all of the source, from both ends where it reads both ways"""
        m = F.one_hot(tokens, self.tokens).float() if self.embedding is None else self.embedding(tokens)
        for layer in self.layers:
            m = self.dropout(layer.read(m, lengths))
        given = m[torch.arange(len(m), device=m.device), lengths - 1]
        if len(self.layers) > 0 and isinstance(self.layers[-1], BothWays):
            half = self.outputs // 2
            given = torch.cat([given[:, :half], m[:, 0, half:]], -1)
        return m, given

    def weights(self):
        """The parameters by their names in model.safetensors."""
        weights = {} if self.embedding is None else {"encoder.embedding": self.embedding.weight}
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
