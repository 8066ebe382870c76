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


# Hochreiter & Schmidhuber 1997, Long short-term memory. Neural Computation 9(8).
# Forget gate: Gers, Schmidhuber & Cummins 2000, Learning to forget. Neural Computation 12(10).
class LSTM(Layer):
    # The equations are those of torch.nn.LSTM:
    #   f[t] = σ(W_f x[t] + U_f h[t-1] + b_f)     # how much of the memory to keep
    #   i[t] = σ(W_i x[t] + U_i h[t-1] + b_i)     # how much of the candidate to write
    #   o[t] = σ(W_o x[t] + U_o h[t-1] + b_o)     # how much of the memory to show
    #   g[t] = tanh(W_g x[t] + U_g h[t-1] + b_g)  # the candidate
    #   c[t] = f[t] * c[t-1] + i[t] * g[t]
    #   h[t] = o[t] * tanh(c[t])
    #   init b_f = 1
    def __init__(self, inputs, hidden, tokens):
        super().__init__()
        self.outputs = self.hidden = hidden
        self.module = nn.LSTM(inputs, hidden, batch_first=True)
        # torch adds a second bias, which would only repeat the first: it stays 0.
        nn.init.zeros_(self.module.bias_hh_l0)
        self.module.bias_hh_l0.requires_grad = False
        self.fill({
            "W_f": nn.init.xavier_uniform_(torch.empty(hidden, inputs)),  # [H, X]
            "U_f": nn.init.xavier_uniform_(torch.empty(hidden, hidden)),  # [H, H]
            "W_i": nn.init.xavier_uniform_(torch.empty(hidden, inputs)),  # [H, X]
            "U_i": nn.init.xavier_uniform_(torch.empty(hidden, hidden)),  # [H, H]
            "W_o": nn.init.xavier_uniform_(torch.empty(hidden, inputs)),  # [H, X]
            "U_o": nn.init.xavier_uniform_(torch.empty(hidden, hidden)),  # [H, H]
            "W_g": nn.init.xavier_uniform_(torch.empty(hidden, inputs)),  # [H, X]
            "U_g": nn.init.xavier_uniform_(torch.empty(hidden, hidden)),  # [H, H]
            "b_f": torch.full((hidden,), 1.0),  # [H]
            "b_i": torch.zeros(hidden),  # [H]
            "b_o": torch.zeros(hidden),  # [H]
            "b_g": torch.zeros(hidden),  # [H]
        })

    def weights(self):
        """The parameters of the equations, which torch stacks in the order i, f, g, o."""
        W_i, W_f, W_g, W_o = self.module.weight_ih_l0.chunk(4)
        U_i, U_f, U_g, U_o = self.module.weight_hh_l0.chunk(4)
        b_i, b_f, b_g, b_o = self.module.bias_ih_l0.chunk(4)
        return {
            "W_f": W_f,
            "U_f": U_f,
            "W_i": W_i,
            "U_i": U_i,
            "W_o": W_o,
            "U_o": U_o,
            "W_g": W_g,
            "U_g": U_g,
            "b_f": b_f,
            "b_i": b_i,
            "b_o": b_o,
            "b_g": b_g,
        }

    def initial(self, batch, device):
        """The state before the first step: c[0] [B, H], h[0] [B, H]."""
        return (torch.zeros(batch, self.hidden, device=device), torch.zeros(batch, self.hidden, device=device))

    def forward(self, x, state):
        (c, h) = state
        outputs, (h, c) = self.module(x, (h[None].contiguous(), c[None].contiguous()))
        return outputs, (c[0], h[0])


cells = {"LSTM": LSTM}


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
