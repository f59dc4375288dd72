"""The paper's prognostic factors: which column of ADSL, which groups, which one is the reference."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from registry.terminology.text import gettext_noop as _


@dataclass(frozen=True)
class Level:
    """One group of a categorical factor and the codes that belong to it; `short` for narrow places."""

    key: str
    label: str
    codes: frozenset[str]
    short: str


@dataclass(frozen=True)
class Factor:
    """A factor; without levels it is continuous and its hazard ratio is per `unit`.

    Attributes
    ----------
    levels : tuple of Level
        Reference first. Codes of no level (such as NE) are missing, and counted.
    in_sample : bool
        The cut-off was chosen on the study's own patients: its effect is overestimated.
    short : str
        A label for narrow places, where the full one is too long.
    """

    key: str
    label: str
    column: str
    levels: tuple[Level, ...] = ()
    unit: str = ""
    in_sample: bool = False
    short: str = ""

    @property
    def name(self) -> str:
        """The label for narrow places."""
        return self.short or self.label


def _level(key: str, label: str, *codes: str, short: str = "") -> Level:
    return Level(key, label, frozenset(codes or (key,)), short or label)


NO = _level("N", _("No"), "N", "NOT_EXPOSED")
YES = _level("Y", _("Yes"))

FACTORS = (
    Factor("age", _("Age (years)"), "AGEGR1", (_level("<70", "<70"), _level("≥70", "≥70"))),
    Factor("sex", _("Sex"), "SEX", (_level("F", _("Female")), _level("M", _("Male")))),
    Factor(
        "isotype",
        _("Isotype"),
        "ISOTYPE",
        (
            _level("IgG", "IgG"),
            _level("IgA", "IgA"),
            _level("LC", _("Light chain only"), "Light chain only", short=_("Light chain")),
            _level("Other", _("Other")),
        ),
    ),
    Factor(
        "crcl",
        _("Creatinine clearance (mL/min)"),
        "CRCLGR1",
        (_level("≥60", "≥60"), _level("<60", "<60")),
        short=_("CrCl (mL/min)"),
    ),
    Factor(
        "iss",
        _("International staging system"),
        "ISS",
        (_level("I", "I"), _level("II", "II"), _level("III", "III")),
        short=_("ISS"),
    ),
    Factor(
        "hb_11_8",
        _("Hemoglobin (g/dL), cut 11.8"),
        "HBLT118",
        (_level("N", "≥11.8"), _level("Y", "<11.8")),
        in_sample=True,
        short=_("Hb (g/dL), cut 11.8"),
    ),
    Factor(
        "hb_11_0",
        _("Hemoglobin (g/dL), cut 11.0"),
        "HBLT110",
        (_level("N", "≥11.0"), _level("Y", "<11.0")),
        in_sample=True,
        short=_("Hb (g/dL), cut 11.0"),
    ),
    Factor("ldh", "LDH", "LDHSTAT", (_level("NORMAL", _("Normal")), _level("HIGH", _("Elevated")))),
    Factor("lines", _("Prior lines"), "LINESGT2", (_level("N", "≤2"), _level("Y", ">2"))),
    Factor("asct", _("Prior autologous transplant"), "ASCTFL", (NO, YES), short=_("Prior ASCT")),
    Factor("tcr", _("Triple-class refractory"), "TCRFL", (NO, YES)),
    Factor(
        "pi_refractory", _("Proteasome inhibitor refractory"), "PIREF", (NO, YES), short=_("PI-refractory")
    ),
    Factor(
        "status",
        _("Disease status"),
        "DISSTAT",
        (
            _level("BIOCHEMICAL", _("Biochemical relapse"), short=_("Biochemical")),
            _level("SYMPTOMATIC", _("Symptomatic relapse"), short=_("Symptomatic")),
            _level("REFRACTORY", _("Refractory disease"), short=_("Refractory")),
        ),
    ),
    Factor(
        "cytogenetics",
        _("Cytogenetic risk"),
        "CYTORISK",
        (_level("STANDARD", _("Standard")), _level("HIGH", _("High"))),
    ),
    Factor(
        "interval_6",
        _("Daratumumab–IsaPd interval (months), cut 6"),
        "DARAGE6",
        (_level("N", "<6"), _level("Y", "≥6")),
        short=_("Dara–IsaPd, cut 6"),
    ),
    Factor(
        "interval_12",
        _("Daratumumab–IsaPd interval (months), cut 12"),
        "DARAGE12",
        (_level("N", "<12"), _level("Y", "≥12")),
        short=_("Dara–IsaPd, cut 12"),
    ),
    Factor(
        "interval",
        _("Daratumumab–IsaPd interval"),
        "DARAINTM",
        unit=_("per month"),
        short=_("Dara–IsaPd interval"),
    ),
    Factor(
        "lines_between",
        _("Lines between daratumumab and IsaPd"),
        "LBTWGR1",
        (_level("0", "0"), _level("≥1", "≥1")),
        short=_("Lines dara to IsaPd"),
    ),
    Factor("dara_cycles", _("Daratumumab cycles"), "DARACYC", unit=_("per cycle")),
)

BY_KEY = {factor.key: factor for factor in FACTORS}


def level_of(factor: Factor, adsl: pd.DataFrame) -> npt.NDArray[np.object_]:
    """Return the level key of each patient of ADSL; None where the factor is missing."""
    key_of = {code: level.key for level in factor.levels for code in level.codes}
    return np.array([key_of.get(code) for code in adsl[factor.column]], dtype=object)
