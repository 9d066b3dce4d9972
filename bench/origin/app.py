"""The message services of the system that we replace, in our own words: Flask and boto3 on the same table.

It has no tokens, no check of membership, no read markers, no unread counts and no defence against repeats. The caller is
named by headers; the original looks the person up in PostgreSQL. A stream Lambda moves the group rows; a call only puts
the message.
"""

import os
from datetime import datetime, timezone
from uuid import uuid4

import boto3
from flask import Flask, request

TABLE = os.environ["DDB_TABLE"]
PAGE = 20
MAX_CHARS = 1024

app = Flask(__name__)


def connect():
    """A client for one call, as in the original, where this is most of a call's work."""
    return boto3.client("dynamodb", endpoint_url=os.environ["AWS_ENDPOINT_URL_DYNAMODB"])


# The first client loads what the later ones share. Two threads cannot do that at the same time.
connect()


def newest(pk):
    """The newest items of a partition, of this year."""
    answer = connect().query(
        TableName=TABLE,
        KeyConditionExpression="pk = :pk AND begins_with(sk, :year)",
        ExpressionAttributeValues={":pk": {"S": pk}, ":year": {"S": str(datetime.now().year)}},
        ScanIndexForward=False,
        Limit=PAGE,
    )
    return answer["Items"]


def text(item, name):
    return item[name]["S"]


@app.get("/healthz")
def healthz():
    return "ok"


@app.get("/message_groups")
def list_message_groups():
    rows = newest("GRP#" + request.headers["X-User-Uuid"])
    return [
        {
            "uuid": text(row, "message_group_uuid"),
            "display_name": text(row, "user_display_name"),
            "handle": text(row, "user_handle"),
            "message": text(row, "message"),
            "created_at": text(row, "sk"),
        }
        for row in rows
    ]


@app.get("/messages/<message_group_uuid>")
def list_messages(message_group_uuid):
    items = newest("MSG#" + message_group_uuid)
    return [
        {
            "uuid": text(item, "message_uuid"),
            "display_name": text(item, "user_display_name"),
            "handle": text(item, "user_handle"),
            "message": text(item, "message"),
            "created_at": text(item, "sk"),
        }
        for item in reversed(items)
    ]


@app.post("/messages")
def create_message():
    message = request.json["message"]
    if not message.strip():
        return {"errors": ["message_blank"]}, 422
    if len(message) > MAX_CHARS:
        return {"errors": ["message_exceed_max_chars"]}, 422
    sender = {
        "user_uuid": request.headers["X-User-Uuid"],
        "user_handle": request.headers["X-User-Handle"],
        "user_display_name": request.headers["X-User-Display-Name"],
    }
    group = request.json["message_group_uuid"]
    created_at = datetime.now(timezone.utc).isoformat(timespec="microseconds")
    created = {"message_uuid": str(uuid4()), "message": message, **sender}
    item = {"pk": "MSG#" + group, "sk": created_at, **created}
    connect().put_item(TableName=TABLE, Item={name: {"S": value} for name, value in item.items()})
    return {"message_group_uuid": group, "created_at": created_at, **created}
