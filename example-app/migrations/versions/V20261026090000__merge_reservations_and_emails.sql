--! parents = [20261019093000, 20261021154600]

-- Joins its parents; there is nothing to do.
