"""How a worker reads images: the loop over images, and the pipeline of one image.

Tasks call `worker_loop.work`; the command `convert` and trials call `pipeline`.
"""
