"""How a worker reads images: the loop that takes them, the way of one image, the result cache.

Tasks call `worker_loop.work`; the command `convert` and trials call `pipeline`.
"""
