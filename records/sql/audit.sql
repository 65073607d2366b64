-- name: lock_chain(chain)^
-- Lets writers of one chain in one after another, until the transaction ends.
select pg_advisory_xact_lock(hashtextextended(:chain::text, 2));

-- name: chain_end(chain)^
-- The last event of a chain.
select seq, hash from audit_event where chain = :chain order by seq desc limit 1;

-- name: append_audit_event(chain, seq, at, body, hash)!
-- The next event of a chain.
insert into audit_event (chain, seq, at, body, hash) values (:chain, :seq, :at, :body, :hash);

-- name: chain_events(chain)
-- A chain in its order.
select seq, at, body, hash from audit_event where chain = :chain order by seq;
