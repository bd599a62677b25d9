"""The packaged text models as onnxruntime sessions, set up for one slow core each."""

from __future__ import annotations

from importlib.resources import files

import cv2
import onnxruntime as ort


def read_model(name: str) -> bytes:
    """A model file of the installed rapidocr package.

    Raises FileNotFoundError if the package was installed without its models.
    """
    path = files("rapidocr") / "models" / name
    if not path.is_file():
        raise FileNotFoundError(f"the text model {name} is missing; install rapidocr again")
    return path.read_bytes()


def open_session(model: bytes) -> ort.InferenceSession:
    """A session for the bytes of a model file, on one thread.

    Make the first one early, in the main thread: denormals are only flushed to zero (a factor of
    four in the detector) by threads that come into being after the first session has asked for it.
    """
    cv2.setNumThreads(1)  # its threads cost more than they save beside another worker
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    # the detector's tensors are so large that the system takes them back and clears them anew, in
    # half of all its time; an arena keeps no more than is in use at once
    options.enable_cpu_mem_arena = True
    options.enable_mem_pattern = False  # shapes vary, and a pattern holds a block for each
    options.log_severity_level = 3
    options.add_session_config_entry("session.set_denormal_as_zero", "1")
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
