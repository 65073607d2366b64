"""What the ground says while it starts, in both languages."""

from collections.abc import Callable

Progress = Callable[[str], None]
Tell = Callable[..., None]
"""`tell("build-going", count=12, seconds=3)`: one sentence of TEXTS, in the language of the person at the screen."""

TEXTS = {
    "postgres-init": ("PostgreSQL：第一次启动，正在建立数据库簇 …", "PostgreSQL: first start, making the cluster …"),
    "postgres-ready": ("PostgreSQL {version} 已就绪", "PostgreSQL {version} is ready"),
    "temporal-found": ("Temporal：使用 {path}（{version}）", "Temporal: using {path} ({version})"),
    "temporal-ready": ("Temporal {version} 已就绪：{address}", "Temporal {version} is ready at {address}"),
    "temporal-old": (
        "注意：{path} 的 Temporal {version} 低于 {oldest}，可以运行，但没有时间快进；建议升级",
        "Note: {path} is Temporal {version}, older than {oldest}: it will do, but cannot skip time; better upgrade it",
    ),
    "temporal-changed": (
        "注意：此数据目录上次由 Temporal {before} 写入，现在用 {version}",
        "Note: this data folder was last written by Temporal {before}; it is now run with {version}",
    ),
    "download-try": ("Temporal：尝试由 SDK 下载 …", "Temporal: trying the SDK's download …"),
    "download-no": ("Temporal：下载不成（{reason}）", "Temporal: no download ({reason})"),
    "build-start": (
        "Temporal：用 Go 编译服务器 {version}，只需一次，约 4–5 分钟 …",
        "Temporal: building server {version} with Go, once, about 4–5 minutes …",
    ),
    "build-tool": (
        "Temporal：用 Go 编译建库工具 {version}，只需一次；编译过服务器约 20 秒，否则约 2 分钟 …",
        "Temporal: building its SQL tool {version} with Go, once: 20 s where the server was built, else 2 minutes …",
    ),
    "schema-make": (
        "Temporal：第一次以集群启动，正在建立它的数据库 …",
        "Temporal: first start as a cluster, making its databases …",
    ),
    "build-going": (
        "Temporal：已编译 {count} 个包，{seconds} 秒",
        "Temporal: {count} packages compiled, {seconds} s",
    ),
    "build-waiting": (
        "Temporal：另一个进程正在编译，等它完成 …",
        "Temporal: another process is building it, waiting …",
    ),
    "build-done": ("Temporal：编译完成，{seconds} 秒：{path}", "Temporal: built in {seconds} s: {path}"),
}


def teller(progress: Progress, lang: str) -> Tell:
    """Bind a listener and its language."""

    def tell(key: str, **facts: object) -> None:
        progress(TEXTS[key][0 if lang == "zh" else 1].format(**facts))

    return tell


def silent(_line: str) -> None:
    """Be the Progress of one who does not want to hear."""
