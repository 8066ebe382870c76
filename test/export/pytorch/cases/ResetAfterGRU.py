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


# Cho et al. 2014, in the form of cuDNN, PyTorch and Keras: the reset gate comes after the product, beside which there
# is a second bias. A model of torch.nn.GRU has these equations.
class ResetAfterGRU(Layer):
    # The equations are those of torch.nn.GRU:
    #   r[t] = σ(W_r x[t] + U_r h[t-1] + b_r)                    # how much of the state the candidate sees
    #   z[t] = σ(W_z x[t] + U_z h[t-1] + b_z)                    # how much of the state to keep
    #   g[t] = tanh(W_g x[t] + b_g + r[t] * (U_g h[t-1] + d_g))  # the candidate
    #   h[t] = z[t] * h[t-1] + (1 - z[t]) * g[t]
    def __init__(self, inputs, hidden, tokens):
        super().__init__()
        self.outputs = self.hidden = hidden
        self.module = nn.GRU(inputs, hidden, batch_first=True)
        # torch has a second bias for r and z too, which would only repeat the first: it stays 0.
        nn.init.zeros_(self.module.bias_hh_l0)
        trained = torch.arange(3 * hidden) >= 2 * hidden
        self.module.bias_hh_l0.register_hook(lambda slope: slope * trained.to(slope.device))
        self.fill({
            "W_r": nn.init.xavier_uniform_(torch.empty(hidden, inputs)),  # [H, X]
            "U_r": nn.init.xavier_uniform_(torch.empty(hidden, hidden)),  # [H, H]
            "W_z": nn.init.xavier_uniform_(torch.empty(hidden, inputs)),  # [H, X]
            "U_z": nn.init.xavier_uniform_(torch.empty(hidden, hidden)),  # [H, H]
            "W_g": nn.init.xavier_uniform_(torch.empty(hidden, inputs)),  # [H, X]
            "U_g": nn.init.xavier_uniform_(torch.empty(hidden, hidden)),  # [H, H]
            "b_r": torch.zeros(hidden),  # [H]
            "b_z": torch.zeros(hidden),  # [H]
            "b_g": torch.zeros(hidden),  # [H]
            "d_g": torch.zeros(hidden),  # [H]
        })

    def weights(self):
        """The parameters of the equations, which torch stacks in the order r, z, n."""
        W_r, W_z, W_g = self.module.weight_ih_l0.chunk(3)
        U_r, U_z, U_g = self.module.weight_hh_l0.chunk(3)
        b_r, b_z, b_g = self.module.bias_ih_l0.chunk(3)
        _, _, d_g = self.module.bias_hh_l0.chunk(3)
        return {
            "W_r": W_r,
            "U_r": U_r,
            "W_z": W_z,
            "U_z": U_z,
            "W_g": W_g,
            "U_g": U_g,
            "b_r": b_r,
            "b_z": b_z,
            "b_g": b_g,
            "d_g": d_g,
        }

    def initial(self, batch, device):
        """The state before the first step: h[0] [B, H]."""
        return (torch.zeros(batch, self.hidden, device=device),)

    def forward(self, x, state):
        (h,) = state
        outputs, h = self.module(x, h[None].contiguous())
        return outputs, (h[0],)


cells = {"ResetAfterGRU": ResetAfterGRU}


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
