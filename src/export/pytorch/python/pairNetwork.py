def softmax_over_s(e, mask):
    """Softmax over the positions of the source [B, S, N]; padding, where the mask [B, S, 1] is False, has the weight 0."""
    return torch.softmax(e.masked_fill(~mask, float("-inf")), 1)


# --- sum
def sum_over_s(v, mask):
    """The sum over the positions of the source [B, S, N], without padding."""
    return torch.sum(v.masked_fill(~mask, 0), 1)


# --- encoder
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


# --- network
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

    # read
# --- sequence
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
# --- feedback
    def begin(self, sources, lengths):
        """Reads sources [B, S] → the state before the first step: of each layer, its vectors; and the outputs before it"""
        m, given = self.encoder(sources, lengths)
        mask = (torch.arange(m.shape[1], device=m.device) < lengths[:, None]).unsqueeze(-1)
        states = [
            layer.begin(given, m, mask) if layer.reads_source else layer.initial(len(m), m.device)
            for layer in self.layers
        ]
        return states, [torch.zeros(len(m), self.tokens, device=m.device) for _ in range(LAGS)]

    def read(self, targets, state):
        """Reads targets [B, T] after `state` → the logits [B, T, V] and the state after them

        They are read step by step: a cell reads the outputs of the steps before.
        """
        window = F.one_hot(targets, self.tokens).float() if self.embedding is None else self.embedding(targets)
        states, ys = state
        logits = []
        for x in window.unbind(1):
            after = []
            for layer, before in zip(self.layers, states):
                if layer.reads_outputs:
                    x, end = layer.step(x, ys, before)
                else:
                    x, end = layer(x[:, None], before)
                    x = x[:, 0]
                after.append(end)
                x = self.dropout(x)
            states = after
            logits.append(self.output(x))
            ys = [torch.softmax(logits[-1].float(), -1), *ys[:-1]]
        return torch.stack(logits, 1), (states, ys)
