"""The names of the language that hold spaces: functions, types, properties. The scanner must know them."""

LANGUAGE_NAMES = frozenset(
    name
    for line in """
    string length|upper case|lower case|substring before|substring after|starts with|ends with|string join
    date and time|years and months duration|days and time duration
    list contains|list replace|insert before|index of|distinct values|duplicate values|is empty
    round up|round down|round half up|round half down|random number
    get value|get entries|get or else|is defined|is blank|context put|context merge
    day of year|day of week|month of year|week of year|last day of month|time offset
    met by|overlaps before|overlaps after|finished by|started by|start included|end included
    from json|to json|to base64|from base64|
    """.splitlines()
    for name in (part.strip() for part in line.split("|"))
    if name
)
