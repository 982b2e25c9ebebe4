"""The noun Number: a quantity as a text writes it, made comparable.

"1,000", "1000", "10^3", "1k" and "one thousand" are one value; "50 %", "50%" and "50 percent" one
quantity. Values are not converted from one unit to another.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_SUPERSCRIPT_POWER = re.compile(r"(?<=\d)[⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_POWER = re.compile(
    r"(?:(?P<factor>\d+(?:\.\d+)?)\s*(?:×|x|\*|\\times|\\cdot|·)\s*)?"
    r"\b10\s*\^\s*\{?\s*(?P<exponent>[-−–]?\d{1,3})(?:\s*\})?"
)
NUMBER = re.compile(
    r"(?P<sign>(?<![\w)\]}.,])[-−])?(?<![\w.])"
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
    r"(?P<exponent>e[-+]?\d{1,3})?"
    r"(?P<scale>(?:\s*-?\s*(?:thousand|million|billion|trillion)s?\b)|[KMBT](?![A-Za-z/])|k\b)?"
    r"(?:\+?\s*-?\s*(?P<unit>%|‰|°\s?[CF]|[×✕](?!\s*[\d\[])|[A-Za-zµμΩÅ]+(?:[²³]|\^[23])?)"
    r"(?P<per>\s?/\s?[A-Za-zµμ]+(?:[²³]|\^[23])?|\s+per\s+[A-Za-z]+)?)?"
)
COMPOUND_UNIT = re.compile(
    r"(?<![\w/])([A-Za-zµμ]{1,12})\s?(?:/|\bper\b)\s?([A-Za-zµμ]{1,12})(?![\w/])"
)
_SCALES = {
    "k": 3,
    "thousand": 3,
    "m": 6,
    "million": 6,
    "b": 9,
    "billion": 9,
    "t": 12,
    "trillion": 12,
}
_SAME_UNITS = (
    "% percent pct percentage",
    "× x times fold ✕",
    "s sec secs second seconds",
    "ms millisecond milliseconds msec",
    "µs μs us microsecond microseconds",
    "ns nanosecond nanoseconds",
    "ps picosecond picoseconds",
    "min mins minute minutes",
    "h hr hrs hour hours",
    "day days",
    "week weeks",
    "month months",
    "year years",
    "bit bits",
    "B byte bytes",
    "KB kB kilobyte kilobytes KiB",
    "MB megabyte megabytes MiB",
    "GB gigabyte gigabytes GiB",
    "TB terabyte terabytes TiB",
    "PB petabyte petabytes",
    "Hz hertz",
    "kHz KHz kilohertz",
    "MHz megahertz",
    "GHz gigahertz",
    "THz terahertz",
    "nm nanometer nanometers nanometre nanometres",
    "µm μm um micron microns micrometer micrometers micrometre micrometres",
    "mm millimeter millimeters millimetre millimetres",
    "cm centimeter centimeters centimetre centimetres",
    "m meter meters metre metres",
    "km kilometer kilometers kilometre kilometres",
    "mm² mm2 mm^2",
    "cm² cm2 cm^2",
    "Å angstrom angstroms",
    "W watt watts",
    "mW milliwatt milliwatts",
    "kW kilowatt kilowatts",
    "MW megawatt megawatts",
    "V volt volts",
    "mV millivolt millivolts",
    "kV kilovolt kilovolts",
    "A amp amps ampere amperes",
    "mA milliampere milliamperes milliamp milliamps",
    "J joule joules",
    "kJ kilojoule kilojoules",
    "kWh",
    "eV",
    "keV",
    "MeV",
    "K kelvin",
    "°C celsius",
    "°F fahrenheit",
    "dB decibel decibels",
    "kg kilogram kilograms",
    "g gram grams",
    "mg milligram milligrams",
    "Pa pascal pascals",
    "Torr torr",
    "Kb kilobit kilobits kbit",
    "Mb megabit megabits Mbit",
    "Gb gigabit gigabits Gbit",
    "Tb terabit terabits Tbit",
    "bit/s bps",
    "Kb/s kbps Kbps",
    "Mb/s Mbps",
    "Gb/s Gbps",
    "Tb/s Tbps",
    "GB/s GBps",
    "TB/s TBps",
    "fps",
    "FLOPS FLOPs flops",
    "TFLOPS TFLOPs teraflops",
    "GFLOPS GFLOPs gigaflops",
    "PFLOPS PFLOPs petaflops",
    "TOPS tops",
    "ppm",
    "ppb",
    "rpm",
    "Ω ohm ohms",
    "dpi",
    "mol",
    "mL ml",
    "L liter liters litre litres",
    "USD dollar dollars",
    "EUR euro euros",
)
_UNITS = {written: group.split()[0] for group in _SAME_UNITS for written in group.split()}
_SMALL = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty"
).split()
WORDS = {word: str(value) for value, word in enumerate(_SMALL, start=2)} | {
    "thirty": "30",
    "forty": "40",
    "fifty": "50",
    "sixty": "60",
    "seventy": "70",
    "eighty": "80",
    "ninety": "90",
    "hundred": "100",
    "thousand": "1000",
    "dozen": "12",
    "half": "0.5",
}

SCALES = {
    "thousand": "1000",
    "million": "1000000",
    "billion": "1000000000",
    "trillion": "1000000000000",
}


_UNIT_FIRST = re.compile(
    r"\((?P<unit>[^()\s]{1,15})\)(?P<joint>\s*(?:[:=]|is|are|was|were)?\s+)"
    r"(?P<number>\d(?:[\d.,]*\d)?)(?!\w|\s*%)(?P<next>\s*[^\W\d_]+)?"
)


@dataclass(frozen=True, slots=True)
class Number:
    """A value in plain decimal digits, and its unit as one of its spellings ("" without one)."""

    value: str
    unit: str = ""

    def __str__(self) -> str:
        return f"{self.value} {self.unit}".strip()


def with_plain_powers(text: str) -> str:
    """Write powers of ten as decimals: "2×10^3" becomes "2e3"."""
    text = _SUPERSCRIPT_POWER.sub(lambda m: "^" + m.group().translate(_SUPERSCRIPTS), text)
    text = _POWER.sub(_decimal_power, text)
    return text.replace("{,}", ",").replace("\\%", "%").replace("\\,", " ")


def with_units_after(text: str) -> str:
    """Write a unit after the number that it stands before: "Area (cm²): 2" is "Area : 2 cm²"."""
    return _UNIT_FIRST.sub(_unit_after, text)


def read_number(match: re.Match[str]) -> tuple[Number, int]:
    """Return the number of a match of `NUMBER`, and where its own characters end."""
    end = match.end("exponent") if match["exponent"] else match.end("digits")
    digits = match["digits"].replace(",", "") + (match["exponent"] or "")
    scale = (match["scale"] or "").strip(" -").casefold()
    if match["scale"]:
        end = match.end("scale")
    sign = "-" if match["sign"] else ""
    value = _plain(sign + digits, _SCALES.get(scale.removesuffix("s"), 0))
    written = (match["unit"] or "").replace(" ", "")
    unit = known_unit(written)
    if unit:
        end = match.end("unit")
        compound = compound_unit(unit, (match["per"] or "").replace("/", "").strip())
        if compound:
            return Number(value, compound), match.end("per")
    return Number(value, unit), end


def compound_unit(above: str, below: str) -> str:
    """Return the one spelling of "GB/s" or "bits per second", "" when one part is no unit."""
    below = below.removeprefix("per").strip()
    both = known_unit(above), known_unit(below)
    return f"{both[0]}/{both[1]}" if all(both) else ""


def known_unit(word: str) -> str:
    """Return the one spelling of a unit, "" when the word is none."""
    return _UNITS.get(word) or (_UNITS.get(word.casefold(), "") if len(word) > 2 else "")


def is_unit(word: str) -> bool:
    """Tell whether a word says what is counted: a unit of measurement, or "millions"."""
    return bool(known_unit(word)) or word.casefold().removesuffix("s") in SCALES


def _unit_after(match: re.Match[str]) -> str:
    following = match["next"] or ""
    if not is_unit(match["unit"]) or is_unit(following.strip()):
        return match.group()
    return f"{match['joint']}{match['number']} {match['unit']}{following}"


def _decimal_power(match: re.Match[str]) -> str:
    exponent = match["exponent"].replace("−", "-").replace("–", "-")
    return f"{match['factor'] or '1'}e{exponent}"


def _plain(digits: str, scale: int) -> str:
    try:
        value = Decimal(digits).scaleb(scale)
        if abs(value.adjusted()) > 60:
            return digits
        text = format(value, "f")
    except InvalidOperation:
        return digits
    return text.rstrip("0").rstrip(".") if "." in text else text
