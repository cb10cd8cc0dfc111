"""Rules as keyboards, phones and word processors write them; the language and the page share it."""

# What is typed, and the canonical form of what it means.
READ = (
    # comparisons
    ("red ≥ 0.5", "red >= 0.5"),
    ("0.2≤red≤0.8", "0.2 <= red <= 0.8"),
    ("red ⩾ 0.5 and blue ⩽ 0.5", "red >= 0.5 and blue <= 0.5"),
    ("red≧0.5", "red >= 0.5"),
    ("red ≮ 0.5", "red >= 0.5"),
    ("@top≠red", "@top != red"),
    ("red <> 0.5", "red != 0.5"),
    ("red === 0.5", "red = 0.5"),
    ("red !== 0.5", "red != 0.5"),
    ("red＞＝0.5", "red >= 0.5"),
    ("red！＝0.5", "red != 0.5"),
    ("cat(2)≥0.5", '"cat(2)" >= 0.5'),
    # what joins conditions
    ("red > 0.5 && blue > 0.5", "red > 0.5 and blue > 0.5"),
    ("red>50%||blue>50%", "red > 50% or blue > 50%"),
    ("red > 0.5 & not blue > 0.5 | cat > 1", "red > 0.5 and not blue > 0.5 or cat > 1"),
    ("(red > 0.5)&&(blue > 0.5)", "red > 0.5 and blue > 0.5"),
    ("0.5<max(red)&&x>1", "0.5 < max(red) and x > 1"),
    ("red > 0.5 ∧ blue > 0.5 ∨ cat > 0", "red > 0.5 and blue > 0.5 or cat > 0"),
    ("red＞0.5＆＆blue＜0.5", "red > 0.5 and blue < 0.5"),
    ("!(red > 0.5)", "not red > 0.5"),
    ("!! (red > 0.5)", "not not red > 0.5"),
    ("x > 1 and ¬(red > 0.5)", "x > 1 and not red > 0.5"),
    ("red > 0.5 ＡＮＤ ＮＯＴ blue > 0.5", "red > 0.5 and not blue > 0.5"),
    # quotes
    ("“Human Female” > 0.5", '"Human Female" > 0.5'),
    ("„Human Female“ > 0.5", '"Human Female" > 0.5'),
    ("”Human Female” > 0.5", '"Human Female" > 0.5'),
    ("«Human Female» > 0.5", '"Human Female" > 0.5'),
    ("»Human Female« > 0.5", '"Human Female" > 0.5'),
    ("‘Human Female’ > 0.5", '"Human Female" > 0.5'),
    ("‚Human Female‘ > 0.5", '"Human Female" > 0.5'),
    ("`Human Female` > 0.5", '"Human Female" > 0.5'),
    ("「赤 い」＞0.5", '"赤 い" > 0.5'),
    ("＂a b＂ > 0.5", '"a b" > 0.5'),
    ('"Human Female” > 0.5', '"Human Female" > 0.5'),
    ('“Human Female" > 0.5', '"Human Female" > 0.5'),
    ("max(“a b”,‘c d’) > 0.5", 'max("a b", "c d") > 0.5'),
    ("“men’s” > 0.5 and ‘men’s’ > 0.5", "men’s > 0.5 and men’s > 0.5"),
    ("men’s > 0.5 and ’90s > 0.5", 'men’s > 0.5 and "’90s" > 0.5'),
    (r"“a \” b” > 0.5", '"a ” b" > 0.5'),
    # numbers
    ("red > 0,5", "red > 0.5"),
    ("red>0,5", "red > 0.5"),
    ("(0,5 < red) or blue > 12,5%", "0.5 < red or blue > 12.5%"),
    ("max(red,blue) > 0,5", "max(red, blue) > 0.5"),
    ("@area > 1,000,000", "@area > 1000000"),
    ("@area > 1.000,5", "@area > 1000.5"),
    ("@area > 1.000.000", "@area > 1000000"),
    ("@area>12.345.678", "@area > 12345678"),
    ("@area > 1,000.5", "@area > 1000.5"),
    ("@area > 1'000", "@area > 1000"),
    ("@area > 1\u00a0000,5", "@area > 1000.5"),
    ("@area > 12\u202f345\u202f678", "@area > 12345678"),
    ("red > 50 %", "red > 50%"),
    ("red > 50\u202f% and blue < 5\u00a0%", "red > 50% and blue < 5%"),
    ("red＞５０％", "red > 50%"),
    ("red > ０，５", "red > 0.5"),
    ("red > ٠٫٥", "red > 0.5"),
    ("red - blue > −0.5", "red - blue > -0.5"),
    ("red > –.5", "red > -.5"),
    # other signs
    ("red − blue × 2 ÷ 3 > 0", "red - blue * 2 / 3 > 0"),
    ("red – blue > 0", "red - blue > 0"),
    ("red — blue > —0.5", "red - blue > -0.5"),
    ("＃Female＞＃Male", "#Female > #Male"),
    ("＠ｒａｎｋ ≤ 3", "@rank <= 3"),
    ("（red > 0.5） and blue > 0.5", "red > 0.5 and blue > 0.5"),
    ("not（max（red，blue）＞０．５）", "not max(red, blue) > 0.5"),
    ("＊", "*"),
    # what cannot be seen, and ends
    ("\ufeffred\u00a0>\u30000.5", "red > 0.5"),
    ("re\u200bd\u200b >\u200b 0.\u200b5\u2060", "red > 0.5"),
    ("@ra\u00adnk <= 3", "@rank <= 3"),
    ("red > 50%;", "red > 50%"),
    ("red > 50% ;; ", "red > 50%"),
    ("red > 50%；", "red > 50%"),
    ("red > blue;", "red > blue"),
    # what is pasted around a rule
    ("`red > 50%`", "red > 50%"),
    ("```red > 50%```", "red > 50%"),
    (" `red > 50% and blue < 3%`; ", "red > 50% and blue < 3%"),
    ("**red > 50%**", "red > 50%"),
    ("_red > 50%_", "red > 50%"),
    ("__(red > 50%)__", "red > 50%"),
    ("~~@label = “red car”~~", '@label = "red car"'),
    ("_red > _blue_", "_red > _blue_"),
    ("*red > 50%*", "red > 50%"),
    ("**`red > 50%`**", "red > 50%"),
    ("`a b` > `c d`", '"a b" > "c d"'),
    ("__void__ > __thing__", "__void__ > __thing__"),
    # what belongs to a label stays with it
    ("R&B > 0.5 and food&drink > 0.5", "R&B > 0.5 and food&drink > 0.5"),
    ("猫（子）> 0.5 and 犬，猫 > 0.5", '猫（子） > 0.5 and "犬，猫" > 0.5'),
    ("👩\u200d🚀 > 0.5 and ❤\ufe0f > 0.5", "👩\u200d🚀 > 0.5 and ❤\ufe0f > 0.5"),
    ("0-2 > 0.5 and 0–2 > 0.5", "0-2 > 0.5 and 0–2 > 0.5"),
    ("0—2 > 0.5 and a—b > 0.5", "0—2 > 0.5 and a—b > 0.5"),
    ("Ｔシャツ > 0.5", "Ｔシャツ > 0.5"),
    ("a&&b>0.5", '"a&&b" > 0.5'),
    ("cat,dog>0.5", '"cat,dog" > 0.5'),
    ("!red>0.5", '"!red" > 0.5'),
)

# What is said in words, and what a rule has for it.
_WORDS = (
    ("#Male between 0.2 and 1", "between", "write 0.2 <= #Male <= 1"),
    ("@share BETWEEN 1% AND 5%", "BETWEEN", "write 1% <= @share <= 5%"),
    ("@area between 5", "between", "write a limit on either side of it, ... <= @area <= ..."),
    ("@label is car", "is", "write the sign ="),
    ("@label is not car", "is", "write the sign !="),
    ("@label equals car", "equals", "write the sign ="),
    ("@label ne car", "ne", "write the sign !="),
    ("@area is greater than 50", "is", "write the sign >"),
    ("@area greater than or equal to 5", "greater", "write >="),
    ("@area at most 5", "at", "write <="),
    ("@area lt 5", "lt", "write the sign <"),
    ("@area .gt. 5", ".gt.", "write the sign >"),
    ("@area &gt; 5", "&gt;", "write the sign >"),
    ("@area › 5", "›", "write the sign >"),
    (
        "@label contains car",
        "contains",
        "text is compared whole: write each one, @label = ... or @label = ...",
    ),
    (
        "@label ~ car",
        "~",
        "text is compared whole: write each one, @label = ... or @label = ...",
    ),
    ("@label not in (car)", "not", "write each comparison, @label != ... and @label != ..."),
    ("red > 50 percent", "percent", "write 50%"),
    ("@area > 100 px", "px", "a number has no unit: leave it out"),
    ("red > % 50", "50", "write 50%"),
    ("red > 50% // much", "//", "a rule has no comments: leave out what follows"),
    ("red > 50% # much", "#", "a rule has no comments: leave out what follows"),
    ("red > 50% but not blue > 3%", "but", "conditions are joined by and"),
    ("red > 50% xor blue > 3%", "xor", "write (... or ...) and not (... and ...)"),
    ("red > 50% then blue", "then", "a rule says which areas alone: leave out what follows"),
    ("label: car", "car", "write @label = car"),
    ("Label: red car", "red", 'write @label = "red car"'),
    ("red: 50%", "50%", "write red > 50%"),
    ("car only", "only", "write @label = car"),
    ("only car", "car", "write @label = car"),
    ("no car", "car", "write not @label = car"),
    ("all except car", "except", "write not @label = car"),
    ("everything but red car", "but", 'write not @label = "red car"'),
    (
        "where red > 50%",
        "red",
        (
            "a rule begins with what is compared: leave out 'where'; a label with spaces needs "
            'quotes, "where red"'
        ),
    ),
    ("1. red > 50%", "red", "a rule begins with what is compared: leave out '1.'"),
    ("# red > 50%", "red", "a rule begins with what is compared: leave out '#'"),
    ("red > 50% ?", "?", "leave out '?'"),
    ("red > 50% blue > 20%", "blue", "'and' or 'or' joins conditions"),
    ("red > 50% @share > 1%", "@share", "'and' or 'or' joins conditions"),
    ("red not > 50%", "not", "it stands before a condition, not red > 0.5"),
    ("red 》 50%", "》", "write the sign >"),
    (
        "red ** 2 > 0.5",
        "**",
        (
            "there are no powers: multiply a value by itself; a label with spaces needs quotes, "
            '"red **"'
        ),
    ),
    (
        "nicht red > 50%",
        "red",
        'write not; a label with spaces needs quotes, "nicht red"',
    ),
    (
        "red over 50%",
        "over",
        'write the sign >; a label with spaces needs quotes, "red over"',
    ),
)


def _refused(typed: str, word: str, advice: str) -> tuple[str, int, str]:
    start = typed.index(f" {word}") + 1
    before = "50%" if typed[:start].endswith("50% ") else typed[:start].rsplit(maxsplit=1)[-1]
    expected = f"expected an operator or the end after '{before}', found '{word}'"
    return typed, start + 1, f"{expected}: {advice}"


_IN_WORDS = tuple(_refused(*row) for row in _WORDS)

# What is refused, where, and what is said of it.
REFUSED = (
    ("red -> 50%", 5, "'->' is no comparison: write the sign >"),
    (
        r"red \> 50%",
        5,
        (
            "expected an operator or the end after 'red', found '\\': leave it out: no sign needs "
            "one before it"
        ),
    ),
    ("@area > 1,000", 9, "'1,000' may be 1000 or 1.000: write it without a comma"),
    ("@area>12,500", 7, "'12,500' may be 12500 or 12.500: write it without a comma"),
    (
        "red>0.5&blue>0.5",
        8,
        "'&' is glued to 0.5: put spaces around it, or quotes around a label, \"0.5&blue\"",
    ),
    (
        "red > 0.5and blue > 0.5",
        10,
        "'and' is glued to 0.5: put spaces around it, or quotes around a label, \"0.5and\"",
    ),
    ("red > 0.5; blue > 0.5", 10, "';' ends a rule: 'and' or 'or' joins conditions"),
    ("“red > 0.5", 1, "this quote is never closed: expected ”"),
    ("“a”b > 0.5", 4, "expected a space or an operator after the closing quote"),
    ("! red > 0.5", 1, "'!' is no operator alone: expected != or not"),
    ("!red > 0.5 and blue > 0.5", 1, "'!' is no operator alone: expected != or not"),
    (
        "red && blue > 0.5 or x > 1",
        1,
        "'red' is only a value: expected a comparison, such as red > 0.5",
    ),
    (
        "red => 0.5",
        6,
        "expected a label, a number or '(' after '=', found '>': write >=",
    ),
    ("red >> 5%", 6, "expected a label, a number or '(' after '>', found '>': write >"),
    (
        "red ≫ 5%",
        5,
        "expected an operator or the end after 'red', found '≫': write the sign >",
    ),
    (
        "red ≈ 0.5 and blue > 1",
        5,
        "expected an operator or the end after 'red', found '≈': write the sign =",
    ),
    (
        "≥18 > 0.5 or x > 1",
        1,
        "expected a label, a number or '(', found '≥': leave out the sign that it begins with",
    ),
    *_IN_WORDS,
    (
        '"red > 50%"',
        1,
        (
            "'\"red > 50%\"' is only a value: expected a comparison, such as red > 0.5; "
            "quotes make one label of it, and a rule stands without them"
        ),
    ),
    (
        "everything",
        1,
        (
            "'everything' is only a value: expected a comparison, such as red > 0.5, or * for "
            "every area"
        ),
    ),
    (
        "@label = car or dog",
        17,
        "'dog' is only a value: expected a comparison, such as red > 0.5, and here @label = dog",
    ),
    ("@rank", 1, "'@rank' is only a value: expected a comparison, such as @rank <= 3"),
    (";", 1, "the expression is empty: expected a comparison, such as red > 0.5, or *"),
    ("\u200b\ufeff", 1, "the expression is empty: expected a comparison, such as red > 0.5, or *"),
)

# Labels of models and masks that look like something else, and how a rule writes each.
LABELS = (
    ("tabby, tabby cat", '"tabby, tabby cat"'),
    ("0-2", "0-2"),
    ("3", '"3"'),
    ("50%", '"50%"'),
    ("0,5", '"0,5"'),
    ("1,000", '"1,000"'),
    ("５", '"５"'),
    ("1 000", '"1 000"'),
    ("1'000", '"1\'000"'),
    ("1.000.000", '"1.000.000"'),
    ("`a>b`", '"`a>b`"'),
    ("−1", '"−1"'),
    ("and", '"and"'),
    ("Or", '"Or"'),
    ("ＮＯＴ", '"ＮＯＴ"'),
    ("max", "max"),
    ("max(a)", '"max(a)"'),
    ("#1", '"#1"'),
    ("＃1", '"＃1"'),
    ("@home", '"@home"'),
    ("＠home", '"＠home"'),
    ("a@b", '"a@b"'),
    ("*", '"*"'),
    ("×", '"×"'),
    ("-", '"-"'),
    ("a≥b", '"a≥b"'),
    ("≥ 18", '"≥ 18"'),
    ("a&&b", '"a&&b"'),
    ("R&B", "R&B"),
    ("x;", '"x;"'),
    ("0;", '"0;"'),
    ("(a)", '"(a)"'),
    ("（a）", '"（a）"'),
    ("猫（子）", "猫（子）"),
    ("犬，猫", '"犬，猫"'),
    ("men's", '"men\'s"'),
    ("men’s", "men’s"),
    ("’90s", '"’90s"'),
    ('the "best"', r'"the \"best\""'),
    ("back\\slash", "back\\slash"),
    ("😀", "😀"),
    ("👩\u200d🚀", "👩\u200d🚀"),
    ("#\ufe0f\u20e3", '"#\ufe0f\u20e3"'),
    ("caf\u00e9", "caf\u00e9"),
    ("cafe\u0301", "cafe\u0301"),
    ("", '""'),
    (" ", '" "'),
    ("a\u00a0b", '"a\u00a0b"'),
    ("\ufeffcat", '"\ufeffcat"'),
    ("re\u200bd", '"re\u200bd"'),
    ("two\nlines", '"two\nlines"'),
)
