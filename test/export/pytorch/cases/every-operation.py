"""The network: an embedding or one-hot vectors, layers, and an output layer.

Generated from the equations in cells.rnn. config.json says how many layers there are, and how wide they are. Shapes:
B streams, T steps, X inputs of a layer, H hidden units, V tokens of the vocabulary.
"""
import torch
import torch.nn.functional as F
from torch import nn

# Whether a parameter may have no gradient in a window, which DistributedDataParallel must know.
SOME_UNUSED = False


def norm(v):
    """Layer normalisation without gain and bias (Ba et al. 2016)."""
    return F.layer_norm(v, v.shape[-1:])


def sparse(rows, columns, density, radius=None):
    """A matrix of which a share is not 0; with a radius, scaled to that spectral radius (Jaeger 2001)."""
    count = max(1, round(rows * columns * density))
    for _ in range(100):
        W = torch.zeros(rows * columns)
        W[torch.randperm(rows * columns)[:count]] = 2 * torch.rand(count) - 1
        W = W.reshape(rows, columns)
        if radius is None:
            return W
        found = torch.linalg.eigvals(W).abs().max()
        # A matrix with few entries may be nilpotent, with the spectral radius 0; then another one is drawn.
        if found > 1e-3 * W.abs().max():
            return W * (radius / found)
    return torch.diag(torch.tensor([radius] + [0.0] * (rows - 1)))


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


# A cell that uses every operation of the language.
# it means nothing
class Every(Layer):
    names = {"U1": "U₁", "half_": "half", "h_0": "h[0]"}  # in model.safetensors

    def __init__(self, inputs, hidden, tokens):
        super().__init__()
        self.hidden = hidden
        self.outputs = hidden
        self.W_a = nn.Parameter(nn.init.xavier_uniform_(torch.empty(hidden, inputs)))  # [H, X]
        self.V = nn.Parameter(nn.init.xavier_uniform_(torch.empty(3, inputs)))  # [3, X]
        self.A = nn.Parameter(torch.eye(hidden, hidden), requires_grad=False)  # [H, H]
        self.W = nn.Parameter(nn.init.xavier_uniform_(torch.empty(hidden, 3)))  # [H, 3]
        self.U = nn.Parameter(nn.init.orthogonal_(torch.empty(hidden, hidden)))  # [H, H]
        self.T = nn.Parameter(nn.init.orthogonal_(torch.empty(hidden, hidden)))  # [H, H]
        self.U1 = nn.Parameter(sparse(hidden, hidden, 0.2, 0.8), requires_grad=False)  # [H, H]
        self.b_a = nn.Parameter(torch.zeros(hidden))  # [H]
        self.r = nn.Parameter(torch.zeros(hidden))  # [H]
        self.half_ = nn.Parameter(torch.zeros(hidden))  # [H]
        self.b = nn.Parameter(torch.full((hidden,), 0.5))  # [H] half
        self.h_0 = nn.Parameter(torch.full((min(4, hidden),), 0.2))  # h[0], learned only some units

    def initial(self, batch, device):
        """The state before the first step: h[0] [B, H], m[0] [B, H]."""
        return (
            F.pad(self.h_0, (0, self.hidden - min(4, self.hidden))).expand(batch, -1),
            F.pad(self.h_0, (0, self.hidden - min(4, self.hidden))).expand(batch, -1),
            F.pad(self.h_0, (0, self.hidden - min(4, self.hidden))).expand(batch, -1),
            F.pad(torch.full((batch, min(2, self.hidden)), 1.0, device=device), (0, self.hidden - min(2, self.hidden))),
        )

    def step(self, x, state):
        """One step: x [B, X] and the state before it → h[t] and the state after it."""
        (h_prev, h_prev2, h_prev3, m_prev) = state  # h[t-1] [B, H], h[t-2] [B, H], h[t-3] [B, H], m[t-1] [B, H]
        leak = 0.3  # of the units
        keep = 1 - leak
        # A comment on a line of its own.
        a = torch.softmax(F.linear(x, self.W_a) + self.b_a, -1)  # [B, H]
        p = F.linear(x, self.V)  # [B, 3]
        q_prime = (torch.exp(self.r) / 2 + torch.clamp(self.r, max=0.3) - F.linear(self.r, self.A)).expand(x.shape[0], self.hidden)  # [B, H]
        β = (torch.sigmoid(-self.half_) ** 2).expand(x.shape[0], self.hidden)  # [B, H]
        lambda_ = torch.full((x.shape[0], self.hidden), 0.5, device=x.device)  # [B, H]
        c̃ = torch.sqrt(torch.abs(a)) * torch.clamp(β, min=-1) + torch.minimum(a, β) * lambda_  # [B, H]
        h = torch.clamp(norm(F.linear(p, self.W) + F.linear(h_prev, self.U) + F.linear(h_prev3, self.T)) * q_prime + h_prev2 ** 2, -2, 2) + keep * c̃ - torch.log(2 + torch.relu(self.b)) / 7.5 + m_prev  # [B, H]
        m = torch.tanh(F.linear(h, self.U1)) * 0.36787944117144233  # [B, H] kept for the next step
        return h, (h, h_prev, h_prev2, m)


cells = {"Every": Every}


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
        """The state before the first step: of each layer, its vectors."""
        return [layer.initial(batch, device) for layer in self.layers]

    def forward(self, tokens, state, reset=None, carry=None):
        """Reads a window of tokens [B, T] after `state`.

        reset [B]: the streams that begin at h[0] instead. carry: the step after which the next window begins.
        → the logits [B, T, V], and the state after `carry` steps, or after all
        """
        if reset is not None:
            begun = self.initial(len(tokens), tokens.device)
            state = [tuple(torch.where(reset[:, None], a, b) for a, b in zip(*pair)) for pair in zip(begun, state)]
        x = F.one_hot(tokens, self.tokens).float() if self.embedding is None else self.embedding(tokens)
        steps = tokens.shape[1]
        carry = steps if carry is None else carry
        carried = []
        for layer, before in zip(self.layers, state):
            outputs, after = layer(x[:, :carry], before)
            carried.append(after)
            if carry < steps:
                outputs = torch.cat([outputs, layer(x[:, carry:], after)[0]], 1)
            x = self.dropout(outputs)
        return self.output(x), carried

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
