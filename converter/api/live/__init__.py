"""Events of jobs for clients that listen: server-sent events and WebSockets.

An ordinary request decides who may listen; then its connection is detached from the thread and
given to an event loop (`listeners`), where thousands can wait at no cost. One poll of the rows
serves everybody who follows a job (`hub`), and each listener reads from there at its own pace.
"""
