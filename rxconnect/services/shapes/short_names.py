"""Names of columns in six to ten letters, as old programs for IBM's midrange computers shorten them: `BKDAT7`, `HSGUNT`, `LSTNAM`."""

from __future__ import annotations

from itertools import product

_FIRST = {
    "booking": "bk bkg bok", "release": "rl rls rel rlse", "birth": "bt br brt bth bir brth", "last": "ls lst", "first": "fs fst frs",
    "middle": "md mdl mid", "housing": "hs hsg hou", "unit": "cel blk pod", "inmate": "inm ofn ofd prs", "custody": "cus cst",
}  # fmt: skip
_SECOND = {
    "number": "nbr nmb num no", "name": "nam nm nme", "date": "dat dte dt", "time": "tim tm", "unit": "unt un cel",
    "location": "loc", "status": "sts sta", "code": "cd cod",
}  # fmt: skip

# An H in front of a part of a building: `HCELL`, `HPOD`.
_HOUSING = "cell cel block blk unit pod dorm tier bed bunk wing sec"

# The words of each name.
SHORT_NAMES = {
    one + other: f"{first} {second}"
    for (first, ones), (second, others) in product(_FIRST.items(), _SECOND.items())
    for one, other in product(ones.split(), others.split())
}
SHORT_NAMES |= {f"h{part}": "housing unit" for part in _HOUSING.split()}
SHORT_NAMES |= {"hloc": "housing location", "hseloc": "housing location", "hseunit": "housing unit"}
