"""The supervisor on tiny real processes: an end of one is the end of all, in order, and nothing is left behind."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import psycopg
import pytest

from linli.settings import Settings
from operations.deployment import Deployment
from operations.problem import Problem
from operations.supervisor import Asked, asked_by_signals, watch
from tests.operations.conftest import MakeChild, wait_until

NOTES_ITS_END = """
import os, signal, sys, time
def end(*_):
    with open(os.environ["PLACE"] + "/ends", "a") as ends:
        ends.write(os.environ["NAME"] + " ")
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
print("listens", flush=True)
time.sleep(60)
"""
ANSWERS = """
import os, socket
door = socket.socket(fileno=int(os.environ["LINLI_PUBLIC_FD"]))
print("answers", flush=True)
while True:
    caller, _ = door.accept()
    caller.recv(10000)
    answer = "HTTP/1.1 " + os.environ["ANSWER"] + "\\r\\nConnection: close\\r\\n\\r\\n" + os.environ["BODY"]
    caller.sendall(answer.encode())
    caller.close()
"""


@pytest.fixture
def deployment(settings: Settings, make_child: MakeChild) -> Deployment:
    deployment = Deployment(settings, durable=False)
    deployment.add(*(make_child(name, NOTES_ITS_END) for name in ("bot", "web", "worker")))
    return deployment


def test_the_end_of_one_is_named_and_all_are_stopped_in_order(deployment: Deployment, place: Path) -> None:
    with deployment:
        deployment.start_database()
        deployment.start()
        wait_until_listening(deployment)
        os.kill(pid_of(deployment, "bot"), signal.SIGKILL)
        with pytest.raises(Problem, match=r"bot has ended by itself \(exit code -9\).*\nlistens"):
            watch(deployment)
    assert (place / "ends").read_text() == "web worker "
    assert not any(child.alive for child in deployment.children().values())


def test_a_killed_process_can_be_started_again(deployment: Deployment) -> None:
    with deployment:
        deployment.start_database()
        for name in ("database", "worker"):
            deployment.kill(name)
            assert not deployment.children()[name].alive
            assert deployment.ended() is None
            deployment.start(name)
            assert deployment.children()[name].alive
        psycopg.connect(deployment.settings.database_url).close()


def test_children_get_the_settings_with_the_ports_that_were_bound(settings: Settings) -> None:
    with Deployment(settings, durable=False) as deployment:
        environment = deployment.children()["web"].environment
        assert environment["LINLI_PORT"] == str(deployment.settings.port) != "0"
        assert environment["LINLI_ACTIONS_PORT"] == str(deployment.settings.actions_port) != "0"
        assert environment["LINLI_DATABASE_URL"] == deployment.settings.database_url
        assert deployment.url == f"http://127.0.0.1:{deployment.settings.port}"


def test_settings_that_change_are_those_of_what_starts_then(settings: Settings) -> None:
    with Deployment(settings.model_copy(update={"second_factor": True}), durable=False) as deployment:
        deployment.change(second_factor=False)
        given = {deployment.children()[name].environment["LINLI_SECOND_FACTOR"] for name in ("web", "worker")}
        assert given == {"False"}


def test_several_apps_share_the_doors(settings: Settings) -> None:
    with Deployment(settings.model_copy(update={"processes": 3}), durable=False) as deployment:
        apps = [child for name, child in deployment.children().items() if name.startswith("web")]
        assert [child.name for child in apps] == ["web", "web-2", "web-3"]
        assert {child.fds for child in apps} == {(deployment.public.fileno(), deployment.actions.fileno())}


def test_the_bot_gets_no_secret_of_ours(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINLI_SECRET_KEY", "for cookies only")
    with Deployment(settings, durable=False) as deployment:
        deployment.add_bot(Path("models/linli.tar.gz"))
        given = {name for name in deployment.children()["bot"].environment if name.startswith("LINLI_")}
        assert given == {"LINLI_ACTIONS_URL"}


def test_it_waits_until_the_app_says_that_all_answer(deployment: Deployment, make_child: MakeChild) -> None:
    with deployment:
        answering(deployment, make_child, "503 Service Unavailable")
        told: list[str] = []
        with pytest.raises(Problem, match=r"not ready within 6 s, it waited for bot and worker: look into"):
            deployment.wait_ready(patience=6, tell=told.append)
        assert told[0] == "0 s, waiting for the app"
        assert told[-1].endswith(" s, waiting for bot and worker")
        deployment.kill("web")
        answering(deployment, make_child, "200 OK")
        deployment.wait_ready(patience=30)


def test_a_process_that_ends_while_it_starts_is_named(deployment: Deployment, make_child: MakeChild) -> None:
    with deployment:
        deployment.add(make_child("worker", "raise SystemExit('no such table')"))
        deployment.start("worker")
        with pytest.raises(Problem, match=r"worker has ended by itself \(exit code 1\).*\nno such table"):
            deployment.wait_ready(patience=10)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_is_the_operators_wish(number: signal.Signals) -> None:
    def sleep_until_it_comes() -> None:
        threading.Timer(0.05, os.kill, (os.getpid(), number)).start()
        time.sleep(30)

    with asked_by_signals(), pytest.raises(Asked):
        sleep_until_it_comes()


def answering(deployment: Deployment, make_child: MakeChild, answer: str) -> None:
    child = make_child("web", ANSWERS)
    child.fds = (deployment.public.fileno(),)
    said = '{"database": "ok", "bot": "no answer", "worker": "silent"}'
    child.environment = {"LINLI_PUBLIC_FD": str(deployment.public.fileno()), "ANSWER": answer, "BODY": said}
    deployment.add(child)
    deployment.start("web")
    wait_until(lambda: child.tail().endswith("answers"))


def wait_until_listening(deployment: Deployment) -> None:
    wait_until(lambda: all(child.tail() for child in deployment.children().values()))


def pid_of(deployment: Deployment, name: str) -> int:
    pid = deployment.children()[name].pid
    assert pid is not None
    return pid
