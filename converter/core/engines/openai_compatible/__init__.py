"""The engine that asks a vision model behind an OpenAI-compatible API.

Others make it by `registry.make_engine` from `options.RemoteOptions`; `engine.RemoteEngine` reads,
and `replies.ApiError` says why a request failed.
"""
