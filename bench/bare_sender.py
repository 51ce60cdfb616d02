"""What delivery is measured against: `python -m bench.bare_sender PORT MESSAGES` posts so many and prints the rate."""

from __future__ import annotations

import asyncio
import sys
import time

from bench.delivery_sink import AT_ONCE, make_client

WORDS = "电梯师傅今天下午三点到，修好了我们告诉您。"
WARM = 200


async def send(port: int, messages: int) -> float:
    """Messages a second, with as many requests at a time as delivery has."""
    async with make_client(port) as client:
        left = iter(range(WARM + messages))

        async def lane(most: int) -> None:
            for number in left:
                answer = await client.post("/send", json={"to": f"bench:{number}", "text": WORDS})
                if answer.status_code != 200:
                    raise RuntimeError(f"the sink answered {answer.status_code}")
                if number >= most:
                    return

        await lane(WARM)
        started = time.perf_counter()
        await asyncio.gather(*(lane(WARM + messages) for _ in range(AT_ONCE)))
        return messages / (time.perf_counter() - started)


if __name__ == "__main__":
    print(asyncio.run(send(int(sys.argv[1]), int(sys.argv[2]))))
