"""Matters in Spanish."""

from config.demo.texts.matter import Matter

MATTERS: tuple[Matter, ...] = (
    Matter(
        team="payments",
        subject="El pago de {amount} a {store} no llegó",
        body="Buenos días. El pago de {amount} a la cuenta de {store} figura como enviado hace {n} horas y el banco "
        "no lo "
        "ve. Tenemos que pagar a los proveedores hoy.\n\n{name}",
        reply="Buenos días, {name}. Veo el envío y pedí el rastreo al banco. ¿Me confirma que la cuenta termina en "
        "{code}?"
        "\n\n{agent}",
        answer="Sí, termina en {code}. Es la misma de siempre.",
        solution="Hola, {name}. El banco lo tenía retenido por un control de nombre. Ya está acreditado y corregimos "
        "el "
        "nombre para que no vuelva a pasar.\n\n{agent}",
        note="Bank held it for name screening. Released on request, trace {code}.",
        tags=("payout",),
    ),
    Matter(
        team="payments",
        subject="No puedo agregar una segunda cuenta bancaria para los pagos",
        body="Queremos cobrar las ventas de {store} en otra cuenta, en Uruguay. El formulario dice que el banco no "
        "existe. "
        "El código es {code}.",
        reply="Hola, {name}. El banco es nuevo en nuestra lista; lo agrego hoy y hacemos una transferencia de prueba. "
        "¿A "
        "nombre de quién está la cuenta?\n\n{agent}",
        answer="A nombre de la sociedad, igual que la primera.",
        solution="La transferencia de prueba llegó bien. La segunda cuenta quedó activa para {store}.\n\n{agent}",
        note="Bank code added to the table. Test transfer confirmed by Settlement.",
        tags=("bank-account",),
    ),
    Matter(
        team="payments",
        subject="La terminal {code} rechaza todas las tarjetas",
        body="Desde esta mañana la terminal {code} de {store} rechaza todas las tarjetas con error 51R. La "
        "reiniciamos dos "
        "veces. Hay {n} personas en la fila.",
        reply="Hola, {name}. Ese error indica que perdió las claves. Le envié un juego nuevo; déjela encendida diez "
        "minutos "
        "y pruebe con un monto pequeño.\n\n{agent}",
        answer="Funcionó con dos tarjetas y después otra vez el error.",
        solution="La segunda parte de las claves llegó recién. Los últimos {n} cobros pasaron bien. Mañana la reviso "
        "otra "
        "vez.\n\n{agent}",
        note="Key injection in two parts, the second one was late.",
        tags=("terminal",),
    ),
    Matter(
        team="payments",
        subject="Cobro duplicado a un cliente, pedido {code}",
        body="A un cliente le aparece dos veces el cobro de {amount} del pedido {code}. Nosotros vemos uno solo. ¿Qué "
        "le "
        "decimos?",
        reply="Hola, {name}. Hay un cobro y una autorización que no se capturó; esa solo reserva el dinero. ¿De qué "
        "banco "
        "es la tarjeta?\n\n{agent}",
        answer="Del Banco del Litoral. Ya lleva {n} días así.",
        solution="Enviamos la reversión al banco y la verá mañana. Puede decirle que nunca se cobró dos "
        "veces.\n\n{agent}",
        note="Open authorisation reversed.",
        tags=("double-charge",),
    ),
    Matter(
        team="settlement",
        subject="El extracto de liquidación no coincide con el banco",
        body="El extracto de liquidación de {store} dice {amount} más de lo que entró en el banco. Adjunto el "
        "extracto. "
        "¿De dónde sale la diferencia?",
        reply="Hola, {name}. Gracias por el extracto. Parece que faltan las retenciones del día. ¿El período es la "
        "semana "
        "completa?\n\n{agent}",
        answer="Sí, de lunes a domingo.",
        solution="La diferencia son las retenciones de {n} operaciones del domingo, que se liquidaron el lunes. Le "
        "mandé el "
        "detalle línea por línea.\n\n{agent}",
        note="Withholdings booked a day late. Report explained, no money missing.",
        tags=("reconciliation",),
    ),
    Matter(
        team="settlement",
        subject="Faltan {n} ventas en la liquidación de ayer",
        body="En la liquidación de ayer de {store} faltan {n} ventas, en total {amount}. En el panel sí aparecen.",
        reply="Hola, {name}. Las estoy comparando. ¿Me pasa el número de una que falte?\n\n{agent}",
        answer="Por ejemplo la {code}. Todas son de después de las 22.",
        solution="El archivo se cortó antes del último lote. En su carpeta está completo, con las {n} "
        "ventas.\n\n{agent}",
        note="Same race as last week: export before the last batch.",
        tags=("reconciliation",),
    ),
    Matter(
        team="settlement",
        subject="Tipo de cambio equivocado en la liquidación",
        body="La liquidación usa el tipo de cambio de anteayer y perdemos {amount}. El contrato dice el del día de "
        "pago.",
        reply="Hola, {name}. Tiene razón con el contrato. Estoy revisando desde cuándo ocurre. ¿Solo en "
        "{store}?\n\n{agent}",
        answer="Por lo que veo, sí, desde hace {n} días.",
        solution="Corregimos el tipo de cambio y acreditamos la diferencia de {amount} en {store}.\n\n{agent}",
        note="Rate source of {code} was wrong since the migration. Difference credited.",
        tags=("exchange-rate",),
    ),
    Matter(
        team="risk",
        subject="Contracargo por un pedido que sí entregamos",
        body="Recibimos un contracargo de {amount} por el pedido {code}, que fue entregado y firmado. ¿Cómo lo "
        "disputamos?",
        reply="Hola, {name}. Con el remito firmado tenemos buenas chances. ¿Me lo envía por aquí? El plazo vence en "
        "{n} "
        "días.\n\n{agent}",
        answer="Va el remito y la conversación con el cliente.",
        solution="Presentamos las pruebas y el banco emisor cerró el contracargo a su favor.\n\n{agent}",
        note="Evidence sent, case won.",
        tags=("chargeback",),
    ),
    Matter(
        team="risk",
        subject="Posible fraude: {n} compras con la misma dirección",
        body="Tenemos {n} compras de distintas tarjetas con la misma dirección de entrega. Nos huele a fraude. ¿Las "
        "enviamos?",
        reply="Hola, {name}. No las envíe todavía. Tres de esas tarjetas ya tienen denuncias. ¿Cuándo salía el camión?"
        "\n\n{agent}",
        answer="Mañana temprano. Las separamos.",
        solution="Devolvimos las {n} y bloqueamos la dirección. El resto de sus pedidos puede salir.\n\n{agent}",
        note="Ring known from case {code}. Address blocked.",
        tags=("fraud",),
    ),
    Matter(
        team="integrations",
        subject="El webhook llega dos veces",
        body="Desde ayer cada webhook llega dos veces y nuestro sistema despacha doble. Ya nos pasó con {n} pedidos.",
        reply="Hola, {name}. Recomendamos guardar el id del evento, pero no debería llegar doble. ¿Me pasa un ejemplo?"
        "\n\n{agent}",
        answer="evt_{code}, dos veces en el mismo segundo.",
        solution="Había dos suscripciones iguales para {store}; quité una. Le dejo la guía para ignorar "
        "repetidos.\n\n{agent}",
        note="Two subscriptions after the migration of the account.",
        tags=("webhook",),
    ),
    Matter(
        team="finance",
        subject="La factura del mes cobra la tarifa anterior",
        body="La factura de este mes usa la tarifa anterior al acuerdo nuevo; nos cobran {amount} de más.",
        reply="Hola, {name}. Tengo el acuerdo a la vista. ¿Rige desde el primero de este mes?\n\n{agent}",
        answer="Sí, desde el primero, anexo {code}.",
        solution="Emitimos la nota de crédito por {amount} y la factura corregida ya está en su cuenta.\n\n{agent}",
        note="New tariff was entered with a later date. Corrected.",
        tags=("invoice",),
    ),
)
