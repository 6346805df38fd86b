"""The one path of a write: effect, policy, approval, claim, one request, verification, audit.

`WritePipeline.run` (pipeline.py), from the arguments to the outcome. "refuse" raises a Failure: nothing is
sent. run() records what this server refuses in the audit log, except a failure of the store.

    account    whose intent it is: ActiveAccount.read_identity, the company at Conekta whichever key acts
    earlier?   only with an idempotency_key: Intents.await_standing_claim looks at what stands in its place
      |          nothing, or nothing was applied: go on     done: its answer, "repeated"
      |          other arguments, or expired: refuse        lost, or at work: go on
      |          an equivalent tool used the key: refuse
      v
    LOCK       on every id that the call touches, or on the arguments: locks.hold_locks
    earlier?   again, since another call may have finished meanwhile; lost: settle (below); a live call
      |          has it: wait up to 60 s, then "in_progress"
    equal?     equal_calls.py, by the same arguments: lost: settle it by reading, or refuse;
      |          answered and nobody told (cancelled): its answer, "repeated"
    assess     policy denies: refuse; compute the effect, reading the object where it needs it (read_effect);
      |          policy.decide: deny, confirm, allow;
      |          what was read names more ids: UNLOCK, LOCK them too, and from "earlier?" again (three
      |          times in all; then refuse);
      |          an equal call without a key was answered in the last 10 minutes: of money and messages
      |          refuse ("possible_duplicate"), of others say so in the answer ("equal_call")
      |
      +-- confirm --> read what only the question needs; UNLOCK: no lock is held while a person decides
      |                  |
      |               ask: Consent.obtain --> no yes: refuse
      |                  |                --> PendingQuestion: return it; the client makes the call again
      |                  v yes
      |               LOCK, earlier?, equal?, assess again --> another effect than was shown: refuse
      v allow            v
    execute    shielded from cancellation
      claim      one transaction: all daily counters, the claim with its next attempt, "intent" in the audit
                 log of the store           --> a limit is exceeded: refuse; another call has it: earlier?
      record     "intent" in an audit file  --> impossible: released, refuse
      fence      immediately before each request leaves: confirmed within 5 s by a monotonic clock, or the
                 lease is renewed by compare and set, and so are the locks
                                            --> taken over, held up for 60 s, a lock lost: nothing is sent
      send       sending.send: one request; an answer that shows something else counts as lost;
                 a lost one is verified at once, by reading
      note       claim, reservation and "result" in the audit log, in one transaction if the store has it;
                 a store that fails here is logged
    UNLOCK     a caller that has gone meanwhile: the claim is marked, so that an equal call gets its answer

    what came back                          claim      reservation  outcome in the "result" record
    success                                 done       kept         applied
    402, the order exists                   done       given back   applied
    lost, and verification finds it         done       kept         applied (the answer says "settled")
    lost, anything else                     unknown    kept         unknown
    refused, or the connection failed       refused    given back   not_applied
    nothing left this machine               released   given back   not_applied

States of an intent (storage/records.py). Every form of a claim stays in its history; none is removed:

    (none) --claim--> claimed --answer is known--------------------------> done --30 days--> expired
                       ^ |  ^                                                (its key is refused)
       next attempt,   | |  +-- settle takes it: fence number + 1, new lease ---+
       new key for     | |                                                      |
       Conekta         | +--answer is lost, or settle cannot tell--> unknown ---+
                       |                                                |
                       +---- refused, released <--------- absent -------+---> a person's word: done or refused

A process that dies leaves "claimed"; when its lease is over, settle takes that claim too. Settler.settle is
reached by a repeat with the key and by an equal call; `conekta-mcp settle` uses it for all claims:

    verify says applied                                                 --> done
    else, only a repeat, where Conekta accepts an Idempotency-Key and
      the claim is younger than an hour: send again; answered: applied  --> done, else unknown
    else, verify says not_applied twice, 60 s apart, the first
      120 s after the last attempt                                      --> refused, by reading
      (a repeat goes on; in live mode only with a person's yes, since it may still arrive)
    else                                                                --> unknown; the error names the key
"""
