"""Escalations that are walked at this very moment, in each of the four steps."""

from datetime import datetime, timedelta

from calendars.worktime import WorkTime
from config.demo.scene import Scene
from config.demo.scenes import files, outage


def kedr(now: datetime, business: WorkTime) -> Scene:
    """Severity 1 by a missed resolution; in Resolve, and the promised update is overdue."""
    s = Scene("kedr-payouts", "oleg", now, business)
    at = s.wall
    s.opens(
        at(640),
        "Выплаты не приходят третий день, поставщики ждут",
        "Добрый день. Третий день не приходят выплаты на все три счёта, всего 3 870 000 ₽. Поставщики отказываются "
        "грузить. Что случилось?\n\nОлег Савин",
        "urgent",
        tags=("payout",),
    )
    s.reply(
        at(622),
        "ilya",
        "Олег, вижу все три выплаты, деньги у банка. Запросил розыск и напишу, как только ответят.\n\nИлья",
    )
    s.customer(at(560), "Банк подтвердил, что запрос получил, но срока не называет. Нам нужен срок.")
    s.note(at(545), "ilya", "Second bank could take all three, but somebody must recall the first ones. I cannot.")
    s.reply(at(520), "ilya", "Олег, мы просим банк вернуть переводы и отправим их через второй банк.\n\nИлья")
    return _kedr_in_the_room(s)


def _kedr_in_the_room(s: Scene) -> Scene:
    at = s.wall
    s.takes_on(at(150), "rosa", "3,870,000 ₽ of one merchant are stuck for the third day; suppliers load no goods.")
    s.informs(
        at(140),
        "rosa",
        "stakeholders",
        "Three payouts of Кедр Логистика are stuck at the bank since Thursday. Recall asked.",
        at(76),
    )
    s.informs(
        at(135),
        "rosa",
        "customers",
        "Олег, этим теперь занимаюсь я. Отзыв переводов запрошен. Напишу через час.\n\nРоса",
        at(72),
    )
    s.plans(
        at(130),
        "rosa",
        ("Have the three transfers recalled", "ilya", at(60)),
        ("Send them through the second bank", "anna", at(-60)),
        ("Tell Кедр Логистика the trace numbers", "rosa", at(-90)),
    )
    s.informs(
        at(75),
        "rosa",
        "customers",
        "Олег, банк принял отзыв двух переводов из трёх. Следующее сообщение скоро.\n\nРоса",
        at(22),
    )
    s.informs(
        at(78),
        "rosa",
        "stakeholders",
        "The bank has accepted the recall of two of the three transfers. The second bank stands ready.",
        at(-25),
    )
    s.does(at(62), "rosa", "begin_resolution")
    return _is_planned_by_experts(s)


def _is_planned_by_experts(s: Scene) -> Scene:
    """A task force, whose plan is changed by a review."""
    at = s.wall
    s.calls_together(at(60), "rosa", ("ilya",), ("anna",))
    plan = "Recall the three transfers one by one; the second bank takes them with new references."
    s.does(at(58), "ilya", "present_plan", body=plan)
    words = "Keep the old references until the bank acknowledges."
    s.does(at(55), "anna", "review_plan", version=1, verdict="change", comment=words)
    s.does(at(50), "ilya", "present_plan", body=f"{plan} The old references stay until then.", reason="Anna's review.")
    s.does(at(47), "anna", "review_plan", version=2, verdict="accept")
    return s.ticks(at(45), "ilya", 1)


def aurora(now: datetime, business: WorkTime) -> Scene:
    """Severity 1, approved with two more people; in Communicate, with the first hour nearly over."""
    s = Scene("aurora-payouts", "cora", now, business)
    at = s.wall
    _aurora_and_her_agent(s)
    s.hierarchical(
        at(75),
        "anna",
        1,
        "Payouts rejected, São Paulo settlement batch 07:30",
        reason="staff",
        tried="Trace asked at the bank; Settlement sends the batch again but has one person on it.",
        impact="The payouts of a whole batch are back: nine merchants in four countries wait for R$ 1,14 M.",
        wanted_by=at(30),
    )
    s.does(
        at(46),
        "mona",
        "decide",
        decision="resources",
        note="Take two people of Settlement until the batch is out. I have told Inês.",
        resources="Two people of Settlement until 18:00",
    )
    s.takes_on(at(42), "rosa")
    s.harms(at(34), "rosa", outage.HARMED).concerns(at(33), "rosa", "payouts", "settlement-file")
    s.names(at(32), "rosa", "architect", "viktor").names(at(32), "rosa", "engagement_executive", "ines")
    s.informs(
        at(30), "rosa", "stakeholders", "Nine merchants wait for the 07:30 batch. It is being sent again.", at(-40)
    )
    return s.plans(
        at(25),
        "rosa",
        ("Send the batch of 07:30 again", "dang", at(-30)),
        ("Tell the nine merchants a time", "anna", at(-35)),
        ("Ask the bank why it was rejected", "nadia", at(-120)),
    )


def _aurora_and_her_agent(s: Scene) -> None:
    at = s.wall
    s.opens(
        at(1100),
        "Payouts to three stores stuck in “processing” since yesterday",
        "Boa tarde. Os repasses das lojas Paulista, Moema e Santo André estão parados. Podem verificar?\n\nCora",
        "high",
        tags=("payout", "são-paulo"),
    )
    s.reply(
        at(1088), "anna", "Boa tarde, Cora. Estou vendo. As três contas continuam as mesmas?\n\nAnna", then_wait=True
    )
    s.customer(at(1040), "Sim, as mesmas de sempre.")
    s.reply(at(1000), "anna", "Obrigada, Cora. O banco está rastreando os três repasses.\n\nAnna")
    s.customer(
        at(210),
        "Bom dia. Os repasses das lojas Paulista, Moema e Santo André continuam em “processando” desde ontem. São "
        "R$ 212.480. Nunca demorou mais de uma hora.",
        files=(files.PAYOUTS_CSV,),
    )
    s.note(
        at(197),
        "ilya",
        "Settlement confirms the 07:30 batch was rejected by the bank. Nine merchants. @Anna please do not promise a "
        "time "
        "before the escalation has one.",
    )
    s.reply(
        at(193),
        "anna",
        "Bom dia, Cora. O lote das 07:30 foi recusado pelo banco e o time de Liquidação já está reenviando. O "
        "dinheiro não "
        "se perdeu. Volto com o horário.\n\nAnna",
    )
    s.customer(at(168), "Obrigada. Nosso fornecedor fecha ao meio-dia. O que eu digo a ele?")


def apteka(now: datetime, business: WorkTime) -> Scene:
    """Severity 2, handed to Risk; in Resolve, with an update promised within the hour."""
    s = Scene("apteka-cards", "galina", now, business)
    s.opens(
        s.worked(700),
        "46 странных платежей за ночь",
        "За ночь прошло 46 платежей по рублю с разных карт. Никто ничего не заказывал. Что делать?",
        team="payments",
        tags=("card-testing",),
    )
    s.reply(s.worked(640), "ilya", "Галина, спасибо, что заметили. Платежи остановлены, разбираемся.\n\nИлья")
    s.functional(
        s.wall(300),
        "ilya",
        "risk",
        2,
        "Card testing against a pharmacy chain",
        tried="Stopped payments below ten roubles.",
    )
    s.takes_on(s.wall(294), "elena", "46 payments with stolen cards; more cost the chain its rate with the schemes.")
    s.informs(
        s.wall(280),
        "elena",
        "stakeholders",
        "Card testing against Аптека Ромашка, 46 payments. Networks are being blocked.",
        s.wall(160),
    )
    s.informs(
        s.wall(275),
        "elena",
        "customers",
        "Галина, этим занимается наша команда безопасности. Мелкие платежи мы вернём.\n\nЕлена",
        s.wall(-35),
    )
    s.plans(
        s.wall(270),
        "elena",
        ("Block the two networks", "elena", s.wall(200)),
        ("Give back the 46 payments", "joaquin", s.wall(-240)),
        ("Add a rule for the shop", "elena", s.wall(-300)),
    )
    s.does(s.wall(200), "elena", "begin_resolution")
    s.informs(
        s.wall(170),
        "elena",
        "stakeholders",
        "Both networks are blocked, no new attempt for an hour. The 46 payments are being given back.",
        s.wall(-50),
    )
    return s.ticks(s.wall(90), "elena", 1)


def rio_claro(now: datetime, business: WorkTime) -> Scene:
    """Severity 3, handed to Settlement and taken on; in Communicate."""
    s = Scene("rio-claro-account", "lucia", now, business)
    s.opens(
        s.worked(1400),
        "Cannot add a second bank account for Uruguay",
        "Queremos cobrar las ventas de La Barra en otra cuenta, en Uruguay. El formulario dice que el banco no existe.",
        channel="web",
        team="payments",
        tags=("bank-account",),
    )
    s.reply(s.worked(1300), "anna", "Hola, Lucía. ¿Me pasa el código del banco y a nombre de quién está?\n\nAnna")
    s.customer(s.worked(1200), "Banco 137, a nombre de la sociedad. Adjunto el extracto.", files=(files.STATEMENT_CSV,))
    s.reply(s.worked(1100), "anna", "Gracias, Lucía. El banco es nuevo para nosotros; lo están agregando.\n\nAnna")
    s.functional(
        s.wall(200), "anna", "settlement", 3, "Second bank account for Uruguay", tried="Bank 137 is not in the table."
    )
    s.takes_on(s.wall(195), "dang")
    s.note(s.wall(184), "dang", "Test transfer of one peso sent.")
    return s.informs(
        s.wall(180),
        "dang",
        "customers",
        "Hola, Lucía. Enviamos una transferencia de prueba. Le escribo cuando el banco la confirme.\n\nHà",
        s.wall(-108),
    )


def ferragens(now: datetime, business: WorkTime) -> Scene:
    """Two at once: a decision that came back with an exception, and a resolution past due."""
    s = Scene("ferragens-refund", "paulo", now, business)
    s.opens(
        s.worked(1950),
        "Refund of R$ 18.400 above my limit, approval came back",
        "Um cliente devolveu uma compra de R$ 18.400 e o sistema não deixa devolver tudo de uma vez. (Ligação anotada "
        "por "
        "Bruno.)",
        channel="phone",
        by="bruno",
        team="payments",
        tags=("refund",),
    )
    s.reply(s.worked(1900), "bruno", "Paulo, o valor passa do meu limite. Pedi autorização e aviso.\n\nBruno")
    missed = s.hours.due(s.worked(1950), timedelta(minutes=1920))
    s.takes_on(missed + timedelta(minutes=6), "rosa")
    s.hierarchical(
        s.wall(4.9),
        "bruno",
        3,
        "Refund of R$ 18.400 above my limit",
        tried="Two refunds of half: the bank refuses the second.",
    )
    return s.does(
        s.wall(2),
        "mona",
        "decide",
        kind="hierarchical",
        decision="exception",
        note="Once, for this order. The customer has been with us since 2021.",
        amount="R$ 18.400",
    )


def atelier(now: datetime, business: WorkTime) -> Scene:
    """Handed to Risk and not acknowledged by anybody there."""
    s = Scene("atelier-chargeback", "elif", now, business)
    s.opens(
        s.worked(190),
        "Chargeback evidence must be sent today",
        "The chargeback over € 1,280 ends today and the form does not take our files. I add them here. Please help.",
        "high",
        channel="web",
        team="payments",
        tags=("chargeback",),
        files=(files.DELIVERY_NOTE, files.RECEIPT_PNG),
    )
    s.reply(
        s.worked(150), "anna", "Hello Elif, I have your files and hand them to our colleagues for chargebacks.\n\nAnna"
    )
    return s.functional(
        s.wall(25),
        "anna",
        "risk",
        3,
        "Chargeback evidence must be sent today",
        tried="The form's limit is 4 MB; the files are fine.",
        wanted_by=s.wall(-240),
    )


def quebrada_missed(now: datetime, business: WorkTime) -> Scene:
    """Missed eight minutes ago; the ladder has reached the lead, and goes on."""
    s = Scene("quebrada-puerto", "ramiro", now, business)
    return s.opens(
        s.wall(248),
        "El pago de US$ 8.430 a Puerto no llegó",
        "Buenos días. El pago a Puerto figura como enviado y el banco no lo ve. ¿Lo pueden rastrear?\n\nRamiro",
        tags=("payout",),
    )


PLAYED = (kedr, aurora, apteka, rio_claro, ferragens, atelier, quebrada_missed)
