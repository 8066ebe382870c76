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


# Earlier inputs, sums, trained numbers and transposes.
class Words(Layer):
    def __init__(self, inputs, hidden, tokens):
        super().__init__()
        self.inputs = inputs
        self.hidden = hidden
        self.outputs = hidden
        self.W = nn.Parameter(nn.init.xavier_uniform_(torch.empty(hidden, inputs)))  # [H, X]
        self.U = nn.Parameter(nn.init.xavier_uniform_(torch.empty(hidden, hidden)))  # [H, H]
        self.V = nn.Parameter(nn.init.xavier_uniform_(torch.empty(hidden, inputs)))  # [H, X]
        self.a = nn.Parameter(torch.zeros(1))  # [1]
        self.b = nn.Parameter(torch.zeros(hidden))  # [H]

    def initial(self, batch, device):
        """The state before the first step: x[0] [B, X], n[0] [B, 1], h[0] [B, H]."""
        return (
            torch.zeros(batch, self.inputs, device=device),
            torch.zeros(batch, self.inputs, device=device),
            torch.zeros(batch, 1, device=device),
            torch.zeros(batch, self.hidden, device=device),
        )

    def step(self, x, state):
        """One step: x [B, X] and the state before it → q[t] and the state after it."""
        (x_prev, x_prev2, n_prev, h_prev) = state  # x[t-1] [B, X], x[t-2] [B, X], n[t-1] [B, 1], h[t-1] [B, H]
        n = 0.5 * n_prev + torch.sum(torch.sin(F.linear(x, self.W)), -1, keepdim=True)  # [B, 1] one unit
        p = F.linear(h_prev, self.U.T) + self.b * n + self.a  # [B, H]
        s = self.a * n_prev  # [B, 1]
        h = torch.cos(F.linear(p, self.U) + F.linear(x_prev, self.V) + F.linear(x_prev2, self.V)) * torch.sum(self.b, -1, keepdim=True) + s  # [B, H]
        q = (torch.sum(h, -1, keepdim=True)).expand(x.shape[0], self.hidden)  # [B, H]
        return q, (x, x_prev, n, h)


cells = {"Words": Words}


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
