"""Articles for customers: what is asked most, in English, and the two most read in Portuguese. Markdown."""

from config.demo.texts.articles import Answer

PROCESSING = """\
A payout is “processing” from the moment we send it until the recipient's bank confirms it.

# How long it takes

* **Pix**: seconds, at night and on holidays as well.
* **TED**: the same working day, if it was sent before 17:00 in São Paulo.
* **To another country**: one to three working days.

# When it takes longer

1. Look at the recipient's name: it must stand there as his bank has it.
2. Look at the account's number and the branch.
3. If both are right, wait until the time above is over.

# When to write to us

If the time is over, open a request with the payout's number. You need not send a copy of the receipt: we see it.
While you wait, do not send the payout a second time: see [a payout sent twice](/help/articles/payout-sent-twice/).
"""

PROCESSING_PT = """\
Um repasse fica “em processamento” desde o envio até a confirmação do banco do favorecido.

# Quanto tempo leva

* **Pix**: segundos, também à noite e em feriados.
* **TED**: no mesmo dia útil, se enviado antes das 17:00 em São Paulo.
* **Para outro país**: de um a três dias úteis.

# Quando demora mais

1. Confira o nome do favorecido: deve estar como no banco dele.
2. Confira a conta e a agência.
3. Se ambos estiverem certos, espere até o fim do prazo acima.

# Quando escrever para nós

Passado o prazo, abra um pedido com o número do repasse. Não é preciso mandar o comprovante: nós o vemos.
Enquanto espera, não envie o repasse outra vez.
"""

ACCOUNT = """\
The account to which your sales are paid out is changed by whoever signed the contract.

1. Open *Settings, Payouts* and choose *Change the account*.
2. Enter bank, branch and account. It must be held by the same company.
3. Confirm with the code that we send to your phone.

The change holds from the next working day on. Payouts that are under way still go to the old account.
"""

ACCOUNT_PT = """\
A conta em que suas vendas são creditadas é alterada por quem assinou o contrato.

1. Abra *Configurações, Repasses* e escolha *Alterar a conta*.
2. Informe banco, agência e conta. Ela deve ser da mesma empresa.
3. Confirme com o código enviado ao seu telefone.

A alteração vale a partir do próximo dia útil. Repasses em andamento ainda vão para a conta antiga.
"""

TWICE = """\
A payout that was sent twice can be called back while the second one is “processing”.

Choose it in the list, then *Call back*. Once the recipient's bank has confirmed it, only the recipient can return it:
write to him first, then to us with his answer.
"""

RECEIPT = """\
The tax receipt for a month is ready on its third working day, under *Reports, Tax receipts*.

If your company's name or tax number has changed, change it in *Settings, Company* first: a receipt that was issued is
not issued again under another name.
"""

SIGN_IN = """\
If you have a new phone, and the app with your codes was on the old one:

1. Choose *Another way* below the field for the code, and enter one of your recovery codes.
2. Open *My profile, Sign-in* and set the app up on the new phone.
3. Make new recovery codes, and keep them on paper.

Without recovery codes, an administrator of your company asks us by a request. We call back before we change anything.
"""

ANSWERS = (
    Answer("payout-processing", "My payout stays in “processing”", PROCESSING, reads=412),
    Answer(
        "repasse-em-processamento",
        "Meu repasse continua “em processamento”",
        PROCESSING_PT,
        "pt-br",
        "payout-processing",
        reads=377,
    ),
    Answer("change-settlement-account", "Change the settlement account", ACCOUNT, reads=268),
    Answer(
        "alterar-conta-de-repasse",
        "Alterar a conta de repasse",
        ACCOUNT_PT,
        "pt-br",
        "change-settlement-account",
        reads=230,
    ),
    Answer("payout-sent-twice", "A payout was sent twice", TWICE, reads=96),
    Answer("tax-receipt", "Get a tax receipt for a month", RECEIPT, reads=181),
    Answer("new-phone", "A new phone: codes for signing in", SIGN_IN, reads=74),
)
