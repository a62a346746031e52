"""Matters in Portuguese."""

from config.demo.texts.matter import Matter

MATTERS: tuple[Matter, ...] = (
    Matter(
        team="payments",
        subject="Repasse da loja {store} parado em “processando”",
        body="Bom dia. O repasse de {amount} da loja {store} está em “processando” há {n} horas. Normalmente leva "
        "uma. Nosso "
        "fornecedor espera esse dinheiro.\n\n{name}",
        reply="Bom dia, {name}. Localizei o repasse e pedi o rastreio ao banco. Você confirma que a conta termina em "
        "{code}?"
        "\n\n{agent}",
        answer="Confirmo, termina em {code}. Não mudamos nada.",
        solution="{name}, o banco liberou e {amount} já saiu para a loja {store}. Foi uma checagem do nome do "
        "favorecido; "
        "corrigimos o cadastro para não acontecer de novo.\n\n{agent}",
        note="Held by the bank's name screening. Released, reference MP-{code}.",
        tags=("payout",),
    ),
    Matter(
        team="payments",
        subject="Maquininha {code} recusa todos os cartões por aproximação",
        body="Desde cedo a maquininha {code} da loja {store} recusa aproximação, erro 51R. Com chip funciona. Já "
        "reiniciamos "
        "duas vezes e tem {n} pessoas na fila.",
        reply="Bom dia, {name}. O 51R quer dizer que ela perdeu as chaves. Mandei um jogo novo; deixe ligada por dez "
        "minutos "
        "e teste com um valor baixo.\n\n{agent}",
        answer="Passaram dois cartões e o terceiro deu 51R de novo.",
        solution="A segunda parte das chaves chegou agora e as últimas {n} vendas passaram. Amanhã cedo olho mais uma "
        "vez."
        "\n\n{agent}",
        note="Key injection timed out half way. Sent again.",
        tags=("terminal",),
    ),
    Matter(
        team="payments",
        subject="Cliente cobrado duas vezes no pedido {code}",
        body="Uma cliente mandou o extrato do cartão com {amount} duas vezes no pedido {code}. Aqui aparece um "
        "pagamento só. O "
        "que eu digo a ela?",
        reply="Oi, {name}. Há um pagamento capturado e uma autorização que não foi capturada; ela só reserva o valor. "
        "Qual é o "
        "banco do cartão?\n\n{agent}",
        answer="Banco Ipiranga do Sul. Já faz {n} dias.",
        solution="Enviamos o cancelamento da autorização e some amanhã. Pode dizer que não houve segunda "
        "cobrança.\n\n{agent}",
        note="Open authorisation reversed.",
        tags=("double-charge",),
    ),
    Matter(
        team="payments",
        subject="Pix não cai na conta da loja {store}",
        body="Os Pix de hoje da loja {store} aparecem como pagos para o cliente e não entram no nosso saldo. São {n}, "
        "no total "
        "{amount}.",
        reply="Bom dia, {name}. Vejo os {n} na fila de confirmação. Estou com o banco. A chave ainda é a que termina "
        "em {code}?"
        "\n\n{agent}",
        answer="É a mesma, sim. Entrou mais um agora, igual.",
        solution="A fila andou e todos estão no saldo. O banco confirmou uma instabilidade entre 9h e 10h.\n\n{agent}",
        note="Bank's instant payment queue was slow. Nothing lost.",
        tags=("pix",),
    ),
    Matter(
        team="payments",
        subject="Trocar o logotipo da página de pagamento",
        body="Trocamos a marca e o logotipo da página de pagamento da loja {store} ainda é o antigo. Onde eu mudo?",
        reply="Oi, {name}. Em Aparência, na aba Página. Se preferir, me mande o arquivo e eu coloco.\n\n{agent}",
        answer="Mandei o arquivo pelo formulário {code}.",
        solution="O logotipo novo já está no ar. Pode levar {n} minutos até aparecer em todos os lugares.\n\n{agent}",
        note="Logo replaced.",
        tags=("account",),
    ),
    Matter(
        team="payments",
        subject="Antecipação de repasse negada sem motivo",
        body="Pedimos a antecipação do repasse de {amount} e foi negada sem explicação. Sempre foi aprovada. O "
        "protocolo é "
        "{code}.",
        reply="Oi, {name}. O sistema nega quando o prazo médio passa de {n} dias. Você aceita antecipar uma "
        "parte?\n\n{agent}",
        answer="Aceito metade, se sair hoje.",
        solution="Metade foi antecipada e cai hoje. O restante segue a data normal.\n\n{agent}",
        note="Half of it is within my limit.",
        tags=("payout", "limits"),
    ),
    Matter(
        team="settlement",
        subject="Conciliação da loja {store} com diferença de {amount}",
        body="A conciliação de ontem da loja {store} tem uma diferença de {amount}. O extrato mostra {n} vendas a "
        "menos que o "
        "painel.",
        reply="Bom dia, {name}. Estou comparando os dois. Me passa o número de uma venda que falta?\n\n{agent}",
        answer="Por exemplo a {code}. Todas depois das 22h.",
        solution="O arquivo foi gerado antes do último lote. O completo está na sua pasta, com as {n} "
        "vendas.\n\n{agent}",
        note="Export before the last batch. Engineering knows.",
        tags=("reconciliation",),
    ),
    Matter(
        team="settlement",
        subject="Liquidação caiu na conta antiga",
        body="A liquidação de {amount} caiu na conta antiga, que será encerrada em {n} dias. Mudamos a conta semana "
        "passada.",
        reply="Bom dia, {name}, sinto muito. O lote foi montado antes da troca. Já pedi a devolução. A conta nova "
        "termina em "
        "{code}?\n\n{agent}",
        answer="Isso, {code}. Por favor, é urgente para nós.",
        solution="O banco devolveu e o valor caiu hoje na conta que termina em {code}.\n\n{agent}",
        note="Recall confirmed. Second approval of the new account is on file.",
        tags=("bank-account",),
    ),
    Matter(
        team="settlement",
        subject="Extrato de liquidação sem as taxas",
        body="O extrato de liquidação da loja {store} mostra só o valor líquido. O contador precisa das taxas de {n} "
        "dias.",
        reply="Oi, {name}. Há dois modelos de extrato; a loja está no resumido. Posso trocar para o "
        "detalhado?\n\n{agent}",
        answer="Pode, sim. E o mês passado?",
        solution="Troquei, e o mês passado no modelo detalhado está na sua pasta, arquivo {code}.\n\n{agent}",
        note="Report layout changed to detailed.",
        tags=("reconciliation",),
    ),
    Matter(
        team="risk",
        subject="Chargeback do pedido {code} vence hoje",
        body="O prazo do chargeback de {amount} vence hoje e o formulário não aceita os arquivos, diz que são grandes "
        "demais.",
        reply="Bom dia, {name}. Mande por aqui que eu anexo. O pedido foi entregue com assinatura?\n\n{agent}",
        answer="Foi, segue o canhoto e a conversa.",
        solution="As provas foram enviadas dentro do prazo. A bandeira responde em {n} dias.\n\n{agent}",
        note="Uploaded by hand. The form's limit is too low.",
        tags=("chargeback",),
    ),
    Matter(
        team="risk",
        subject="Suspeita de fraude em {n} pedidos",
        body="Chegaram {n} pedidos altos de cartões diferentes para o mesmo endereço. Parece fraude. Enviamos?",
        reply="Oi, {name}. Segure, por favor: três desses cartões já têm contestação. Quando sairia a "
        "entrega?\n\n{agent}",
        answer="Amanhã às 7h. Já separamos.",
        solution="Devolvemos os {n} e bloqueamos o endereço. O resto pode sair.\n\n{agent}",
        note="Known ring, case {code}.",
        tags=("fraud",),
    ),
    Matter(
        team="integrations",
        subject="Webhook de pagamento chega com atraso de {n} minutos",
        body="Desde ontem o webhook de confirmação chega {n} minutos depois da venda, e o cliente fica esperando no "
        "caixa.",
        reply="Bom dia, {name}. Vejo tentativas com erro 502 do seu lado e depois a repetição. Houve mudança no "
        "servidor?"
        "\n\n{agent}",
        answer="Trocamos o balanceador ontem. Vou olhar. Exemplo: evt_{code}.",
        solution="Com a correção de vocês a entrega voltou a menos de um segundo. Deixei o alerta ligado.\n\n{agent}",
        note="Their balancer answered 502. Retries worked as designed.",
        tags=("webhook",),
    ),
    Matter(
        team="integrations",
        subject="Plugin da loja {store} não calcula o frete",
        body="Depois da atualização do plugin o frete vem zerado e o total fica errado. Perdemos {n} vendas.",
        reply="Oi, {name}. Qual a versão do plugin e da plataforma? Enquanto isso, voltar à anterior é "
        "seguro.\n\n{agent}",
        answer="Plugin 4.2, plataforma {code}. Voltamos à anterior.",
        solution="A versão 4.2.1 corrige o frete. Testei com a sua configuração.\n\n{agent}",
        note="Field renamed in 4.2. Patched.",
        tags=("plugin",),
    ),
    Matter(
        team="finance",
        subject="Fatura com taxa cobrada em duplicidade",
        body="A fatura deste mês traz a taxa de adesão duas vezes, {amount} a mais. São {n} lojas, envio a planilha "
        "se ajudar.",
        reply="Bom dia, {name}. Confirmo a duplicidade em parte das lojas. Pode enviar a planilha?\n\n{agent}",
        answer="Enviei, é a {code}. Marquei as lojas em amarelo.",
        solution="Creditamos {amount} e a fatura corrigida está na sua conta.\n\n{agent}",
        note="Fee rule ran twice for merged accounts. Credited.",
        tags=("invoice",),
    ),
    Matter(
        team="finance",
        subject="Nota fiscal com CNPJ da filial",
        body="A nota fiscal veio com o CNPJ da filial e deveria ser da matriz. O valor é {amount}. Dá para refazer?",
        reply="Oi, {name}. Dá, sim, dentro do mês. Qual é o CNPJ da matriz?\n\n{agent}",
        answer="Termina em {code}, o mesmo do contrato.",
        solution="A nota foi cancelada e a nova está na sua conta. Ajustei o cadastro das {n} lojas.\n\n{agent}",
        note="Register corrected, new document issued.",
        tags=("invoice",),
    ),
    Matter(
        team="operations",
        subject="Confirmar a nova sócia no cadastro",
        body="Temos uma nova sócia desde o dia primeiro. Quais documentos vocês precisam e até quando?",
        reply="Bom dia, {name}. Precisamos do contrato social atualizado e do documento dela. O prazo é de {n} "
        "dias.\n\n{agent}",
        answer="O contrato está na junta, mando os dois juntos.",
        solution="Recebemos tudo e o cadastro está em dia. Não precisa fazer mais nada.\n\n{agent}",
        note="Papers complete, checked by two.",
        tags=("account",),
    ),
)
