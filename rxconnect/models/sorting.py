"""How names are sorted in the database: as people look for them, without case and accents, so that Ñ stands beside N."""

from typing import Any

from sqlalchemy import String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from rxconnect.engines import FOLDED


class by_name(GenericFunction[str]):  # noqa: N801 - it is used as a function, `order_by(by_name(Facility.name))`
    """Sorts a column with names."""

    name = FOLDED
    type = String()
    inherit_cache = True


@compiles(by_name, "postgresql")
def _as_its_own_collation(element: Any, compiler: Any, **options: Any) -> str:
    """PostgreSQL sorts names as the database's locale does, which folds them unless it is C."""
    return compiler.process(element.clauses, **options)
