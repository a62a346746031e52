"""Matters in English."""

from config.demo.texts.matter import Matter

MATTERS: tuple[Matter, ...] = (
    Matter(
        team="payments",
        subject="Payout to {store} stuck in “processing”",
        body="Hello, the payout of {amount} to our {store} account has been “processing” for {n} hours. It usually "
        "takes one. Our supplier is paid from it. Can you see where it hangs?\n\n{name}",
        reply="Hello {name}, thank you for the details. I can see the payout and have asked our bank for its trace. "
        "Could you confirm that the account of {store} ends in {code}?\n\n{agent}",
        answer="Yes, it ends in {code}. Nothing has changed on our side.",
        solution="Hello {name}, the bank released it and {amount} has left for {store}. It was held for a routine "
        "check of the recipient's name; we have corrected the name, so that it does not happen again.\n\n{agent}",
        note="Held by the bank's name screening. Asked for release, reference MP-{code}.",
        tags=("payout",),
    ),
    Matter(
        team="payments",
        subject="Terminal {code} rejects every contactless card",
        body="Since this morning terminal {code} in {store} refuses contactless. Chip works. We restarted it twice, "
        "same code 51R. There is a queue at the counter.",
        reply="Hello {name}, 51R means that the terminal lost its contactless keys. I have queued a new set; please "
        "leave it on and connected for ten minutes, then try a small amount.\n\n{agent}",
        answer="Done. The first two cards went through, the third gave 51R again.",
        solution="Thank you, {name}. The second half of the keys has arrived now and the last {n} payments on {code} "
        "were contactless. I will look at it once more tomorrow morning.\n\n{agent}",
        note="Key injection timed out half way. Re-sent from the console, both parts confirmed.",
        tags=("terminal",),
    ),
    Matter(
        team="payments",
        subject="Customer was charged twice for order {code}",
        body="One of our customers shows a statement with {amount} twice for order {code}. We see one payment only. "
        "She is rightly upset. What do I tell her?",
        reply="Hello {name}, I see one captured payment and one authorisation that was never captured. The second one "
        "only reserves the money. Which bank issued her card? Then I can say when it will vanish.\n\n{agent}",
        answer="She banks with Norrbank. She says that it is three days now.",
        solution="We have sent a reversal for the open authorisation to Norrbank; it shows within a day. You can tell "
        "her that {amount} was never taken a second time.\n\n{agent}",
        note="Authorisation without capture, terminal went offline between the two. Reversal sent.",
        tags=("double-charge",),
    ),
    Matter(
        team="payments",
        subject="Payment link for {store} opens an empty page",
        body="The payment links that we send for {store} open an empty page on phones. On a computer they work. About "
        "{n} customers have written to us since yesterday.",
        reply="Hello {name}, thank you. I can repeat it with older phones. Could you send me one of the links, so that "
        "I can look it up in our logs?\n\n{agent}",
        answer="Here is one: pay.meridiano.example/l/{code}. All of them behave like this.",
        solution="Hello {name}, the page used a font that old browsers refuse. It is corrected, and link {code} opens "
        "on all phones that we have here.\n\n{agent}",
        note="Regression of Tuesday's release, only browsers older than three years. Fix is out.",
        tags=("payment-link",),
    ),
    Matter(
        team="payments",
        subject="How do I change the name on receipts?",
        body="Our receipts still show the old company name. Where can I change it for {store}? I looked through all "
        "the settings of the payment account.",
        reply="Hello {name}, the name on receipts follows the contract, so I change it for you. Please send me the "
        "registration document with the new name.\n\n{agent}",
        answer="Attached to the form in the account, number {code}.",
        solution="Thank you, {name}. From the next receipt on it says the new name. Receipts already printed keep the "
        "old one.\n\n{agent}",
        note="Document checked, name changed in the merchant register.",
        tags=("account",),
    ),
    Matter(
        team="payments",
        subject="Payment limit of {amount} is too low for the season",
        body="From next week we expect single payments above {amount} in {store}. The terminal refuses them. Can the "
        "limit be raised for {n} weeks?",
        reply="Hello {name}, it can. For a limit above yours I need the turnover of last season; a figure for each "
        "month "
        "is enough.\n\n{agent}",
        answer="It was about the same each month, I have written the figures into the form {code}.",
        solution="The higher limit is in force for {store} from today and ends by itself after {n} weeks.\n\n{agent}",
        note="Within my own limit. No approval needed.",
        tags=("limits",),
    ),
    Matter(
        team="settlement",
        subject="Settlement report shows yesterday's rate",
        body="The settlement report of {store} converts with yesterday's exchange rate, so that we are {amount} short "
        "against our books. Is that right?",
        reply="Hello {name}, the rate is taken when the batch closes, which was before midnight for you. May I ask "
        "which rate your books use?\n\n{agent}",
        answer="The one of the day on which the money arrives. It was always like that.",
        solution="Hello {name}, I have sent you the report with both rates, and set {store} to the rate of arrival. "
        "The difference of {amount} is explained line by line in it.\n\n{agent}",
        note="Rate source was changed with the contract in spring. Set back to arrival date, {code}.",
        tags=("exchange-rate",),
    ),
    Matter(
        team="settlement",
        subject="{n} transactions missing in the settlement file",
        body="Our reconciliation misses {n} transactions in the settlement file of {store}, together {amount}. They "
        "are in "
        "the dashboard, but not in the file.",
        reply="Hello {name}, I compare the two right now. Could you send me the number of one that is "
        "missing?\n\n{agent}",
        answer="For example {code}. All of them are from after 22:00.",
        solution="The file was cut before the last batch. You find a complete one in your folder; the {n} are in it. "
        "We now wait for the last batch before we write the file.\n\n{agent}",
        note="Race between batch close and export. Ticket with engineering; export is delayed by ten minutes.",
        tags=("reconciliation",),
    ),
    Matter(
        team="settlement",
        subject="Settlement arrived in the wrong account",
        body="The settlement of {amount} for {store} went to our old bank account, which will be closed in {n} days. "
        "We "
        "changed the account a week ago.",
        reply="Hello {name}, I am sorry. The change was made after the batch was built. I have asked the bank to send "
        "it "
        "back. Is the new account the one that ends in {code}?\n\n{agent}",
        answer="Yes, {code}. Please hurry, I cannot reach the old one any more.",
        solution="The bank has returned it and it has gone to the account ending in {code} this morning.\n\n{agent}",
        note="Recall confirmed by the bank. Second approval for the new account is on file.",
        tags=("bank-account",),
    ),
    Matter(
        team="risk",
        subject="Chargeback evidence for order {code} must be sent today",
        body="The chargeback over {amount} ends today and the form does not take our files: it says that they are too "
        "large. They are three scans. Please help.",
        reply="Hello {name}, please send them to me here, I will add them by hand. What did the customer "
        "order?\n\n{agent}",
        answer="Two lamps, delivered and signed for. I have added the three documents.",
        solution="The evidence is with the card scheme since a few minutes, well before the end. They answer within "
        "{n} days; I will tell you.\n\n{agent}",
        note="Uploaded by hand, receipt {code}. The form's limit is 4 MB, which is too low.",
        tags=("chargeback",),
    ),
    Matter(
        team="risk",
        subject="Many small payments that look like fraud",
        body="Since last night {store} gets payments of one to three euros from ever different cards, {n} by now. "
        "Nobody orders anything. Is it fraud?",
        reply="Hello {name}, well seen: somebody is testing stolen cards. I have switched on the stricter check for "
        "{store}. Do you sell anything below five euros?\n\n{agent}",
        answer="No, our cheapest article is twelve.",
        solution="We refuse payments under five euros for {store} from now on and have given back the {n} small ones, "
        "so "
        "that no chargebacks come of them.\n\n{agent}",
        note="Card testing from two networks, both blocked. Rule {code} added for the merchant.",
        tags=("fraud", "card-testing"),
    ),
    Matter(
        team="risk",
        subject="Account frozen after the fraud check",
        body="Our account says “frozen, fraud check” since noon. We had a sale, nothing else. {amount} is in it and we "
        "must pay wages in {n} days.",
        reply="Hello {name}, I have read the case. Your sale tripled the usual turnover, and that set off the check. "
        "Could you send me a link to the sale?\n\n{agent}",
        answer="It is on our front page, and here is the newsletter, number {code}.",
        solution="Thank you. The account is free again and {amount} will be paid out with the next run.\n\n{agent}",
        note="Turnover explained by the sale. Released, threshold raised for two weeks.",
        tags=("fraud",),
    ),
    Matter(
        team="integrations",
        subject="Webhook signature fails after key rotation",
        body="We rotated the key as the guide says and since then every webhook of type payout.settled has a signature "
        "that does not match (HMAC). Other types are fine. {n} events are waiting.",
        reply="Hello {name}, thank you for naming the type. That one is sent by another service, which may still use "
        "the "
        "old key. Could you send me the id of one event?\n\n{agent}",
        answer="evt_{code}. We have kept them all and can take them again.",
        solution="Hello {name}, the second service had the old key in its cache. It has the new one now, and the {n} "
        "events have been sent again.\n\n{agent}",
        note="Key cache lives for a day on the settlement side. Engineering shortens it to five minutes.",
        tags=("webhook",),
    ),
    Matter(
        team="integrations",
        subject="Plugin update breaks the checkout of {store}",
        body="After the plugin update to version 4.{n} the checkout of {store} shows “method unavailable”. We went "
        "back "
        "to the old version for now.",
        reply="Hello {name}, going back was right. Which version of the shop system do you run?\n\n{agent}",
        answer="The long-term one, {code}. We cannot update before the holidays.",
        solution="Version 4.{n}.1 of the plugin works with your shop system again; it is in the market "
        "place.\n\n{agent}",
        note="Plugin asked for a function that the long-term version lacks. Patched.",
        tags=("plugin",),
    ),
    Matter(
        team="integrations",
        subject="Sandbox answers 503 every few minutes",
        body="Our tests against the sandbox fail at random with 503, roughly one in {n}. Is there maintenance?",
        reply="Hello {name}, no maintenance. From which network do your tests come? The sandbox allows sixty calls a "
        "minute for each.\n\n{agent}",
        answer="From a build machine, we may well make more than that when two builds run.",
        solution="I have raised the limit for your key {code}. From next month on the sandbox says 429 with a waiting "
        "time instead of 503.\n\n{agent}",
        note="Limit raised. The wrong status code is known.",
        tags=("sandbox",),
    ),
    Matter(
        team="finance",
        subject="Invoice of last month has the wrong tax number",
        body="The invoice over {amount} shows the tax number of our old company. Our accountant will not book it. "
        "Please "
        "send a corrected one.",
        reply="Hello {name}, of course. Please tell me the right number, and from which date on it applies.\n\n{agent}",
        answer="It is {code}, from the first of last month.",
        solution="The corrected invoice is in your account, and the old one is marked as cancelled.\n\n{agent}",
        note="Credit note and new invoice made, both in the ledger.",
        tags=("invoice",),
    ),
    Matter(
        team="finance",
        subject="Refund of {amount} above my limit",
        body="I want to give a customer of {store} a refund of {amount}, and the form says that it is above my limit. "
        "She "
        "returned a whole kitchen. Can you do it? It is for invoice {code}.",
        reply="Hello {name}, it is above mine, too, so I ask for approval. Is the money still on your "
        "balance?\n\n{agent}",
        answer="Yes, we have not paid anything out since.",
        solution="It has been approved and the refund is on its way; the bank says {n} days.\n\n{agent}",
        note="Asked for approval up the line. Balance covers it.",
        tags=("refund",),
    ),
    Matter(
        team="operations",
        subject="Confirm the new owner of our company",
        body="Our company has a new owner since the first. Which papers do you need from us, and by when?",
        reply="Hello {name}, congratulations. We need the extract of the register, not older than three months, and a "
        "copy of the new owner's passport. There is no hurry: {n} days are fine.\n\n{agent}",
        answer="The extract is under way, I will send both together.",
        solution="Thank you, everything is here and checked. You need do nothing more.\n\n{agent}",
        note="Papers complete. Second pair of eyes: done.",
        tags=("account",),
    ),
)
