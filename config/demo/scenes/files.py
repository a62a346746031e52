"""Files that customers attach: small, and of the type that their bytes say."""

PAYOUTS_CSV = (
    "payouts.csv",
    (
        b"store;date;amount;state\nPaulista;-1d;BRL 98210.00;processing\nMoema;-1d;BRL 71350.00;processing\n"
        b"Santo Andre;-1d;BRL 42920.00;processing\n"
    ),
)
DELIVERY_NOTE = (
    "delivery-note.txt",
    b"Delivery note 7741\nTwo lamps, brass\nReceived in good order.\nSigned: B. Aksoy\n",
)
RECEIPT_PNG = (
    "receipt.png",
    bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010800000000"
        "3a7e9b550000000a49444154789c6360000000020001e221bc330000000049454e44ae426082"
    ),
)
STATEMENT_CSV = ("extracto.csv", "fecha;concepto;importe\n-2d;liquidación;4310,00\n-1d;liquidación;3980,50\n".encode())
FEES_CSV = ("lojas-outubro.csv", b"loja;taxa;cobrada\nPinheiros;89,00;178,00\nLapa;89,00;178,00\n")
