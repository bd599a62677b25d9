"""Opens models as onnxruntime sessions that run on one slow core each."""

from __future__ import annotations

from functools import cache

import cv2
import onnxruntime as ort


def open_session(model: bytes) -> ort.InferenceSession:
    """A session for the bytes of a model file, on one thread.

    Make the first one early, in the main thread: denormals are flushed to zero (a factor of four in
    the detector) only by threads that start after the first session has asked for it.
    """
    cv2.setNumThreads(1)  # more threads cost more than they save beside another worker
    _share_arena()
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.use_env_allocators", "1")
    options.enable_mem_pattern = False  # shapes vary, and a pattern holds a block for each
    options.log_severity_level = 3
    options.add_session_config_entry("session.set_denormal_as_zero", "1")
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])


@cache
def _share_arena() -> None:
    """One arena for all sessions: they run one after the other, and each reuses its memory.

    Without an arena, the operating system takes the detector's large tensors back and clears them
    again for each run, which takes half of the detector's time. The arena grows by what is
    requested, not twofold.
    """
    memory = ort.OrtMemoryInfo(
        "Cpu", ort.OrtAllocatorType.ORT_ARENA_ALLOCATOR, 0, ort.OrtMemType.DEFAULT
    )
    as_requested = 1
    ort.create_and_register_allocator(
        memory, ort.OrtArenaCfg({"arena_extend_strategy": as_requested})
    )
