# SPDX-License-Identifier: BSD-2-Clause
"""The mutants of one C++ source: every small change that some test should notice. Pure text, no compiler."""

import re
from collections import namedtuple

# One change: text[start:end] becomes `replacement`. `function`, `before` and `after` are what a list of mutants
# names it by; they survive edits elsewhere in the file, which a line number does not.
Mutant = namedtuple("Mutant", "path start end replacement line function before after")

Token = namedtuple("Token", "kind text start end")

TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)
      | (?P<directive>^[ \t]*\#(?:[^\n]*\\\n)*[^\n]*)
      | (?P<string>"(?:\\.|[^"\\\n])*")
      | (?P<character>'(?:\\.|[^'\\\n])+')
      | (?P<number>\d[\w.]*)
      | (?P<name>[A-Za-z_]\w*)
      | (?P<operator><<=|>>=|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||\+=|-=|\*=|/=|%=|&=|\|=|\^=|::|[^\s\w])
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)

# What each binary operator is changed to. Only where a space stands on both sides of it: then it is binary,
# and neither a bracket of a template nor a pointer.
OPERATORS = {
    "<": ("<=", ">="), "<=": ("<", ">"), ">": (">=", "<="), ">=": (">", "<"), "==": ("!=",), "!=": ("==",),
    "&&": ("||",), "||": ("&&",), "&": ("|",), "|": ("&",), "|=": ("=", "&="), "&=": ("=", "|="),
    "+=": ("-=",), "-=": ("+=",), "+": ("-",), "-": ("+",), "<<": (">>",), ">>": ("<<",), "*": ("+",),
    "/": ("*",), "%": ("/",), "*=": ("+=",),
}

# Statements that begin with one of these are no expressions.
KEYWORDS = set(
    "alignas auto bool case char class const constexpr default do else enum extern for friend if inline int long"
    " namespace private public return short static static_assert struct switch template typedef typename union"
    " unsigned using void volatile while asm goto".split()
)


def tokens_of(text):
    """The tokens without comments and preprocessor directives."""
    return [
        Token(found.lastgroup, found.group(), found.start(), found.end())
        for found in TOKEN.finditer(text)
        if found.lastgroup not in ("comment", "directive")
    ]


def closing(tokens, at):
    """The index of the bracket that closes the one at `at`, or None."""
    depth = 0
    for i in range(at, len(tokens)):
        if tokens[i].text in "([{":
            depth += 1
        elif tokens[i].text in ")]}":
            depth -= 1
            if depth == 0:
                return i
    return None


def is_binary(text, token):
    return text[token.start - 1].isspace() and text[token.end : token.end + 1].isspace()


def number_changes(written):
    """A literal and its neighbours, written like it: in the same base, with the same suffix."""
    found = re.fullmatch(r"(0[xX][0-9a-fA-F]+|\d+)([uUlL]*)", written)
    if not found:
        return []
    digits, suffix = found.groups()
    value = int(digits, 16 if digits[:2] in ("0x", "0X") else 8 if digits[0] == "0" and digits != "0" else 10)
    form = hex if digits[:2] in ("0x", "0X") else str
    return [form(changed) + suffix for changed in (value + 1, value - 1) if changed >= 0]


def asserted(tokens):
    """Spans that are evaluated at compile time, or that only describe: nothing to test there."""
    spans = []
    for i, token in enumerate(tokens):
        if token.text in ("static_assert", "alignas", "requires") or (
            token.text in ("template", "operator") and tokens[i + 1].text == "<"
        ):
            end = closing(tokens, i + 1) if tokens[i + 1].text == "(" else None
            if token.text == "template":
                end = next((j for j in range(i, len(tokens)) if tokens[j].text == ">"), None)
            spans.append((token.start, tokens[end].end if end else token.end))
        if token.text == "constexpr" and tokens[i - 1].text == "if" and tokens[i + 1].text == "(":
            spans.append((token.start, tokens[closing(tokens, i + 1)].end))
    return spans


def token_changes(text, tokens):
    """Operators, numbers, truth values and negations."""
    for i, token in enumerate(tokens):
        if token.kind == "operator" and token.text in OPERATORS and is_binary(text, token):
            for change in OPERATORS[token.text]:
                yield token.start, token.end, change
        elif token.text in ("++", "--"):
            yield token.start, token.end, "--" if token.text == "++" else "++"
        elif token.text in ("!", "~") and not is_binary(text, token):
            yield token.start, token.end, ""
        elif token.kind == "number":
            for change in number_changes(token.text):
                yield token.start, token.end, change
        elif token.text in ("true", "false"):
            yield token.start, token.end, "false" if token.text == "true" else "true"


def condition_changes(text, tokens):
    """if always and never, while never."""
    for i, token in enumerate(tokens[:-1]):
        if token.text not in ("if", "while") or tokens[i + 1].text != "(":
            continue
        end = closing(tokens, i + 1)
        inside = tokens[i + 2 : end]
        if any(one.text in ("=", ";") for one in inside):
            continue
        start, stop = tokens[i + 1].end, tokens[end].start
        yield start, stop, f"false && ({text[start:stop]})"
        if token.text == "if":
            yield start, stop, f"true || ({text[start:stop]})"


def return_changes(text, tokens):
    """Zero instead of the value returned, and the sign of an error dropped."""
    for i, token in enumerate(tokens):
        if token.text != "return" or tokens[i + 1].text == ";":
            continue
        end = next(j for j in range(i, len(tokens)) if tokens[j].text == ";")
        start, stop = tokens[i + 1].start, tokens[end].start
        if text[start:stop] not in ("0", "false", "nullptr", "{}"):
            yield start, stop, "{}"
        if tokens[i + 1].text == "-":
            yield start, tokens[i + 1].end, ""


def begins_statement(tokens, i):
    before = tokens[i - 1].text if i else "{"
    if before in (";", "{", "}", "else", "do", ":"):
        return True
    if before != ")":
        return False
    depth = 0
    for j in range(i - 1, -1, -1):
        depth += (tokens[j].text == ")") - (tokens[j].text == "(")
        if depth == 0:
            return tokens[j - 1].text in ("if", "while", "for")
    return False


def is_expression(tokens, i):
    """True if the statement that begins at i does something, rather than declare something."""
    first = tokens[i]
    if first.text in ("break", "continue", "*", "++", "--"):
        return True
    if first.kind != "name" or first.text in KEYWORDS or first.text.isupper():
        return False
    after = i + 1
    while tokens[after].text == "::":
        after += 2
    return tokens[after].text in ("(", ".", "->", "=", "[", ",", "++", "--") or tokens[after].text in OPERATORS and (
        tokens[after].text.endswith("=")
    )


def statement_changes(text, tokens):
    """Statements left out."""
    for i in range(len(tokens) - 1):
        if not begins_statement(tokens, i) or not is_expression(tokens, i):
            continue
        depth = 0
        for j in range(i, len(tokens)):
            if tokens[j].text in "([{":
                depth += 1
            elif tokens[j].text in ")]}":
                depth -= 1
            if depth < 0:
                break
            if depth == 0 and tokens[j].text == ";":
                yield tokens[i].start, tokens[j].start, ""
                break


def functions_of(text):
    """The beginning and name of each function, table or struct. They all begin at a line's beginning."""
    pattern = re.compile(
        r"^(?![ \t#/}{])(?:[^\n;=(]*?\b(\w+)\(|[^\n;=(]*?\b(\w+)(?:\[\w*\])? = |(?:struct|class|enum)\b[^\n;{]*?(\w+)"
        r"(?: : \w+)?(?: \{)?$)",
        re.MULTILINE,
    )
    return [(found.start(), next(name for name in found.groups() if name)) for found in pattern.finditer(text)]


def one_line(text):
    """Code on one line, without its comments."""
    return " ".join(re.sub(r"//[^\n]*|/\*.*?\*/", "", text, flags=re.DOTALL).split())


def mutants_of(path, text):
    """Every mutant of a source, in the order of the source. Equal ones of one function are numbered."""
    tokens = tokens_of(text)
    skipped = asserted(tokens)
    functions = functions_of(text)
    changes = set()
    for kind in (token_changes, condition_changes, return_changes, statement_changes):
        changes.update(kind(text, tokens))
    found, seen = [], {}
    for start, end, replacement in sorted(changes):
        if any(first <= start < last for first, last in skipped):
            continue
        first = text.rfind("\n", 0, start) + 1
        last = text.find("\n", end)
        last = len(text) if last < 0 else last
        before = one_line(text[first:last])
        after = one_line(text[first:start] + replacement + text[end:last])
        function = next((name for begin, name in reversed(functions) if begin <= start), "")
        key = (function, before, after)
        seen[key] = seen.get(key, 0) + 1
        if seen[key] > 1:
            function += f" #{seen[key]}"
        line = text.count("\n", 0, start) + 1
        found.append(Mutant(path, start, end, replacement, line, function, before, after))
    return found


def apply(text, mutant):
    return text[: mutant.start] + mutant.replacement + text[mutant.end :]
