class Network(nn.Module):
    def __init__(self, config, columns, numbers):
        """config: `model` of config.json; columns: those that are read, X; numbers: those that are predicted, V"""
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

    # forward
