"""No container engine is at hand: what the container files say is read, and what they run is run here."""

import ast
import os
import re
import shlex
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import connection

from conference import supervisor
from tests.installation import ROOT, environment
from tests.patience import LONGEST, until
from tests.servers import FOLDER

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
KEYS = "./keys:/keys:ro"
OURS = ("web", "worker", "beat", "sweeper", "migrate")
CONDITION = re.compile(r"(?<!\$)\$\{(\w+)(?P<default>:-[^}]*)?(?P<required>:\?[^}]*)?\}")


def words(command: str | list[str]) -> list[str]:
    """A command as compose passes it on: `$$` stands for `$`."""
    return [
        word.replace("$$", "$") for word in (shlex.split(command) if isinstance(command, str) else command)
    ]


def example() -> dict[str, str]:
    lines = (ROOT / ".env.example").read_text().splitlines()
    said = (line.split("=", 1) for line in lines if line and not line.startswith("#"))
    return {name: value.strip('"') for name, value in said}  # compose, systemd and a shell take them off


def variables_of_the_program() -> set[str]:
    """First arguments of the readers in conference/env.py, wherever they are called."""
    found = set()
    for path in (ROOT / "conference").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Call(
                    func=ast.Attribute(value=ast.Name(id="env")), args=[ast.Constant(value=str(name)), *_]
                ):
                    found.add(name)
    return found


def test_the_four_processes_are_those_of_the_supervisor() -> None:
    own = supervisor.commands(bind="0.0.0.0:8000", web=2, worker=2)
    assert {name: words(SERVICES[name]["command"]) for name in own} == {
        name: ["python", *arguments] for name, arguments in own.items()
    }


def test_one_more_machine_runs_the_same_web_and_worker() -> None:
    more = yaml.safe_load((ROOT / "docker-compose.machine.yml").read_text())["services"]
    assert set(more) == {"web", "worker"}
    for name, service in more.items():
        for key in ("command", "healthcheck", "stop_grace_period", "read_only", "cap_drop", "security_opt"):
            assert service[key] == SERVICES[name][key], (name, key)
        assert service["volumes"] == [KEYS]  # it needs no disk, but what signs
        assert set(service["environment"]) - {"REMAP_SIGTERM"} <= variables_of_the_program()


def as_compose_fills(text: str, values: dict[str, str]) -> str:
    """The file with its variables, innermost first; what is empty counts as unset."""
    while found := re.search(r"(?<!\$)\$\{(\w+)(?::([-?])([^${}]*))?\}", text):
        name, sign, rest = found.groups()
        value = values.get(name, "") or (rest if sign == "-" else "")
        assert value or sign != "?", name
        text = text[: found.start()] + value + text[found.end() :]
    return text


@pytest.mark.parametrize("shared", [False, True])
def test_two_machines_with_one_env_are_one_installation(shared: bool) -> None:
    elsewhere = {
        "DATABASE_URL": "postgres://hoinghi:pw@10.0.0.5:5432/hoinghi",
        "REDIS_URL": "redis://:pw@10.0.0.6:6379/0",
        "FILES_URL": "s3://key:secret@store.example/bucket",
    }
    own = {
        "DATABASE_URL": "postgres://hoinghi:one@postgres:5432/hoinghi",
        "REDIS_URL": "redis://:two@redis:6379/0",
        "FILES_URL": "",
    }
    needed = {"SECRET_KEY": "x", "POSTGRES_PASSWORD": "one", "REDIS_PASSWORD": "two"}
    values = example() | needed | (elsewhere if shared else {})
    wanted = elsewhere if shared else own

    def told(name: str) -> list[dict[str, str]]:
        services = yaml.safe_load(as_compose_fills((ROOT / name).read_text(), values))["services"]
        given = [one["environment"] for key, one in services.items() if key in {*OURS, "backup"}]
        return [{key: one[key] or "" for key in wanted} for one in given]

    assert told("docker-compose.yml") == [wanted] * 6
    if shared:
        assert told("docker-compose.machine.yml") == [wanted] * 2


def test_what_the_example_says_a_shell_can_read() -> None:
    """Without containers `. ./.env` is how it comes into the environment."""
    read = 'set -a; . ./.env.example; set +a; exec "$0" -c "import os; print(dict(os.environ))"'
    done = subprocess.run(
        ["sh", "-euc", read, sys.executable], cwd=ROOT, capture_output=True, text=True, check=True, env={}
    )
    there = ast.literal_eval(done.stdout)
    assert {name: there.get(name) for name in example()} == example()


def test_the_account_of_the_image_can_write_where_nothing_lasts() -> None:
    """A tmpfs belongs to root, and takes the mode of the folder that it lies on: 0700."""
    more = yaml.safe_load((ROOT / "docker-compose.machine.yml").read_text())["services"]
    assert [one["tmpfs"] for one in more.values()] == [["/tmp", "/data:uid=10001,gid=10001,mode=0700"]] * 2


def test_nobody_comes_before_the_database_takes_connections_by_the_network() -> None:
    """While the image sets up a new volume a server answers on the socket, and goes again."""
    check = SERVICES["postgres"]["healthcheck"]["test"]
    assert check[check.index("-h") + 1] == "127.0.0.1"


def test_every_machine_finds_the_key_where_the_env_says_and_cannot_change_it() -> None:
    """One .env for all: the path in it must lead to the file on each of them."""
    more = yaml.safe_load((ROOT / "docker-compose.machine.yml").read_text())["services"]
    folder, place, mode = KEYS.split(":")
    assert mode == "ro"
    for service in (*(SERVICES[name] for name in OURS), *more.values()):
        assert KEYS in service["volumes"]
        assert not any(place.startswith(other.partition(":")[0]) for other in service["tmpfs"])
    for ignored in (".gitignore", ".dockerignore"):
        lines = (ROOT / ignored).read_text().splitlines()
        assert folder.removeprefix("./") in {one.strip("/") for one in lines}


def test_backups_are_made_and_brought_back_where_the_folder_of_backups_is() -> None:
    """The root of every service is read-only: where nothing is mounted, there is no backup."""
    told = (ROOT / "docs/operations.md").read_text()
    run = r"`docker compose (?:exec|run --rm) (\w+) python manage\.py (?:backup|restore) (/\w+)[/`]"
    found = re.findall(run, told)
    assert len(found) == 2
    for service, folder in found:
        assert folder in {volume.partition(":")[2] for volume in SERVICES[service]["volumes"]}


def test_the_installation_is_prepared_by_the_command_of_make_run() -> None:
    assert words(SERVICES["migrate"]["command"]) == ["python", "manage.py", "prepare"]
    assert '"manage.py", "prepare"]' in (ROOT / "conference/bootstrap.py").read_text()
    for name in ("web", "worker", "beat", "sweeper"):
        assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_every_service_that_stays_up_is_watched() -> None:
    assert {name for name, service in SERVICES.items() if "healthcheck" not in service} == {"migrate"}


def test_images_name_a_version() -> None:
    images = {service["image"] for service in SERVICES.values()}
    images |= {line.split()[1] for line in DOCKERFILE.splitlines() if line.startswith("FROM")}
    assert [image for image in images if ":" not in image or image.endswith(":latest")] == []


def test_the_image_runs_as_a_person_without_rights() -> None:
    lines = DOCKERFILE.splitlines()
    assert [line for line in lines if line.startswith("USER")] == ["USER conference"]
    assert "useradd --system --uid 10001" in DOCKERFILE
    # Volumes begin as these folders are: the account must be able to write into both.
    assert "install -d -o conference -g conference -m 0700 /data /backup" in DOCKERFILE
    assert not any(
        line.startswith(("RUN", "COPY", "ADD")) for line in lines[lines.index("USER conference") :]
    )
    for name in OURS:
        assert (SERVICES[name]["read_only"], SERVICES[name]["cap_drop"]) == (True, ["ALL"])


def test_the_image_installs_locked_wheels_only() -> None:
    assert '--require-hashes --only-binary :all: -r "$LOCK"' in DOCKERFILE
    assert "ARG LOCK=requirements.txt" in DOCKERFILE
    assert "npm ci --ignore-scripts" in DOCKERFILE


def test_no_secret_stands_in_a_file() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    secret = {found[1]: bool(found["required"]) for found in CONDITION.finditer(text) if is_secret(found[1])}
    assert secret == {
        "SECRET_KEY": True,
        "POSTGRES_PASSWORD": True,
        "REDIS_PASSWORD": True,
        "SECRET_KEY_FALLBACKS": False,
    }
    assert {name: value for name, value in example().items() if is_secret(name) and value} == {}


def is_secret(name: str) -> bool:
    return "PASSWORD" in name or name.startswith("SECRET")


def test_the_example_lists_exactly_what_is_read() -> None:
    compose = {found[1] for found in CONDITION.finditer((ROOT / "docker-compose.yml").read_text())}
    assert set(example()) == variables_of_the_program() | compose


def test_every_variable_that_a_container_gets_is_one_that_the_program_reads() -> None:
    assert set(SERVICES["web"]["environment"]) <= variables_of_the_program()


def test_whatever_a_key_is_named_with_reaches_who_signs() -> None:
    wanted = {name for name in variables_of_the_program() if name.startswith("SIGNING_")}
    assert {"SIGNING_KEY_FILE", "SIGNING_PKCS11_MODULE"} < wanted
    assert wanted <= set(SERVICES["worker"]["environment"])


def test_the_program_starts_with_the_values_of_the_example(tmp_path: Path) -> None:
    values = {name: value for name, value in example().items() if name not in {"DATA_DIR", "SECRET_KEY"}}
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=environment(tmp_path)
        | values
        | {"SECRET_KEY": "one of fifty random characters, as the example asks 4711"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.returncode == 0


def test_the_health_check_of_the_web_service_asks_the_address_that_answers() -> None:
    check = " ".join(SERVICES["web"]["healthcheck"]["test"])
    assert "http://127.0.0.1:8000/healthz" in check
    assert SERVICES["web"]["ports"] == ["127.0.0.1:${PORT:-8000}:8000"]


def test_the_worker_answers_its_health_check(tmp_path: Path) -> None:
    env = environment(tmp_path, REDIS_URL=os.environ["REDIS_URL"], HOSTNAME=f"box-{os.getpid()}")
    worker = [
        sys.executable,
        *words(SERVICES["worker"]["command"])[1:],
        "--hostname",
        f"celery@{env['HOSTNAME']}",
    ]
    check = [
        "sh",
        "-c",
        words(SERVICES["worker"]["healthcheck"]["test"])[1].replace("python", sys.executable, 1),
    ]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(worker, cwd=ROOT, env=env, stdout=log, stderr=log, start_new_session=True)
        try:
            asked = partial(subprocess.run, check, cwd=ROOT, env=env, capture_output=True, check=False)
            until(lambda: asked().returncode == 0, (tmp_path / "log").read_text)
        finally:
            process.terminate()
            process.wait(LONGEST)
    asked_in_vain = subprocess.run(check, cwd=ROOT, env=env, capture_output=True, check=False)
    assert asked_in_vain.returncode != 0


@pytest.mark.django_db
def test_the_health_check_of_beat_and_sweeper_needs_the_database(tmp_path: Path) -> None:
    check = [sys.executable, *words(SERVICES["beat"]["healthcheck"]["test"])[2:]]
    own = connection.settings_dict
    here = f"postgres://{own['USER']}@/{own['NAME']}?host={os.environ[FOLDER]}"
    reached = subprocess.run(check, cwd=ROOT, env=environment(tmp_path, DATABASE_URL=here), check=False)
    missed = subprocess.run(
        check,
        cwd=ROOT,
        env=environment(tmp_path, DATABASE_URL="postgres://nobody@/none?host=/nowhere"),
        capture_output=True,
        check=False,
    )
    assert (reached.returncode, missed.returncode != 0) == (0, True)
    assert SERVICES["sweeper"]["healthcheck"] == SERVICES["beat"]["healthcheck"]


def test_redis_asks_for_a_password_and_keeps_what_it_was_told(tmp_path: Path) -> None:
    line = words(SERVICES["redis"]["command"])[2]
    assert line.startswith("exec docker-entrypoint.sh redis-server ")  # of the image: it leaves root behind
    line = line.replace("docker-entrypoint.sh ", "")
    socket = Path(os.environ[FOLDER]) / f"compose-{os.getpid()}.sock"
    env = os.environ | {"REDISCLI_AUTH": "s3cret"}
    server = subprocess.Popen(
        ["sh", "-c", f"{line} --port 0 --unixsocket {socket}"],
        cwd=tmp_path,
        env=env,
        stdout=subprocess.DEVNULL,
    )
    try:
        until(socket.exists, "Redis")
        cli = ["redis-cli", "-s", str(socket)]
        asked = ["--raw", "CONFIG", "GET", "appendonly", "CONFIG"]
        known = subprocess.run([*cli, *asked[:4]], env=env, capture_output=True, text=True, check=True).stdout
        stranger = {name: value for name, value in env.items() if name != "REDISCLI_AUTH"}
        refused = subprocess.run(
            [*cli, "ping"], env=stranger, capture_output=True, text=True, check=False
        ).stdout
    finally:
        server.terminate()
        server.wait(LONGEST)
    assert known.split() == ["appendonly", "yes"]
    assert refused == "NOAUTH Authentication required.\n\n"


@pytest.mark.django_db
def test_the_backup_is_made_by_our_command_and_its_health_is_that_of_the_last(tmp_path: Path) -> None:
    service, backup = SERVICES["backup"], tmp_path / "backup"
    line = words(service["command"])[2].replace("${BACKUP_DAYS:-14}", "14")
    assert line.startswith("while :; do python manage.py backup /backup --keep-days 14; sleep")
    own = connection.settings_dict
    env = environment(
        tmp_path, DATABASE_URL=f"postgres://{own['USER']}@/{own['NAME']}?host={os.environ[FOLDER]}"
    )
    healthy = words(service["healthcheck"]["test"])[1].replace("/data/", f"{tmp_path}/")
    assert subprocess.run(["sh", "-c", healthy], capture_output=True, check=False).returncode == 1
    here = (
        line.replace("/backup", str(backup)).replace("python", sys.executable).replace("86400", "0; exit 0")
    )
    subprocess.run(["sh", "-c", here], cwd=ROOT, env=env, check=True)
    assert subprocess.run(["sh", "-c", healthy], check=False).returncode == 0
    [made] = backup.iterdir()
    assert (made / "manifest.json").is_file()
