"""The queue of one machine: nobody takes half a message."""

import os
from queue import Empty

import pytest
from django.conf import settings
from kombu import Connection

from hsb.core import local_queue

QUEUE = "half"


@pytest.fixture
def channel(tmp_path):
    folders = {name: str(tmp_path / name) for name in ("data_folder_in", "data_folder_out", "control_folder")}
    folders["data_folder_out"] = folders["data_folder_in"]
    for folder in set(folders.values()):
        os.mkdir(folder)
    with Connection(transport=local_queue.Transport, transport_options=folders) as connection:
        yield connection.channel()


def test_until_it_is_written_nobody_finds_it(channel, monkeypatch):
    replace = os.replace

    def look_first(source, target):
        with pytest.raises(Empty):
            channel._get(QUEUE)
        replace(source, target)

    monkeypatch.setattr(local_queue.os, "replace", look_first)

    channel._put(QUEUE, {"body": "whole"})

    assert channel._get(QUEUE) == {"body": "whole"}
    with pytest.raises(Empty):
        channel._get(QUEUE)


@pytest.mark.skipif(bool(settings.REDIS_URL), reason="The queue is Redis here.")
def test_the_product_uses_it():
    with Connection(settings.CELERY_BROKER_URL, transport=settings.CELERY_BROKER_TRANSPORT) as connection:
        assert isinstance(connection.transport, local_queue.Transport)
