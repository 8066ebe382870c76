def connections(rows, columns, count, radius=None):
    """A matrix of which so many entries of each row are Gaussian (Martens 2010), scaled to a spectral radius if given."""
    W = torch.zeros(rows, columns)
    for row in W:
        chosen = torch.randperm(columns)[:count]
        row[chosen] = torch.randn(len(chosen))
    return W if radius is None else W * (radius / torch.linalg.eigvals(W).abs().max())
