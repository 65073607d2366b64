-- name: action_of_key(key_digest)^
-- The action that used this key, and whether its lease still runs without an answer.
select fingerprint, envelope, update_id, answer, answer is null and leased_until > now() as running
from action
where key_digest = :key_digest;

-- name: owner_of_order(order_id)^
-- Whose order it is, and of which community.
select community, subject_id from intake where order_id = :order_id;

-- name: write_action(key_digest, fingerprint, order_id, command, actor, update_id, envelope, lease, subject_id, community, text_ids, text_fields, text_seals, text_digests, terms_digests, terms)!
-- Writes an action with its sealed words, not kept yet, and the terms it carries.
with pinned as (
  insert into terms (digest, body)
  select digest, body from unnest(:terms_digests::text[], :terms::jsonb[]) as brought (digest, body)
  on conflict (digest) do nothing
),
said as (
  insert into pii_text (text_id, order_id, subject_id, community, field, sealed, digest, key_digest)
  select text_id, :order_id, :subject_id, :community, field, sealed, digest, :key_digest
  from unnest(:text_ids::text[], :text_fields::text[], :text_seals::bytea[], :text_digests::text[])
    as word (text_id, field, sealed, digest)
)
insert into action (key_digest, order_id, command, actor, fingerprint, update_id, envelope, leased_until)
values (:key_digest, :order_id, :command, :actor, :fingerprint, :update_id, :envelope, now() + :lease::interval);

-- name: lease_action(key_digest, lease)!
-- A repeat takes the action over.
update action set leased_until = now() + :lease::interval where key_digest = :key_digest and answer is null;

-- name: answer_action(key_digest, answer)!
-- The answer, once.
update action set answer = :answer, answered_at = now() where key_digest = :key_digest and answer is null;

-- name: drop_action(key_digest)!
-- Frees a key whose refusal is not to be repeated.
delete from action where key_digest = :key_digest and answer is null;

-- name: drop_loose_texts(key_digest)!
-- Deletes the words of an action that no event refers to.
delete from pii_text where key_digest = :key_digest and not kept;
