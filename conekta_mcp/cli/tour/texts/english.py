"""The tour in English."""

TEXTS = {
    "json_attended": "--json: it goes with --unattended; to a person the tour speaks",
    "no_terminal": (
        "tour: it asks questions, and input or output is a file or a pipe here; run it on a terminal, or "
        "with --unattended to let it play by itself"
    ),
    "yes": "yes",
    "opening": "Opening the shop: people, CLABEs and orders, on a sandbox that ends with you…",
    "title": "{number} of {count} · {name}",
    "go_on": "Enter goes on",
    "help": (
        "Enter takes what stands in brackets. skip goes to the next chapter, back to the one before, "
        "quit ends; so do Ctrl+C and Ctrl+D."
    ),
    "way_back": (
        "So far. Nothing of this was kept, and no money moved. To go on where you were: conekta-mcp tour "
        "--chapter {number}"
    ),
    "no_amount": "“{typed}” is no amount in pesos: type one such as 500 or 500.50.",
    "no_number": "“{typed}” is not in the list: type a number from 1 to {count}.",
    "took_customer": "(As you skipped that chapter, the person is {name}.)",
    "made_clabe": "(As you skipped that chapter, {name} has already got the CLABE {clabe}.)",
    "made_order": "(This chapter needs a bill: the tour has made one of {amount}.)",
    "made_payment": "(And its payment has arrived.)",
    "plan": "Monthly plan",
    "unanswered": (
        "You did not answer, so the call answered that it waits for a person: nothing was done. An agent "
        "makes the same call again, and the question is still the same one."
    ),
    "ask_again": "Enter makes the call again",
    "declined": "You said no, and nothing was done. Try again, or type skip.",
    "refused": "Nothing was done. Try again with something else, or type skip.",
    "shop_title": "The shop",
    "shop_text": (
        "You are in an invented shop with five customers. Behind it the real server runs on the sandbox: "
        "a Conekta without a network, with its rules and its refusals. You play the person who works "
        "with an agent: you type what the agent would call, and see what the server answers it. Nothing "
        "is recorded beforehand."
    ),
    "keys": (
        "At every question Enter takes what stands in brackets; you can also type skip, back or quit. "
        "The arrow → is the call as the agent makes it."
    ),
    "shop_end": (
        "Amounts are shown in pesos; agents send centavos, 75000 is MXN 750.00. What other people typed, "
        "such as names, is marked as data and never as instructions."
    ),
    "people_title": "Look up a person",
    "people_text": "An agent finds a customer by name, e-mail or phone, or by a part of one.",
    "people_ask": "Whom do you look for?",
    "people_none": "Nobody in this shop is called that. Try Ana, Luis, María or Jorge.",
    "people_which": "There are {count}. Which one? Type the number",
    "people_end": "It is {name}, then. Where there are several people, an agent asks you and does not guess.",
    "clabe_title": "Their CLABE",
    "clabe_text": (
        "A recurring CLABE belongs to one person: they save it at their bank once, and pay every bill there."
    ),
    "clabe_none": "{name} has no CLABE yet.",
    "clabe_ask": "Enter gives them one",
    "clabe_end": "The CLABE is {clabe}. Giving a CLABE moves no money, so nobody asked you.",
    "bill_title": "Bill, and say yes",
    "bill_text": (
        "Now it is about money. This shop asks a person before it bills (--confirm money), and one call "
        "may be of {most} at most (--max-amount). The question is written by the server from what it has "
        "just read at Conekta, and not by the agent."
    ),
    "bill_ask": "How many pesos do you bill {name}?",
    "bill_title_ask": "What for?",
    "bill_end": (
        "Your yes counted once, for that call and no other. If the agent changes the amount, you are "
        "asked again. The order waits for its payment at the same CLABE."
    ),
    "pay_title": "The payment arrives",
    "pay_text": (
        "Now you play the payer, at their bank. simulate_payment exists on the sandbox only. Try a wrong "
        "amount too: the transfer goes back to the payer."
    ),
    "pay_ask": "How many pesos do you transfer to {clabe}?",
    "pay_returned": "That was not the exact amount: the transfer went back, and the order is still unpaid.",
    "pay_message": "Hola, soy {name}, ya pagué hoy",
    "pay_find": "The person writes to you. What do they say?",
    "pay_end": (
        "This answers “has my payment arrived?”: which order it is, how sure that is, and when it was "
        "paid. Where nothing is found, the agent says how far it looked."
    ),
    "refund_title": "Refund a part",
    "refund_text": (
        "A refund takes money out of the account, so you are asked again. This shop refunds {most} a day "
        "at most (--max-daily-refunds)."
    ),
    "refund_ask": "How many pesos do you refund, of {total}?",
    "refund_end": (
        "Had Conekta's answer been lost, the server would have read the order to find out whether it was "
        "refunded, and a repeat would not have refunded twice."
    ),
    "limits_title": "Ask for too much",
    "limits_text": (
        "The limits are set by whoever runs the server, and no agent changes them: {most} a call, {day} "
        "of refunds a day. Try to get past them."
    ),
    "limits_ask": "How many pesos do you bill? More than {most}",
    "limits_small": "That is within {most}: type more.",
    "limits_refund_ask": "And how many pesos do you refund of {total}, to get past the day's?",
    "limits_fitted": "That was within what was left, and you said yes: it was done.",
    "limits_end": (
        "outcome: not_applied means it is certain that nothing was done. It was refused before you were "
        "asked and before anything went to Conekta, and the agent reads that it should not look for "
        "another way."
    ),
    "audit_title": "The audit",
    "audit_text": (
        "Every write and every refusal is on record: who, what, how much, who said yes, and how it "
        "ended. It is what conekta-mcp logs and conekta-mcp audit show."
    ),
    "audit_ask": "Enter shows what you did",
    "audit_empty": "You have written nothing yet: chapters 4 to 7 do.",
    "audit_verify_ask": "Enter checks that nothing was changed (conekta-mcp audit --verify)",
    "audit_end": (
        "Each record carries the hash of the one before it: what somebody changes or removes is noticed. "
        "That is all: 8 chapters, and no money moved."
    ),
    "offer": "To do it now type install or login; Enter ends",
    "offer_client": "Which client? ({names})",
    "offer_unknown": "“{typed}” is none of them.",
}
