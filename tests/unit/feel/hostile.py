"""Texts that are meant to hang or to fill the memory. Also timed by `make bench`."""

DOUBLING = "{a0: [1, 1], " + ", ".join(f"a{n}: [a{n - 1}, a{n - 1}]" for n in range(1, 30)) + "}"
TOO_MUCH = [
    "for i in 1..99999999999999999999999 return i",
    "for i in 1..100000, j in 1..100000 return i * j",
    "some x in 1..100000, y in 1..100000 satisfies x + y < 0",
    'for d in @"0001-01-01"..@"9999-12-31" return d',
    "{f: function(n) f(n), r: f(1)}.r",
    "{f: function(n) f(n) + f(n), r: f(1)}.r",
    DOUBLING,
    f"string({DOUBLING})",
    f"count(flatten([{DOUBLING}.a29]))",
    f"{DOUBLING} = {DOUBLING.replace('[1, 1]', '[1, 1.0]')}",
    "for i in 1..2000 return [partial[-1]]",
    "count(for i in 1..5000 return if i = 1 then [1] else concatenate(partial[-1], partial[-1]))",
    '{s: for i in 1..60 return if i = 1 then "aaaaaaaaaa" else partial[-1] + partial[-1]}.s',
    "distinct values(for i in 1..20000 return [i])",
    "duplicate values(for i in 1..20000 return i)",
    'replace("' + "a" * 9000 + '", "a", "' + "b" * 9000 + '")',
    "for i in 1..90000 return i * 1.000000000001 ** 2.5",
]
HARMLESS = [
    "9**9**9",
    'matches("' + "a" * 5000 + '!", "(a+)+$")',
    'matches("' + "a" * 5000 + '!", "((a*)*)*$")',
    'matches("a", "(a{1000}){1000}")',
    "round up(1.5, 6000)",
    "decimal(1e6000, -6000)",
    "exp(100000)",
    "modulo(10 ** 6000, 1e-100)",
    "[1, 2, 3][1e6000]",
    'date("2020-01-01") + @"P99999999999999999Y"',
    '@"P99999999999999999Y" * 1e30',
    'from json("[[1e99999999]]")',
]
REFUSED = [
    "(" * 5000 + "1" + ")" * 5000,
    "-" * 15000 + "1",
    "[" * 1000,
    "1" + "+1" * 9000,
    "if true then " * 1500,
    "a" * 30000,
]
