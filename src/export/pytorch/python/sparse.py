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
