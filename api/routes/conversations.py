"""Conversations, the records of answers, and feedback."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import JSONResponse

from api.answer_service import AnswerServiceDep
from api.dependencies import OwnerDep
from api.errors import RequestInvalid
from api.schemas.chat import (
    AnswerRecordBody,
    ConversationBody,
    ConversationInFull,
    ConversationList,
    ConversationTitle,
    FeedbackBody,
)
from api.schemas.requests import errors
from api.streams.watch import end_stopped
from rag.storing.feedback import Feedback, Rating

router = APIRouter(tags=["conversations"])

ConversationId = Annotated[str, Path(max_length=100, description="As `POST /chat` returned it.")]
AnswerId = Annotated[str, Path(max_length=100, description="As the answer gave it.")]


@router.get(
    "/conversations",
    responses={200: {"model": ConversationList}, **errors(422, 503)},
    summary="List conversations, the last used first",
)
async def list_conversations(
    service: AnswerServiceDep,
    owner: OwnerDep,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    after: Annotated[str | None, Query(max_length=100, description="`next` of a page.")] = None,
    search: Annotated[str, Query(max_length=200, description="Words of the title.")] = "",
) -> Any:
    """Return a page of the caller's conversations without their turns."""
    page = await service.list_conversations(owner, limit, after, search)
    shown = [conversation.to_json() for conversation in page.conversations]
    return JSONResponse({"conversations": shown, "next": page.next})


@router.delete(
    "/conversations", status_code=204, responses=errors(403, 503), summary="Delete them all"
)
async def delete_all(request: Request, service: AnswerServiceDep, owner: OwnerDep) -> None:
    """Delete every conversation of the caller, with answers and feedback.

    Answers that are being written are stopped.
    """
    await service.delete_conversations(owner)
    await end_stopped(service, request.app.state.live_streams)


@router.get(
    "/conversations/{conversation_id}",
    responses={200: {"model": ConversationInFull}, **errors(404, 422, 503)},
    summary="Show a conversation with its turns",
)
async def show(service: AnswerServiceDep, owner: OwnerDep, conversation_id: ConversationId) -> Any:
    """Return a conversation with its turns, each with its citations and feedback."""
    found = await service.in_database(lambda: service.conversations.get(conversation_id, owner))
    return JSONResponse({**found.to_json(), "turns": [turn.to_json() for turn in found.turns]})


@router.patch(
    "/conversations/{conversation_id}",
    responses={200: {"model": ConversationBody}, **errors(400, 404, 422, 503)},
    summary="Rename a conversation",
)
async def rename(
    service: AnswerServiceDep,
    owner: OwnerDep,
    conversation_id: ConversationId,
    body: ConversationTitle,
) -> Any:
    """Give a conversation another title."""
    renamed = await service.in_database(
        lambda: service.conversations.rename(conversation_id, owner, body.title)
    )
    return JSONResponse(renamed.to_json())


@router.delete(
    "/conversations/{conversation_id}",
    status_code=204,
    responses=errors(404, 422, 503),
    summary="Delete a conversation",
)
async def delete(
    request: Request, service: AnswerServiceDep, owner: OwnerDep, conversation_id: ConversationId
) -> None:
    """Delete a conversation with its answers and feedback; nothing of it is left.

    An answer that is being written for it is stopped.
    """
    await service.in_database(lambda: service.conversations.delete(conversation_id, owner))
    await end_stopped(service, request.app.state.live_streams)


@router.get(
    "/answers/{answer_id}",
    responses={200: {"model": AnswerRecordBody}, **errors(404, 422, 503)},
    summary="Tell how an answer came to be",
)
async def show_answer(service: AnswerServiceDep, owner: OwnerDep, answer_id: AnswerId) -> Any:
    """Return the answer with its question as searched, channel ranks, prompt and verdicts."""
    record = await service.in_database(lambda: service.answers.get(answer_id, owner))
    return JSONResponse(record.to_json())


@router.delete(
    "/answers/{answer_id}",
    status_code=204,
    responses=errors(404, 422, 503),
    summary="Delete an answer that belongs to no conversation",
)
async def delete_answer(service: AnswerServiceDep, owner: OwnerDep, answer_id: AnswerId) -> None:
    """Delete the record of a question asked alone, with its feedback.

    A turn of a conversation goes with the conversation only.
    """
    try:
        await service.in_database(lambda: service.answers.delete(answer_id, owner))
    except ValueError as error:
        raise RequestInvalid(str(error)) from None


@router.post(
    "/feedback",
    status_code=204,
    responses=errors(400, 404, 413, 422, 503),
    summary="Rate an answer, or take the rating back",
)
async def rate(service: AnswerServiceDep, owner: OwnerDep, body: FeedbackBody) -> None:
    """Keep one rating per answer: the latest."""

    def keep() -> None:
        if body.rating is None:
            service.feedbacks.remove(body.answer_id, owner)
        else:
            given = Feedback(body.answer_id, Rating(body.rating), body.reason, body.correction)
            service.feedbacks.put(given, owner)

    await service.in_database(keep)
