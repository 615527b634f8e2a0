"""The tables of the index, all of it made again from the logs, and its queries."""

from typing import Final

SCHEMA: Final = """
create table if not exists logs (
    log_id integer primary key,
    writer text not null unique,
    is_open integer not null,
    size integer not null,
    last_hash text not null
);
create table if not exists named_ends (
    writer text primary key,
    last_hash text not null
) without rowid;
create table if not exists rebuilds (
    rebuilt_at text not null default (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
);
create table if not exists decisions (
    decision_id text primary key,
    log_id integer not null,
    offset integer not null,
    length integer not null,
    customer_id text not null,
    recorded_at text not null,
    awaits_review integer not null
);
create index if not exists decisions_of_customer
    on decisions (customer_id, recorded_at, decision_id);
create index if not exists decisions_to_review
    on decisions (recorded_at, decision_id) where awaits_review;
create table if not exists reviews (
    decision_id text not null,
    recorded_at text not null,
    log_id integer not null,
    offset integer not null,
    length integer not null,
    primary key (decision_id, recorded_at)
) without rowid;
create table if not exists keys (
    actor text not null,
    key_hash text not null,
    decision_id text not null,
    primary key (actor, key_hash)
) without rowid;
"""

NAME_END: Final = "insert or replace into named_ends values (?, ?)"

UNNAMED_ENDS: Final = """
select logs.writer, logs.size, logs.last_hash
from logs
left join named_ends on logs.writer = named_ends.writer
where logs.size > 0 and logs.last_hash is not named_ends.last_hash
order by logs.writer
"""

PLACE: Final = """
select found.decision_id, logs.writer, found.offset, found.length
from logs
inner join ({}) as found on logs.log_id = found.log_id
order by {}
"""
