"""The trouble of a chaos run: parts killed or frozen at random, by a seed."""

import asyncio
import time
from dataclasses import dataclass, field
from random import Random

from machine import Machine

VICTIMS = ("worker", "worker-2", "relay", "temporal", "postgres", "up")
PAUSE = (5.0, 20.0)
"""Seconds from one blow to the next."""
STANDSTILL = (2.0, 7.0)
"""Seconds for which a frozen part stands still."""


@dataclass
class Trouble:
    """What was done to whom, and when."""

    machine: Machine
    dice: Random
    begun: float = field(default_factory=time.monotonic)
    blows: list[dict] = field(default_factory=list)

    async def go_on(self, seconds: float) -> None:
        """Strike every few seconds until the time is over."""
        while True:
            await asyncio.sleep(self.dice.uniform(*PAUSE))
            if time.monotonic() - self.begun > seconds:
                return
            await self._strike()

    async def _strike(self) -> None:
        how = self.dice.choices(["kill", "kill two", "freeze"], [6, 2, 2])[0]
        if how == "freeze":
            victim = self.dice.choice([name for name in VICTIMS if name != "up"])
            await self._blow("freeze", victim, self.machine.freeze(victim, self.dice.uniform(*STANDSTILL)))
            return
        victims = self.dice.sample(VICTIMS, 2 if how == "kill two" else 1)
        for victim in sorted(victims, key=VICTIMS.index):  # `up` last: it comes back with all that it keeps
            await self._blow("kill", victim, self.machine.kill(victim))

    async def _blow(self, how: str, victim: str, deed) -> None:
        blow = {"at": round(time.monotonic() - self.begun, 2), "how": how, "victim": victim, "struck": True}
        self.blows.append(blow)
        try:
            await deed
        except LookupError:  # it has not come back from the last blow yet
            blow["struck"] = False
