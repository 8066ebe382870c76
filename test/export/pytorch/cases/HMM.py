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


# Baum & Petrie 1966, Statistical inference for probabilistic functions of finite state Markov chains. Rabiner 1989,
# A tutorial on hidden Markov models. Proceedings of the IEEE 77(2). A unit is a hidden state; what is trained is the
# likelihood. The forward algorithm: p[t] is the posterior over hidden states, after what has been read.
class HMM(Layer):
    def __init__(self, inputs, hidden, tokens):
        super().__init__()
        self.hidden = hidden
        self.tokens = tokens
        self.outputs = tokens
        self.T = nn.Parameter(nn.init.normal_(torch.empty(hidden, hidden), 0, 1))  # [H, H]
        self.E = nn.Parameter(nn.init.normal_(torch.empty(tokens, hidden), 0, 1))  # [V, H]

    def initial(self, batch, device):
        """The state before the first step: p[0] [B, H]."""
        return (torch.full((batch, self.hidden), 1.0, device=device),)

    def step(self, x, state):
        """One step: x [B, X] and the state before it → y[t] and the state after it."""
        (p_prev,) = state  # p[t-1] [B, H]
        q = F.linear(p_prev, torch.softmax(self.T, 0))  # [B, H] where the chain is before it is known what it emits
        a = q * (F.linear(x, torch.softmax(self.E, 0).T))  # [B, H] together with how probable what it emits is in each state
        p = a / (torch.sum(a, -1, keepdim=True) + 1e-30)  # [B, H]
        y = F.linear(F.linear(p, torch.softmax(self.T, 0)), torch.softmax(self.E, 0))  # [B, V]
        return y, (p,)


cells = {"HMM": HMM}


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
        if self.embedding is not None:
            nn.init.normal_(self.embedding.weight, 0, 0.1)

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
            x = outputs if layer is self.layers[-1] else self.dropout(outputs)
        return torch.log(torch.clamp(x, min=1e-30)), carried

    def weights(self):
        """The parameters by their names in model.safetensors."""
        weights = {} if self.embedding is None else {"embedding": self.embedding.weight}
        for number, layer in enumerate(self.layers):
            for name, parameter in layer.weights().items():
                weights[f"layers.{number}.{name}"] = parameter
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
