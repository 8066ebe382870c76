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
# --- network
class Network(nn.Module):
    def __init__(self, config, tokens, classes):
        """config: `model` of config.json; tokens: the number of different ones; classes: the number of outputs, V"""
        super().__init__()
        self.tokens, self.classes = tokens, classes
        width = config["embedding"] or tokens
        self.embedding = nn.Embedding(tokens, width) if config["embedding"] else None
        self.layers = nn.ModuleList()
        for layer in config["layers"]:
            cell, hidden = cells[layer["cell"]], layer["hidden"]
            both = layer.get("bidirectional")
            self.layers.append(BothWays(cell, width, hidden, classes) if both else cell(width, hidden, classes))
            width = self.layers[-1].outputs
        # Each layer's output is dropped, not what it hands from step to step (Zaremba et al. 2014).
        self.dropout = nn.Dropout(config["dropout"])
        self.output = nn.Linear(width, classes)
        nn.init.xavier_uniform_(self.output.weight)
        nn.init.zeros_(self.output.bias)
        if self.embedding is not None:
            nn.init.normal_(self.embedding.weight, 0, 0.1)

    # forward
# --- sequence
    def forward(self, tokens, lengths):
        """Rows of tokens [B, T], of which the first `lengths` [B] steps count → the logits after each step [B, T, V]"""
        x = F.one_hot(tokens, self.tokens).float() if self.embedding is None else self.embedding(tokens)
        for layer in self.layers:
            x = self.dropout(layer.read(x, lengths))
        # pool
        return self.output(x)
# --- feedback
    def forward(self, tokens, lengths):
        """Rows of tokens [B, T], of which the first `lengths` [B] steps count → the logits after each step [B, T, V]

        They are read step by step: a cell reads the outputs of the steps before.
        """
        window = F.one_hot(tokens, self.tokens).float() if self.embedding is None else self.embedding(tokens)
        states = [layer.initial(len(tokens), tokens.device) for layer in self.layers]
        ys = (torch.zeros(len(tokens), self.classes, device=tokens.device),) * LAGS
        logits = []
        for x in window.unbind(1):
            for number, layer in enumerate(self.layers):
                x, states[number] = layer.step(x, ys, states[number])
                x = self.dropout(x)
            logits.append(self.output(x))
            ys = (torch.softmax(logits[-1].float(), -1), *ys[:-1])
        return torch.stack(logits, 1)
