"""Random small indices against an exact model.

The model is written from the formulas of the OECD/JRC Handbook on Constructing Composite Indicators (2008) and from the table
"What becomes of a value" in scripts/guide/INDEX.md, apart from the code: rational numbers where the formulas are rational
(fractions.Fraction), sixty decimal digits where they have roots, logarithms or powers (decimal.Decimal). Benefit of the doubt is
an exact linear programme, the Kemeny order a search through all permutations.

Every index is computed with its rows in all orders up to four units, and in three random orders above. Usage:

    index.py LUA [COUNT [SEED]]     with the environment of the specs (tests/CMakeLists.txt)
"""
import itertools
import os
import random
import subprocess
import sys
from decimal import Decimal, getcontext
from fractions import Fraction

getcontext().prec = 60
SMALL = Decimal("1e-45")

METHODS = ["none", "minmax", "zscore", "rank", "borda", "percentile_rank", "percentile", "target", "ratio", "difference",
           "goalposts", "categorical", "mean_band", "fraction"]
AGGREGATIONS = ["arithmetic", "geometric", "harmonic", "generalised", "median", "minimum", "borda", "copeland", "kemeny",
                "benefit_of_doubt"]
GAPS = ["none", "zero", "negative", "missing", "not applicable", "denominator", "constant", "weight", "undefined"]

# Why there is no value. What is not defined for a unit leaves it without a score; a column without a scale is left out.
MISSING, NOT_APPLICABLE, UNDEFINED = "not reported", "not applicable", "not defined"
LOST = ["lost by a denominator", "constant", "without a scale"]
DENOMINATOR, CONSTANT, COLUMN = LOST
WEIGHTLESS = "no weight"


# Numbers: fractions as long as they are rational, decimals after that --------------------------------------------------

def decimal(x):
    return x if isinstance(x, Decimal) else Decimal(x.numerator) / Decimal(x.denominator)


def pair(a, b):
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return a, b
    return decimal(a), decimal(b)


def add(a, b):
    a, b = pair(a, b)
    return a + b


def multiply(a, b):
    a, b = pair(a, b)
    return a * b


def divide(a, b):
    a, b = pair(a, b)
    return a / b


def compare(a, b):
    """-1, 0 or 1; decimals are equal when only the last of their sixty digits differ."""
    a, b = pair(a, b)
    if isinstance(a, Decimal) and abs(a - b) <= SMALL * max(Decimal(1), abs(a), abs(b)):
        return 0
    return (a > b) - (a < b)


def total(values):
    out = Fraction(0)
    for value in values:
        out = add(out, value)
    return out


def is_value(x):
    return not isinstance(x, str)


# Normalisation: a column of fractions ------------------------------------------------------------------------------------

def quantile(values, share):
    """Type 7 of Hyndman and Fan (1996)."""
    place = share * (len(values) - 1)
    below = int(place)
    if below + 1 >= len(values):
        return values[-1]
    return values[below] + (place - below) * (values[below + 1] - values[below])


def mean(values):
    return sum(values, Fraction(0)) / len(values)


def normalise(how, direction, column):
    """The column normalised; CONSTANT or COLUMN when it has no scale: all values are left out."""
    x = [v for v in column if is_value(v)]
    y = sorted(direction * v for v in x)
    method = how["method"]

    def each(call):
        return [call(v) if is_value(v) else v for v in column]

    def rank(v):
        return Fraction(sum(1 for other in y if other < direction * v) + 1)

    if method == "none":
        return each(lambda v: direction * v)
    if method == "goalposts":
        lower, upper, high = how["lower"], how["upper"], how["high"]
        share = (lambda v: (v - lower) if direction > 0 else (upper - v))
        return each(lambda v: min(max(high * share(v) / (upper - lower), Fraction(0)), high) if how["truncate"]
                    else high * share(v) / (upper - lower))
    if not y:
        return COLUMN
    if method == "minmax":
        if y[0] == y[-1]:
            return CONSTANT
        return each(lambda v: how["low"] + (how["high"] - how["low"]) * (direction * v - y[0]) / (y[-1] - y[0]))
    if method == "zscore":
        if len(y) < 2 or y[0] == y[-1]:
            return CONSTANT
        m = mean(y)
        s = decimal(sum((v - m) ** 2 for v in y) / (len(y) - 1)).sqrt()
        return each(lambda v: add(how["mean"], multiply(how["deviation"], decimal(direction * v - m) / s)))
    if method == "rank":
        return each(rank)
    if method == "borda":
        return each(lambda v: rank(v) - 1)
    if method == "percentile_rank":
        return each(lambda v: (rank(v) - 1) / (len(y) - 1)) if len(y) > 1 else CONSTANT
    if method == "percentile":
        return each(lambda v: 100 * rank(v) / len(y))
    if method == "target":
        goal = direction * how["target"]
        if goal <= y[0]:
            return COLUMN
        cap = (lambda v: min(v, Fraction(1))) if how["cap"] else (lambda v: v)
        return each(lambda v: cap((direction * v - y[0]) / (goal - y[0])))
    if method in ("ratio", "difference"):
        reference = how["reference"]
        if reference == "mean":
            reference = mean(x)
        elif reference == "median":
            reference = direction * quantile(y, Fraction(1, 2))
        elif reference == "best":
            reference = direction * y[-1]
        elif reference == "worst":
            reference = direction * y[0]
        if reference == 0:
            return COLUMN
        if method == "difference":
            return each(lambda v: direction * (v - reference) / abs(reference))
        if direction > 0:
            return each(lambda v: v / reference)
        return each(lambda v: reference / v if v != 0 else UNDEFINED)
    if method == "categorical":
        cuts = [quantile(y, Fraction(p, 100)) for p in (15, 25, 65, 85, 95)]
        return each(lambda v: Fraction(20 * sum(1 for cut in cuts if direction * v >= cut)))
    if method == "mean_band":
        if mean(x) <= 0:
            return COLUMN
        above, below = 1 + how["band"], 1 - how["band"]
        return each(lambda v: Fraction(direction * ((v / mean(x) > above) - (v / mean(x) < below))))
    if method == "fraction":
        if max(x) <= 0 or min(x) < 0 or (direction < 0 and min(x) <= 0):
            return COLUMN
        return each(lambda v: v / max(x) if direction > 0 else min(x) / v)
    raise ValueError(method)


def impute(how, column):
    """Fills what is missing, whatever lost it, but not what does not apply."""
    there = sorted(v for v in column if is_value(v))
    if how == "none" or (how in ("mean", "median") and not there):
        return column
    filler = mean(there) if how == "mean" else quantile(there, Fraction(1, 2)) if how == "median" else how
    return [filler if v in (MISSING, DENOMINATOR) else v for v in column]


# Aggregation: rows of children, one row a unit ------------------------------------------------------------------------------

def enough(rule, values, weights):
    there = [w for v, w in zip(values, weights) if w > 0 and is_value(v)]
    counted = [w for w in weights if w > 0]
    if not there:
        return False
    share = Fraction(sum(there)) / sum(counted) if rule["by_weight"] else Fraction(len(there), len(counted))
    return share >= rule["threshold"]


def power_mean(power, values, weights):
    if any(v < 0 for v in values):
        return UNDEFINED
    if power <= 0 and any(v == 0 for v in values):
        return Fraction(0)
    whole = sum(weights)
    if power == -1:
        return divide(whole, total(divide(w, v) for v, w in zip(values, weights)))
    if power == 1:
        return divide(total(multiply(w, v) for v, w in zip(values, weights)), whole)
    if power == 0:
        return (sum(decimal(w) * decimal(v).ln() for v, w in zip(values, weights)) / decimal(whole)).exp()
    p = decimal(power)
    inner = sum(decimal(w) * decimal(v) ** p for v, w in zip(values, weights)) / decimal(whole)
    return inner ** (1 / p) if inner > 0 else Fraction(0)


def median(values, weights):
    order = sorted(zip(values, weights), key=lambda item: decimal(item[0]))
    n = len(order)
    if len(set(weights)) == 1:
        return divide(add(order[(n - 1) // 2][0], order[n // 2][0]), Fraction(2))
    so_far = Fraction(0)
    for value, weight in order:
        so_far += weight
        if so_far * 2 >= sum(weights):
            return value
    return order[-1][0]


def one_unit(rule, values, weights):
    """Methods that look at one unit alone: values that are there, and their weights."""
    method = rule["method"]
    if method == "arithmetic":
        return divide(total(multiply(w, v) for v, w in zip(values, weights)), sum(weights))
    if method == "geometric":
        return power_mean(0, values, weights)
    if method == "harmonic":
        return power_mean(-1, values, weights)
    if method == "generalised":
        return power_mean(rule["power"], values, weights)
    if method == "median":
        return median(values, weights)
    return min(values, key=decimal)


def support(left, right, weights):
    better = equal = everything = Fraction(0)
    for a, b, weight in zip(left, right, weights):
        if not (is_value(a) and is_value(b)) or weight == 0:
            continue
        everything += weight
        better += weight if compare(a, b) > 0 else 0
        equal += weight if compare(a, b) == 0 else 0
    return (better + equal / 2) / everything if everything > 0 else Fraction(1, 2)


def kemeny(matrix, n):
    best, orders = None, []
    for order in itertools.permutations(range(n)):
        value = sum((matrix[order[i]][order[j]] for i in range(n) for j in range(i + 1, n)), Fraction(0))
        if best is None or value > best:
            best, orders = value, []
        if value == best:
            orders.append(order)
    block = list(range(n))  # units that two best orders disagree about, and so on from unit to unit
    for i, j in itertools.combinations(range(n), 2):
        if len({order.index(i) < order.index(j) for order in orders}) == 2:
            block = [block[i] if b == block[j] else b for b in block]
    points = []
    for i in range(n):
        below = sum(1 for j in range(n) if block[j] != block[i] and orders[0].index(i) < orders[0].index(j))
        points.append(below + Fraction(block.count(block[i]) - 1, 2))
    return points


def maximise(a, b, c):
    """max c x, a x <= b, x >= 0 with b >= 0: the simplex method on fractions, by Bland's rule."""
    rows, columns = len(a), len(c)
    tableau = [list(row) + [Fraction(int(i == j)) for j in range(rows)] + [limit] for i, (row, limit) in enumerate(zip(a, b))]
    costs = [-v for v in c] + [Fraction(0)] * (rows + 1)
    basis = list(range(columns, columns + rows))
    while True:
        enter = next((j for j in range(columns + rows) if costs[j] < 0), None)
        if enter is None:
            return costs[-1]
        ratios = [(row[-1] / row[enter], basis[i], i) for i, row in enumerate(tableau) if row[enter] > 0]
        leave = min(ratios)[2]
        pivot = tableau[leave][enter]
        tableau[leave] = [v / pivot for v in tableau[leave]]
        for i in range(rows):
            if i != leave and tableau[i][enter] != 0:
                factor = tableau[i][enter]
                tableau[i] = [v - factor * w for v, w in zip(tableau[i], tableau[leave])]
        factor = costs[enter]
        costs = [v - factor * w for v, w in zip(costs, tableau[leave])]
        basis[leave] = enter


def envelope(rule, rows, weights):
    """Scores of the units in `rows`: what a unit lacks has no weight, and is zero where others are compared with it."""
    children = [q for q, w in enumerate(weights) if w > 0]
    exact = [[Fraction(row[q]) if is_value(row[q]) else None for q in children] for row in rows]
    out = []
    for own in exact:
        there = [q for q, v in enumerate(own) if v is not None]
        wider = Fraction(len(children), len(there))
        a = [[other[q] or Fraction(0) for q in there] for other in exact]
        b = [Fraction(1)] * len(a)
        for bound, sign in (("lower", 1), ("upper", -1)):
            limit = min(Fraction(1), wider * rule[bound])
            if 0 < limit < 1 or (bound == "lower" and limit == 1):
                for i in range(len(there)):
                    a.append([sign * (limit - int(i == j)) for j in range(len(there))])
                    b.append(Fraction(0))
        out.append(maximise(a, b, [own[q] for q in there]))
    if any(isinstance(v, Decimal) for row in rows for v in row):  # exact in sixty digits, and no further
        out = [decimal(score) for score in out]
    return out


def reason(row, weights):
    """Why a unit has no score: what its children have in common, else how a value was lost, else that one is missing."""
    if not any(w > 0 for w in weights):
        return WEIGHTLESS
    reasons = [v for v, w in zip(row, weights) if w > 0 and not is_value(v)]
    lost = [v for v in reasons if v in LOST]
    if lost:
        return max(lost, key=LOST.index)
    return reasons[0] if len(set(reasons)) == 1 else MISSING


def aggregate(rule, rows, weights):
    """A score of each unit from its children, or why there is none."""
    out = [reason(row, weights) for row in rows]
    compared = []
    for u, row in enumerate(rows):
        if any(v == UNDEFINED and w > 0 for v, w in zip(row, weights)):
            out[u] = UNDEFINED
        elif enough(rule, row, weights):
            values = [(v, w) for v, w in zip(row, weights) if is_value(v) and w > 0]
            if rule["method"] == "benefit_of_doubt" and any(v < 0 for v, _ in values):
                out[u] = UNDEFINED
            elif rule["method"] in ("borda", "copeland", "kemeny", "benefit_of_doubt"):
                compared.append(u)
            else:
                out[u] = one_unit(rule, [v for v, _ in values], [w for _, w in values])
    among = [rows[u] for u in compared]
    n = len(among)
    if rule["method"] == "benefit_of_doubt":
        points = envelope(rule, among, weights) if among else []
    else:
        matrix = [[support(a, b, weights) if i != j else Fraction(0) for j, b in enumerate(among)]
                  for i, a in enumerate(among)]
        if rule["method"] == "borda":
            points = [sum(row, Fraction(0)) for row in matrix]
        elif rule["method"] == "copeland":
            points = [Fraction(sum((v > Fraction(1, 2)) - (v < Fraction(1, 2)) for j, v in enumerate(row) if j != i))
                      for i, row in enumerate(matrix)]
        else:
            points = kemeny(matrix, n) if n and rule["method"] == "kemeny" else []
    for u, value in zip(compared, points):
        out[u] = value
    return out


# A random index --------------------------------------------------------------------------------------------------------------

def number(rng, kind):
    if kind == "signed":
        return Fraction(rng.randint(-4, 6))
    if kind == "tenths":
        return Fraction(rng.randint(1, 30), 10)
    return Fraction(rng.randint(1, 9))


def random_method(rng, method):
    how = {"method": method}
    if method == "minmax":
        how.update(rng.choice([{"low": Fraction(0), "high": Fraction(100)}, {"low": Fraction(1), "high": Fraction(10)},
                               {"low": Fraction(-50), "high": Fraction(50)}]))
    if method == "zscore":
        how.update(rng.choice([{"mean": Fraction(0), "deviation": Fraction(1)},
                               {"mean": Fraction(100), "deviation": Fraction(10)}]))
    if method == "goalposts":
        how.update(lower=Fraction(rng.randint(-1, 1)), upper=Fraction(rng.randint(2, 8)), high=Fraction(rng.choice([1, 100])),
                   truncate=rng.random() < 0.5)
    if method == "target":
        how.update(target=Fraction(rng.randint(-2, 12)), cap=rng.random() < 0.5)
    if method in ("ratio", "difference"):
        how["reference"] = rng.choice(["mean", "median", "best", "worst", Fraction(rng.randint(1, 5))])
    if method == "mean_band":
        how["band"] = rng.choice([Fraction(1, 5), Fraction(1, 2), Fraction(0)])
    return how


def random_rule(rng, method, children):
    rule = {"method": method, "threshold": rng.choice([Fraction(0)] * 3 + [Fraction(1, 2), Fraction(1)]),
            "by_weight": rng.random() < 0.3, "lower": Fraction(0), "upper": Fraction(1)}
    if method == "generalised":
        rule["power"] = rng.choice([Fraction(p) for p in (-2, -1, 0, 1, 2, 3)] + [Fraction(1, 2), Fraction(1, 16)])
    if method == "benefit_of_doubt" and children and rng.random() < 0.5:
        rule["lower"], rule["upper"] = Fraction(1, 2 * children), min(Fraction(1), Fraction(3, 2 * children))
    return rule


def random_index(rng, normalisation, aggregation, gap):
    n = rng.choice([1, 2, 2, 3, 3, 3, 4, 4, 5, 6])
    leaves = rng.randint(1, 4)
    kind = rng.choice(["plain", "plain", "tenths", "signed"])
    columns = [[number(rng, kind) for _ in range(n)] for _ in range(leaves)]
    index = {"n": n, "columns": columns, "directions": [rng.choice([1, 1, -1]) for _ in range(leaves)],
             "how": [random_method(rng, normalisation if q == 0 or rng.random() < 0.6 else rng.choice(METHODS))
                     for q in range(leaves)],
             "impute": [rng.choice(["none", "none", "mean", "median", Fraction(2)]) for _ in range(leaves)],
             "divisors": None, "clipped": None,
             "weights": [Fraction(rng.choice([1, 1, 1, 2, 3]), rng.choice([1, 1, 10])) for _ in range(leaves)]}
    q, u = rng.randrange(leaves), rng.randrange(n)
    if gap == "zero":
        columns[q][u] = Fraction(0)
    elif gap == "negative":
        columns[q][u] = Fraction(-rng.randint(1, 3))
    elif gap in ("missing", "not applicable"):
        for _ in range(rng.randint(1, n)):
            at = rng.randrange(n)
            columns[q][at] = MISSING if gap == "missing" else NOT_APPLICABLE
    elif gap == "denominator":
        index["divisors"] = (q, [rng.choice([Fraction(0), Fraction(1), Fraction(2), Fraction(4)]) for _ in range(n)])
    elif gap == "constant":
        columns[q] = [columns[q][0]] * n
    elif gap == "weight":
        index["weights"][q] = Fraction(0)
    elif gap == "undefined":
        index["clipped"] = (q, Fraction(rng.randint(3, 8)))
    split = rng.randint(0, leaves) if leaves > 1 else 0
    index["groups"] = [list(range(split))] if split else []
    index["loose"] = list(range(split, leaves))
    own = aggregation if rng.random() < 0.5 else rng.choice(AGGREGATIONS)
    index["inner"] = random_rule(rng, own, sum(1 for i in range(split) if index["weights"][i] > 0))
    index["group_weight"] = Fraction(rng.randint(1, 3))
    counted = sum(1 for i in index["loose"] if index["weights"][i] > 0) + len(index["groups"])
    index["rule"] = random_rule(rng, aggregation, counted)
    return index


def scores_of(index):
    n = index["n"]
    leaves = []
    for q, column in enumerate(index["columns"]):
        column = list(column)
        if index["divisors"] and index["divisors"][0] == q:
            column = [v if not is_value(v) else v / d if d != 0 else DENOMINATOR
                      for v, d in zip(column, index["divisors"][1])]
        column = impute(index["impute"][q], column)
        if index["clipped"] and index["clipped"][0] == q:
            column = [UNDEFINED if is_value(v) and v >= index["clipped"][1] else v for v in column]
        scaled = normalise(index["how"][q], index["directions"][q], column)
        if isinstance(scaled, str):
            scaled = [scaled if is_value(v) else v for v in column]
        leaves.append(scaled)
    weights = index["weights"]
    columns, own = [], []
    for group in index["groups"]:
        rows = [[leaves[q][u] for q in group] for u in range(n)]
        columns.append(aggregate(index["inner"], rows, [weights[q] for q in group]))
        own.append(index["group_weight"])
    for q in index["loose"]:
        columns.append(leaves[q])
        own.append(weights[q])
    return aggregate(index["rule"], [[column[u] for column in columns] for u in range(n)], own)


# To Lua and back -----------------------------------------------------------------------------------------------------------

def lua(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Fraction):
        return repr(float(value))
    if isinstance(value, str):
        return '"%s"' % value
    if isinstance(value, dict):
        return "{%s}" % ", ".join("%s = %s" % (k, lua(v)) for k, v in value.items())
    return "{%s}" % ", ".join(lua(v) for v in value) if not isinstance(value, str) else value


def lua_rule(rule):
    how = {"method": rule["method"]}
    if rule["method"] == "generalised":
        how["power"] = rule["power"]
    if rule["method"] == "benefit_of_doubt":
        how.update(lower=rule["lower"], upper=rule["upper"])
    return how


def lua_leaf(index, q):
    parts = ['id = "i%d"' % q, "direction = %d" % index["directions"][q], "normalise = " + lua(index["how"][q]),
             "weight = " + lua(index["weights"][q]), "impute = " + lua(index["impute"][q])]
    if index["divisors"] and index["divisors"][0] == q:
        parts.append('denominator = "d"')
    if index["clipped"] and index["clipped"][0] == q:
        parts.append("transform = function(x) return x < %s and x or nil end" % lua(index["clipped"][1]))
    return "{%s}" % ", ".join(parts)


def lua_group(head, rule, children):
    return "{%s, aggregate = %s, threshold = %s, threshold_by = %s, children = {%s}}" % (
        head, lua(lua_rule(rule)), lua(rule["threshold"]), lua("weight" if rule["by_weight"] else "children"),
        ", ".join(children))


def lua_case(index, orders):
    children = [lua_group('id = "g%d", weight = %s' % (i, lua(index["group_weight"])), index["inner"],
                          [lua_leaf(index, q) for q in group]) for i, group in enumerate(index["groups"])]
    children += [lua_leaf(index, q) for q in index["loose"]]
    rows = []
    for u in range(index["n"]):
        cells = ['unit = "U%d"' % u]
        for q, column in enumerate(index["columns"]):
            if is_value(column[u]):
                cells.append("i%d = %s" % (q, lua(column[u])))
            elif column[u] == NOT_APPLICABLE:
                cells.append('i%d = "not applicable"' % q)
        if index["divisors"]:
            cells.append("d = " + lua(index["divisors"][1][u]))
        rows.append("{%s}" % ", ".join(cells))
    return "{spec = %s, rows = {%s}, orders = {%s}}" % (
        lua_group('id = "x", units = {%s}' % ", ".join('"U%d"' % u for u in range(index["n"])), index["rule"], children),
        ", ".join(rows), ", ".join("{%s}" % ", ".join(str(i + 1) for i in order) for order in orders))


def random_orders(rng, n):
    if n <= 4:
        return list(itertools.permutations(range(n)))
    return [tuple(rng.sample(range(n), n)) for _ in range(3)]


def differences(index, scores, line):
    """What a line of index.lua says otherwise than the model."""
    found = []
    told = dict((part.split(" ", 2)[0], part.split(" ", 2)[1:]) for part in line.split(";"))
    for u, score in enumerate(scores):
        rank, rest = told["U%d" % u]
        if not is_value(score):
            if rank != "-" or rest != (UNDEFINED if score == COLUMN else score):
                found.append("U%d: %s %s, model %s" % (u, rank, rest, score))
            continue
        place = 1 + sum(1 for other in scores if is_value(other) and compare(other, score) > 0)
        wanted = float(decimal(score))
        if rank == "-" or int(rank) != place or abs(float(rest) - wanted) > 1e-9 * max(1, abs(wanted)):
            found.append("U%d: rank %s score %s, model rank %d score %.17g" % (u, rank, rest, place, wanted))
    return found


def usable(index):
    """Not an index that is refused: one with a column without any value."""
    return all(any(is_value(v) for v in column) for column in index["columns"])


def main():
    program, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 10 * len(METHODS) * len(AGGREGATIONS) * len(GAPS)
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    rng = random.Random(seed)
    combinations = itertools.cycle(itertools.product(METHODS, AGGREGATIONS, GAPS))
    cases = []
    while len(cases) < count:
        index = random_index(rng, *next(combinations))
        if usable(index):
            cases.append((index, random_orders(rng, index["n"])))
    environment = dict(os.environ)
    if "DIFKIT_PRELOAD" in environment:  # of the sanitizers
        environment["LD_PRELOAD"] = environment["DIFKIT_PRELOAD"]
    done = subprocess.run([program, "tests/exact/index.lua"], input="".join(lua_case(*case) + "\n" for case in cases),
                          stdout=subprocess.PIPE, universal_newlines=True, check=True, env=environment)
    lines = iter(done.stdout.splitlines())
    wrong = computed = scored = without = 0
    for index, orders in cases:
        scores = scores_of(index)
        scored += sum(1 for score in scores if is_value(score))
        without += sum(1 for score in scores if not is_value(score))
        for order in orders:
            found = differences(index, scores, next(lines))
            computed += 1
            if found:
                wrong += 1
                if wrong <= 10:
                    print("\n".join(found + [lua_case(index, [order])]))
                for _ in orders[orders.index(order) + 1:]:
                    next(lines)
                break
    print("%d indices (seed %d), %d orders of rows, %d units with a score and %d without: %d indices differ from the exact model"
          % (count, seed, computed, scored, without, wrong))
    return 1 if wrong else 0


sys.exit(main())
