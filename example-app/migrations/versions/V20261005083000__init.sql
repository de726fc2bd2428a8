--! parents = []

-- The history starts here, with nothing to do.
