"""The one path of a write: policy, effect, approval, limits, claim, one request, verification, audit.

`WritePipeline.run` (pipeline.py), from the arguments to the outcome. "refuse" raises a Failure: nothing is
sent. run() records what this server refuses in the audit log, except a failure of the store.

    earlier?   only with an idempotency_key: Intents.await_finished_claim looks for its claim
      |          none: go on        done: answer as the first time        other arguments: refuse
      |          a live call has it: wait up to 60 s, then "in_progress"  lost: settle (below)
      v
    LOCK       on every id that the call touches, or on the arguments: locks.hold_locks
    earlier?   again, since another call may have finished meanwhile
    equal?     an equal call with another key was lost: settle it by reading, or refuse
    assess     policy denies: refuse; read the object (read_effect); policy.decide: deny, confirm, allow;
               what was read names more ids: UNLOCK, LOCK them too, and from "earlier?" again
      |
      +-- confirm --> UNLOCK: no lock is held while a person decides
      |                  |
      |               ask: Consent.obtain --> no yes: refuse
      |                  |                --> PendingQuestion: return it; the client makes the call again
      |                  v yes
      |               LOCK, earlier?, equal?, assess again --> another effect than was shown: refuse
      v allow            v
    execute    shielded from cancellation
      reserve    all daily counters of the call, or none    --> a limit is exceeded: refuse
      claim      state "claimed", with a lease              --> another call has it: earlier? again;
                                                                release, unless that says "go on"
      record     "intent" in the audit log                  --> impossible: release, delete claim, refuse
      send       sending.send: one request; a lost answer (unknown) is verified at once, by reading
      note       claim and reservation; record "result" in the audit log; a store that fails here is logged
      v
    UNLOCK

    what came back                         claim      reservation  outcome in the "result" record
    success                                done       kept         applied
    402, the order exists                  done       kept         applied
    no answer or 5xx, verification finds   done       kept         applied (the answer says "settled")
    no answer or 5xx, anything else        unknown    kept         unknown
    refused, or the connection failed      deleted    released     not_applied

States of a claim (storage/records.py):

    (none) --claim--> claimed --answer is known--> done
      ^                |  ^  |
      |                |  |  +--answer is lost, or settle cannot tell--> unknown
      +--not applied---+  |                                                 |
                          +--settle takes it: compare and set, new lease----+

A process that dies leaves "claimed"; when its lease is over, settle takes that claim too. Intents.settle is
reached by a repeat with the key and by an equal call; `conekta-mcp settle` uses it for all claims:

    verify says applied                                                 --> done
    else, only a repeat, where Conekta accepts an Idempotency-Key and
      the claim is younger than an hour: send again; answered: applied  --> done
    else, verify says not_applied and the loss is 120 s ago             --> deleted, released; repeat: go on
    else                                                                --> unknown; the error names the key
"""
