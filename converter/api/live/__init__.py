"""What happens to jobs, told to whoever listens: server-sent events and WebSockets.

An ordinary call decides who may listen; then the connection leaves the thread that took it for a
loop of its own (`listeners`), where thousands cost nothing while they wait. One look at the rows
serves all who listen to a job (`hub`), and each listener takes from there at its own pace.
"""
