"""Places are given to the urgent first, in the order of their coming."""

from __future__ import annotations

import asyncio

from api.door.places import Places


def test_the_urgent_go_before_the_patient() -> None:
    async def scene() -> list[str]:
        places, served = Places(1), []

        async def come(name: str, patience: int) -> None:
            await places.take(patience)
            served.append(name)
            places.give_back()

        await places.take()
        assert places.is_full
        waiting = [
            asyncio.create_task(come("patient 1", 2)),
            asyncio.create_task(come("urgent 1", 0)),
            asyncio.create_task(come("patient 2", 2)),
            asyncio.create_task(come("urgent 2", 0)),
        ]
        await asyncio.sleep(0)
        places.give_back()
        await asyncio.gather(*waiting)
        assert not places.is_full
        return served

    assert asyncio.run(scene()) == ["urgent 1", "urgent 2", "patient 1", "patient 2"]


def test_a_place_is_not_lost_with_somebody_who_gives_up() -> None:
    async def scene() -> None:
        places = Places(1)
        await places.take()
        early = asyncio.create_task(places.take())
        late = asyncio.create_task(places.take())
        await asyncio.sleep(0)
        early.cancel()
        places.give_back()  # goes to `late`, or to `early`, which passes it on
        await late
        places.give_back()
        assert not places.is_full

    asyncio.run(scene())


def test_a_place_given_to_somebody_who_just_gave_up_goes_on() -> None:
    async def scene() -> None:
        places = Places(1)
        await places.take()
        gone = asyncio.create_task(places.take())
        await asyncio.sleep(0)
        places.give_back()
        gone.cancel()
        await asyncio.gather(gone, return_exceptions=True)
        await asyncio.wait_for(places.take(), 1)

    asyncio.run(scene())
