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


cells = {"Jordan": Jordan}


class Network(nn.Module):
    def __init__(self, config, columns, numbers):
        """config: `model` of config.json; columns: those that are read at a step, X; numbers: those that are predicted, V"""
        super().__init__()
        self.numbers = numbers
        width = columns
        self.layers = nn.ModuleList()
        for layer in config["layers"]:
            self.layers.append(cells[layer["cell"]](width, layer["hidden"], numbers))
            width = self.layers[-1].outputs
        # Each layer's output is dropped, not what it hands from step to step (Zaremba et al. 2014).
        self.dropout = nn.Dropout(config["dropout"])
        self.output = nn.Linear(width, 2 * numbers)
        nn.init.xavier_uniform_(self.output.weight)
        nn.init.zeros_(self.output.bias)

    def forward(self, steps, lengths):
        """Rows of numbers [B, T, X], standardised, of which the first `lengths` [B] steps count → the
        means, and the logarithms of the deviations, after each step [B, T, 2 V]

        They are read step by step: a cell reads the outputs of the steps before.
        """
        window = steps
        states = [layer.initial(len(steps), steps.device) for layer in self.layers]
        ys = (torch.zeros(len(steps), self.numbers, device=steps.device),) * 1
        moments = []
        for x in window.unbind(1):
            for number, layer in enumerate(self.layers):
                x, states[number] = layer.step(x, ys, states[number])
                x = self.dropout(x)
            moments.append(self.output(x))
            ys = (moments[-1].chunk(2, -1)[0].float(), *ys[:-1])
        return torch.stack(moments, 1)

    def weights(self):
        """The parameters by their names in model.safetensors."""
        weights = {}
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
