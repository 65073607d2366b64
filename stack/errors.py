"""Every way in which the ground can fail, as a stable code with a sentence and a remedy in both languages."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path


class StackError(Exception):
    """One failure of the ground, told to a person and never shown as a stack trace."""

    def __init__(self, code: str, *, zh: str, en: str, remedy_zh: str, remedy_en: str) -> None:
        super().__init__(f"{code}: {en} {remedy_en}")
        self.code = code
        self.zh = zh
        self.en = en
        self.remedy_zh = remedy_zh
        self.remedy_en = remedy_en

    def told(self, lang: str) -> str:
        """Sentence and remedy in one language, "zh" or "en"."""
        return f"{self.zh}{self.remedy_zh}" if lang == "zh" else f"{self.en} {self.remedy_en}"


def bad_setting(name: str, value: str, wanted_zh: str, wanted_en: str) -> StackError:
    """Refuse a setting that means nothing."""
    return StackError(
        "bad-setting",
        zh=f"设置 {name}={value} 无法使用。",
        en=f"The setting {name}={value} cannot be used.",
        remedy_zh=f"它应当是{wanted_zh}。",
        remedy_en=f"It has to be {wanted_en}.",
    )


def data_not_folder(path: Path) -> StackError:
    """Refuse a path that is a file or lies below one."""
    return StackError(
        "data-not-folder",
        zh=f"数据目录 {path} 的位置上是一个文件，不是目录。",
        en=f"The data folder {path} is or lies below a file, not a folder.",
        remedy_zh="请移走该文件，或用 HUIYIN_DATA 指定别的目录。",
        remedy_en="Move that file away, or name another folder with HUIYIN_DATA.",
    )


def data_not_writable(path: Path, reason_zh: str, reason_en: str) -> StackError:
    """Refuse a folder that this user cannot write."""
    return StackError(
        "data-not-writable",
        zh=f"数据目录 {path} 无法写入（{reason_zh}）。",
        en=f"The data folder {path} cannot be written ({reason_en}).",
        remedy_zh="请改正权限，或用 HUIYIN_DATA 指定可写的目录。",
        remedy_en="Mend its permissions, or name a writable folder with HUIYIN_DATA.",
    )


def no_space(path: Path, free_mb: int, needed_mb: int) -> StackError:
    """Refuse a disk that is nearly full."""
    return StackError(
        "no-space",
        zh=f"磁盘空间不足：{path} 只剩 {free_mb} MB，至少需要 {needed_mb} MB。",
        en=f"Not enough disk space: {path} has {free_mb} MB left, at least {needed_mb} MB are needed.",
        remedy_zh="请腾出空间，或用 HUIYIN_DATA（数据）、HUIYIN_CACHE（程序）指定别的磁盘。",
        remedy_en="Free some space, or name another disk with HUIYIN_DATA (data) or HUIYIN_CACHE (programs).",
    )


def already_running(path: Path, pid: int, since: datetime | None) -> StackError:
    """Refuse a second start on one data folder; `since` is told in its own zone."""
    zh, en = "", ""
    if since:
        at = f"{since:%Y-%m-%d %H:%M:%S}"
        zh, en = f"，自 {at}（{since.tzinfo}）起", f", since {at} ({since.tzinfo})"
    return StackError(
        "already-running",
        zh=f"数据目录 {path} 已由进程 {pid} 使用{zh}。",
        en=f"The data folder {path} is already in use by process {pid}{en}.",
        remedy_zh="可直接使用它；要重新启动，请先执行 huiyin down；要另起一套，请用 HUIYIN_DATA 指定别的目录。",
        remedy_en="Use the one that runs; to start anew type `huiyin down` first; for a second one set HUIYIN_DATA.",
    )


def postgres_missing(reason: str) -> StackError:
    """Miss the wheel's programs."""
    return StackError(
        "postgres-missing",
        zh=f"本机没有可用的 PostgreSQL 程序（{reason}）。",
        en=f"There is no PostgreSQL program for this machine ({reason}).",
        remedy_zh="请执行 make install，或用 HUIYIN_DATABASE_URL 指向现有的 PostgreSQL（14 以上）。",
        remedy_en="Type `make install`, or point HUIYIN_DATABASE_URL at a PostgreSQL (14 or newer) of your own.",
    )


def postgres_user(name: str, reason: str) -> StackError:
    """Miss the user that PostgreSQL needs in place of root."""
    return StackError(
        "postgres-user",
        zh=f"PostgreSQL 不能以 root 运行，而系统用户 {name} 无法使用（{reason}）。",
        en=f"PostgreSQL does not run as root, and the system user {name} cannot be used ({reason}).",
        remedy_zh=f"请先建立用户（useradd {name}），或以普通用户运行，或设置 HUIYIN_DATABASE_URL。",
        remedy_en=f"Make the user (`useradd {name}`), or run as an ordinary user, or set HUIYIN_DATABASE_URL.",
    )


def server_failed(what: str, log: Path, last_line: str) -> StackError:
    """Fail to start `what`, PostgreSQL or Temporal: the code is postgres-failed or temporal-failed."""
    return StackError(
        f"{what.lower()}-failed",
        zh=f"{what} 没有启动成功：{last_line}",
        en=f"{what} did not start: {last_line}",
        remedy_zh=f"详情见日志 {log}。",
        remedy_en=f"The whole story is in {log}.",
    )


def postgres_unreachable(where: str, reason: str) -> StackError:
    """Fail to reach the operator's own server."""
    return StackError(
        "postgres-unreachable",
        zh=f"连接不上 PostgreSQL {where}（{reason}）。",
        en=f"PostgreSQL at {where} does not answer ({reason}).",
        remedy_zh="请检查 HUIYIN_DATABASE_URL；去掉它，本机会自行启动 PostgreSQL。",
        remedy_en="Check HUIYIN_DATABASE_URL; without it a PostgreSQL is started on this machine.",
    )


def postgres_old(version: str) -> StackError:
    """Refuse a server that lacks what our SQL uses."""
    return StackError(
        "postgres-old",
        zh=f"PostgreSQL {version} 太旧，需要 14 以上。",
        en=f"PostgreSQL {version} is too old: 14 or newer is needed.",
        remedy_zh="请升级，或去掉 HUIYIN_DATABASE_URL 由本机自行启动。",
        remedy_en="Upgrade it, or unset HUIYIN_DATABASE_URL to have one started here.",
    )


def temporal_unreachable(address: str, reason: str) -> StackError:
    """Fail to reach the operator's own cluster."""
    return StackError(
        "temporal-unreachable",
        zh=f"连接不上 Temporal {address}（{reason}）。",
        en=f"Temporal at {address} does not answer ({reason}).",
        remedy_zh="请检查 HUIYIN_TEMPORAL_ADDRESS、命名空间与证书；去掉该设置，本机会自行启动 Temporal。",
        remedy_en="Check HUIYIN_TEMPORAL_ADDRESS, namespace and certificates; without it one is started here.",
    )


def temporal_none(tried_zh: Sequence[str], tried_en: Sequence[str]) -> StackError:
    """Find every way to a Temporal server closed; the lists say what was found on each."""
    return StackError(
        "temporal-none",
        zh="没有任何途径得到 Temporal 服务器：" + "；".join(tried_zh) + "。",
        en="There is no way to a Temporal server: " + "; ".join(tried_en) + ".",
        remedy_zh=(
            "任选其一：① 设置 HUIYIN_TEMPORAL_ADDRESS 指向现有集群；"
            "② 把 temporal 或 temporal-server（1.32 以上）放到 PATH 或缓存目录；"
            "③ 连上互联网，由 SDK 下载；④ 安装 Go 1.26.8 以上（能访问 Go 模块代理），由本机编译一次。"
        ),
        remedy_en=(
            "Any one of these will do: (1) set HUIYIN_TEMPORAL_ADDRESS to a cluster of yours; (2) put `temporal` or "
            "`temporal-server` (1.32 or newer) on PATH or into the cache; (3) connect to the internet, so that the SDK "
            "can download it; (4) install Go 1.26.8 or newer (with a Go module proxy), so that it is built here once."
        ),
    )


def made_single(data: Path) -> StackError:
    """Refuse to make a cluster of a folder whose orders live in a single server."""
    return StackError(
        "made-single",
        zh=f"数据目录 {data} 是不带 --cluster 建立的，工单的流程在单个 Temporal 的 SQLite 里。",
        en=f"The data folder {data} was made without --cluster: the processes of its orders live in one SQLite file.",
        remedy_zh="请去掉 --cluster，或用 HUIYIN_DATA 指定新的目录；已有目录不能改成集群。",
        remedy_en="Leave out --cluster, or name a new folder with HUIYIN_DATA; one that exists can't become a cluster.",
    )


def cluster_of_others(name: str) -> StackError:
    """Refuse a cluster of ours beside a server of the operator's."""
    return StackError(
        "cluster-own-servers",
        zh=f"以集群启动时使用自带的 PostgreSQL 和两个自带的 Temporal 节点，但设置了 {name}。",
        en=f"A cluster of `up` runs on the bundled PostgreSQL with two nodes of its own, but {name} is set.",
        remedy_zh=f"请去掉 {name}，或换一个不是集群的目录（HUIYIN_DATA）且不带 --cluster；见 docs/deploy.md。",
        remedy_en=f"Unset {name}, or start without --cluster in a folder that is none; see docs/deploy.md.",
    )


def no_sql_tool(reason_zh: str, reason_en: str) -> StackError:
    """Miss the tool that makes the databases of a cluster."""
    return StackError(
        "temporal-sql-tool",
        zh=f"建立集群的数据库需要 temporal-sql-tool，但没有得到它：{reason_zh}。",
        en=f"The databases of a cluster are made with temporal-sql-tool, and there is none: {reason_en}.",
        remedy_zh="请把它（1.32 以上）放到 PATH，或安装 Go 1.26.8 以上由本机编译一次，或去掉 --cluster。",
        remedy_en="Put it (1.32 or newer) on PATH, or install Go 1.26.8 or newer, or leave out --cluster.",
    )


def port_in_use(port: int) -> StackError:
    """Refuse a port that another program holds."""
    return StackError(
        "port-in-use",
        zh=f"端口 {port} 已被占用。",
        en=f"Port {port} is in use.",
        remedy_zh="请停掉占用它的程序，或改动 HUIYIN_TEMPORAL_PORT，或去掉它由系统自选空闲端口。",
        remedy_en="Stop what uses it, change HUIYIN_TEMPORAL_PORT, or unset it to have a free port chosen.",
    )


def stop_timeout(pid: int, seconds: float) -> StackError:
    """Give up waiting for an end."""
    return StackError(
        "stop-timeout",
        zh=f"进程 {pid} 在 {seconds:.0f} 秒内没有停止。",
        en=f"Process {pid} did not stop within {seconds:.0f} seconds.",
        remedy_zh=f"请查看日志；可用 kill -9 {pid} 强行结束，数据不会丢失。",
        remedy_en=f"Look at the logs; `kill -9 {pid}` ends it by force, no data is lost.",
    )


def migration_failed(reason: str) -> StackError:
    """Refuse to run on a schema that could not be brought up to date."""
    return StackError(
        "migration-failed",
        zh=f"数据库结构没有更新成功：{reason}",
        en=f"The database schema could not be brought up to date: {reason}",
        remedy_zh="数据没有改动；请查看 postgres.log，改正后再执行 huiyin up。",
        remedy_en="No data was changed; look at postgres.log, mend it and type `huiyin up` again.",
    )
