-- What members of staff are about to be given (DSP-11): a claim keeps a place under somebody's limit from before its
-- command is sent until the record shows what came of it.
--
--   claimed → command answered → recorded: the order itself counts from here on

create table load_claim (
  person     text not null, -- usr_…
  order_id   text not null,
  key_digest bytea not null, -- of the command
  claimed_at timestamptz not null default now(),
  primary key (person, order_id)
);

-- Claims whose outcome the record does not show yet; one whose door died without an answer counts for ten minutes. A
-- function, for a view would go with any lost table that it reads (OPS-09).
create function open_claim() returns table (person text, order_id text, key_digest bytea, claimed_at timestamptz)
language sql stable as $$
  select claim.person, claim.order_id, claim.key_digest, claim.claimed_at
  from load_claim as claim
  where claim.claimed_at > now() - interval '10 minutes'
    and not exists (
      select from action
      where action.key_digest = claim.key_digest and (
        action.answer ? 'refused' or exists (
          select from work_order as known
          where known.order_id = claim.order_id and known.seq >= (action.answer ->> 'seq')::bigint
        )
      )
    )
$$;
