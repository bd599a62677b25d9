"""Clients as people have written them for services like this: they know paths and fields alone.

Each function is a program of its own, and nothing of ours is in it.
"""

from __future__ import annotations

import asyncio
import base64
import json
import time

import requests
import websockets

PATIENCE = 240  # seconds; only a failure waits as long


def convert_one(server: str, picture: bytes) -> tuple[dict, bytes]:
    """Posts one picture, and fetches what came of it; keeps no cookies."""
    payload = {"image_data": base64.b64encode(picture).decode(), "filename": "my_table"}
    response = requests.post(f"{server}/api/v1/convert/single", json=payload, timeout=PATIENCE)
    response.raise_for_status()
    result = response.json()
    download = requests.get(f"{server}{result['download_url']}", timeout=PATIENCE)
    download.raise_for_status()
    return result, download.content


def convert_many(server: str, pictures: list[bytes]) -> tuple[dict, bytes]:
    """Posts several pictures, polls until all are read, fetches one workbook; keeps no cookies."""
    images = [
        {
            "image_data": f"data:image/png;base64,{base64.b64encode(picture).decode()}",
            "filename": f"table_{number}.png",
        }
        for number, picture in enumerate(pictures)
    ]
    payload = {
        "images": images,
        "output_format": "consolidated",
        "consolidation_strategy": "separate_sheets",
    }
    response = requests.post(f"{server}/api/v1/jobs/batch", json=payload, timeout=PATIENCE)
    response.raise_for_status()
    job_id = response.json()["job_id"]
    deadline = time.monotonic() + PATIENCE
    while True:
        status = requests.get(f"{server}/api/v1/jobs/{job_id}/status", timeout=PATIENCE).json()
        if status["status"] in ("completed", "failed") or time.monotonic() > deadline:
            break
        time.sleep(0.5)
    download = requests.get(f"{server}{status['results']['download_url']}", timeout=PATIENCE)
    download.raise_for_status()
    return status, download.content


def submit_with_cookies(session: requests.Session, server: str, pictures: list[bytes]) -> dict:
    """Posts several pictures under another name for them; what the socket is opened with."""
    images = [
        {"image": base64.b64encode(picture).decode(), "filename": "table.png"}
        for picture in pictures
    ]
    response = session.post(
        f"{server}/api/v1/convert/batch", json={"images": images}, timeout=PATIENCE
    )
    response.raise_for_status()
    return response.json()


def wait_at_socket(server: str, session_id: str) -> list[dict]:
    """Listens until the job is completed; knows nothing but the id of the session."""

    async def listen() -> list[dict]:
        heard = []
        url = f"{server.replace('http', 'ws', 1)}/api/v1/ws/session/{session_id}"
        async with websockets.connect(url) as websocket:
            async for message in websocket:
                heard.append(json.loads(message))
                if heard[-1]["type"] == "job_completed":
                    break
        return heard

    return asyncio.run(asyncio.wait_for(listen(), PATIENCE))
