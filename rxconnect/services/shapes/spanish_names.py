"""Names of columns in Spanish, without accents and blanks, each with the words for it in English."""

from __future__ import annotations

SPANISH_NAMES = {
    "apellido": "last name", "apellidos": "last name", "apellidopaterno": "last name", "primerapellido": "last name",
    "apellidomaterno": "second last name", "segundoapellido": "second last name", "nombre": "first name", "nombres": "first name",
    "primernombre": "first name", "segundonombre": "middle name", "nombrecompleto": "full name",
    "apellidosynombres": "full name", "nombreyapellido": "full name", "nombresyapellidos": "full name",
    "numerodeconfinado": "inmate number", "numeroconfinado": "inmate number", "numconfinado": "inmate number",
    "noconfinado": "inmate number", "numdeconfinado": "inmate number", "nodeconfinado": "inmate number",
    "numerodeinterno": "inmate number", "numerodepreso": "inmate number", "numerodeexpediente": "inmate number",
    "nodeinterno": "inmate number", "matricula": "inmate number", "fechadenacimiento": "birth date", "fechanacimiento": "birth date",
    "fechadeingreso": "booking date", "fechadesalida": "release date", "fechadeegreso": "release date",
    "fechadeliberacion": "release date", "pabellon": "unit", "celda": "unit", "modulo": "unit", "dormitorio": "unit",
    "estado": "custody", "estatus": "status", "situacion": "custody", "estadoactual": "status", "estatusactual": "status",
    "situacionactual": "status", "estadodecustodia": "custody status", "estadodelinterno": "status", "numero": "number",
    "institucion": "facility", "institucioncorreccional": "facility",
    "noexpediente": "inmate number", "expediente": "inmate number", "folio": "booking number",
}  # fmt: skip
