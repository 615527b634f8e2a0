"""CSV files that are broken as texts, or whose columns are unusual."""

from __future__ import annotations

from decimal import Decimal

from tests.integration.hostile.file import DAY, HEADER, Hostile, csv, rows


def texts() -> list[Hostile]:
    """Return the files."""
    return [*_texts(), *_columns()]


def _texts() -> list[Hostile]:
    one = f"{{}},C,1,{DAY}"
    return [
        csv("bom.csv", b"\xef\xbb\xbf" + rows(one.format("bom1")), ["bom1"]),
        csv(
            "bom_and_quotes.csv",
            b"\xef\xbb\xbf"
            + rows(
                one.format("bq1"),
                header='"TransactionId","CustomerId","Amount","TransactionStartTime"',
            ),
            ["bq1"],
        ),
        csv(
            "crlf.csv",
            rows(one.format("cl1"), "", one.format("cl2"), end="\r\n"),
            ["cl1", "cl2"],
        ),
        csv(
            "cr.csv",
            rows(one.format("cr1"), one.format("cr2"), end="\r"),
            ["cr1", "cr2"],
        ),
        csv(
            "mixed_ends.csv",
            f"{HEADER}\r\nme1,C,1,{DAY}\nme2,C,1,{DAY}\rme3,C,1,{DAY}\r\r\nme4,C,1,{DAY}".encode(),
            ["me1", "me2", "me3", "me4"],
        ),
        csv("no_final_newline.csv", rows(one.format("nf1"))[:-1], ["nf1"]),
        csv("leading_blank_line.csv", b"\n\r\n" + rows(one.format("lb1")), ["lb1"]),
        csv("header_only.csv", rows(), []),
        csv("header_only_no_newline.csv", rows()[:-1], []),
        csv(
            "blank_lines.csv",
            rows("", one.format("bl1"), "", "  ", one.format("bl2"), ""),
            ["bl1", "bl2"],
            {2: "malformed_line"},
        ),
        csv(
            "quoted.csv",
            rows(
                f'qu1,"C, D",1,{DAY}',
                f'qu2,"C ""D""",1,{DAY}',
                f'qu3,"C\nD",1,{DAY}',
                f'qu4,"C\r\n""D",1,"{DAY}"',
                f' "qu5" ,"",1,{DAY}',
            ),
            [("qu1", "C, D"), ("qu2", 'C "D"'), ("qu3", "C\nD"), ("qu4", 'C\n"D')],
            {5: "customer_missing"},
            "TransactionId, CustomerId",
        ),
        csv(
            "unclosed_quote.csv",
            rows(
                one.format("uq1"),
                f'uq2,"C,1,{DAY}',
                one.format("uq3"),
                one.format("uq4"),
            ),
            ["uq1", "uq3", "uq4"],
            {2: "malformed_line"},
        ),
        csv(
            "two_unclosed_quotes.csv",
            rows(
                f'tu1,"C,1,{DAY}',
                one.format("tu2"),
                f'tu3,"C,1,{DAY}',
                one.format("tu4"),
            ),
            ["tu2", "tu4"],
            {1: "malformed_line", 3: "malformed_line"},
        ),
        csv(
            "quote_inside.csv",
            rows(f'qi1,5" pipe,1,{DAY}', f'qi2,"C"D,1,{DAY}', one.format("qi3")),
            ["qi1", "qi3"],
            {2: "malformed_line"},
        ),
        csv(
            "quote_swallows_bad_rows.csv",
            rows(f'qs1,"C,1,{DAY}', "qs2,C", f'qs3,"C",1,{DAY}', f'qs4,C,1,{DAY}"'),
            [("qs3", DAY), ("qs4", DAY)][:1],
            {1: "malformed_line", 2: "malformed_line", 4: "time_unreadable"},
            "TransactionId, strftime(TransactionStartTime, '%Y-%m-%d')",
        ),
        csv(
            "header_repeated.csv",
            rows(one.format("hr1"), HEADER, one.format("hr2")),
            ["hr1", "hr2"],
            {2: "amount_not_a_number"},
        ),
        csv(
            "ragged.csv",
            rows(
                one.format("ra1"),
                "ra2,C,1",
                one.format("ra3") + ",x",
                "ra4",
                ",,,",
                ",",
            ),
            ["ra1"],
            {
                **dict.fromkeys((2, 3, 4, 6), "malformed_line"),
                5: "customer_missing",
            },
        ),
        csv(
            "latin_1.csv",
            rows(one.format("la1"))
            + b"la2,Caf\xe9,1,2019-01-01\n\nla3,C,1,2019-01-01\n\xff",
            ["la1", "la3"],
            {2: "not_utf8", 4: "not_utf8"},
        ),
        csv(
            "latin_1_in_quotes.csv",
            rows(one.format("lq1"))
            + b'lq2,"C\n\xe9",1,2019-01-01\nlq3,C,1,2019-01-01\n',
            ["lq1", "lq3"],
            {2: "malformed_line", 3: "not_utf8"},
        ),
        csv(
            "many_latin_1.csv",
            rows()
            + b"".join(
                b"ml%d,\xe9,1,2019-01-01\n,C,2,2019-01-01\n" % i for i in range(3000)
            ),
            [f"many_latin_1.csv#{i}" for i in range(2, 6001, 2)],
            dict.fromkeys(range(1, 6000, 2), "not_utf8"),
        ),
        csv(
            "long_line.csv",
            rows(f"ll1,{'x' * 2_500_000},1,{DAY}", one.format("ll2")),
            ["ll2"],
            {1: "malformed_line"},
        ),
        csv(
            "duplicates.csv",
            rows(f"du1,C,1,{DAY}", f"du1,D,2,{DAY}", "du1,E,3,2018-12-31", "du2,C,1,x"),
            [("du1", "E")],
            {
                1: "duplicate_transaction_id",
                2: "duplicate_transaction_id",
                4: "time_unreadable",
            },
            "TransactionId, CustomerId",
        ),
        csv("packed.csv.gz", rows(one.format("pa1"), end="\r\n"), ["pa1"]),
        csv(
            "PACKED.CSV.GZ",
            rows(f'PA1,"C\nD",1,{DAY}', "x"),
            ["PA1"],
            {2: "malformed_line"},
        ),
        csv("a [1] 'b' \"c\" *?.csv", rows(one.format("br1")), ["br1"]),
        csv("é 😀.csv", rows(one.format("em1")), ["em1"]),
        csv("-.csv", rows(one.format("da1")), ["da1"]),
    ]


def _columns() -> list[Hostile]:
    return [
        csv(
            "other_order.csv",
            rows(
                f"{DAY},2,C,or1",
                header="transactionstarttime,AMOUNT,customerID,TransactionID",
            ),
            [("or1", "C", Decimal(2))],
            columns="TransactionId, CustomerId, Amount",
        ),
        csv(
            "extra_columns.csv",
            rows(
                f"ex,ex1,C,y,1,{DAY},",
                header="x,TransactionId,CustomerId,x,Amount,TransactionStartTime,",
            ),
            ["ex1"],
        ),
        csv(
            "quoted_header.csv",
            rows(
                f'qh1,C,1,{DAY},"a\nb"',
                header=HEADER.replace("Amount", '" Amount "') + ',"a, b"',
            ),
            ["qh1"],
        ),
        csv(
            "without_ids.csv",
            rows(
                f"C,1,{DAY}",
                f"C,1,{DAY}",
                header="CustomerId,Amount,TransactionStartTime",
            ),
            ["without_ids.csv#1", "without_ids.csv#2"],
        ),
        csv(
            "blank_ids.csv",
            rows(
                *(
                    f"{blank},C,1,{DAY}"
                    for blank in ("", '""', "   ", "\u00a0", "\t", "\u200b")
                )
            ),
            [f"blank_ids.csv#{row}" for row in range(1, 7)],
        ),
        csv(
            "only_blank_id_bad.csv",
            rows(f" ,C,x,{DAY}", f"\t,,1,{DAY}"),
            [],
            {1: "amount_not_a_number", 2: "customer_missing"},
        ),
    ]
