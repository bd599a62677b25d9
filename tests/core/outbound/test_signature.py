"""Our signature is the one of the specification, and the one that others' code accepts."""

from __future__ import annotations

import base64
import time

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from converter.core.outbound import signature

KEY = bytes(range(32))


def test_it_is_the_one_that_the_specification_gives_as_its_example():
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    body = b'{"test": 2432232314}'
    sent = signature.headers("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body, [key])
    assert sent["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert signature.secret_text(key) == "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.mark.parametrize("keys", [[KEY], [b"another", KEY]])
def test_the_library_of_the_standard_accepts_it_by_any_of_the_keys(keys):
    body = '{"type": "job.completed", "name": "Bücher"}'.encode()
    sent = signature.headers("msg_1", int(time.time()), body, keys)
    receiver = Webhook(signature.secret_text(KEY))
    assert receiver.verify(body, sent)["name"] == "Bücher"
    with pytest.raises(WebhookVerificationError):
        receiver.verify(body + b" ", sent)
    with pytest.raises(WebhookVerificationError):
        receiver.verify(body, sent | {"webhook-id": "msg_2"})
