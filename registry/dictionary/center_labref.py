"""A center's laboratory reference ranges, per validity period."""

from registry.dictionary.variable import AlternativeUnit, Form, Kind, Limits, Unit, Variable
from registry.terminology.text import gettext_noop as _

FORM = Form(
    "center_labref",
    _("Laboratory reference ranges"),
    repeating="per center per validity period",
    variables=(
        Variable(
            "labref_valid_from",
            _("Reference ranges valid from"),
            Kind.DATE,
            required="always",
            hard=Limits("2010-01-01", "today"),
            core=True,
            source="Row used for a sample = latest valid_from <= sample date",
        ),
        Variable(
            "ldh_uln",
            _("LDH upper limit of normal"),
            Kind.DECIMAL,
            unit=Unit("U/L"),
            alternatives=(AlternativeUnit("ukat/L", "*60"),),
            required="always",
            hard=Limits("80", "700"),
            soft=Limits("150", "480"),
            core=True,
            source=(
                "Needed because Martino 2025 reports LDH only as normal/elevated; ULN is "
                "method-dependent (never mix labs)"
            ),
        ),
        Variable(
            "flc_ratio_low",
            _("FLC kappa/lambda ratio lower limit"),
            Kind.DECIMAL,
            unit=Unit("{ratio}", "ratio"),
            required="always",
            hard=Limits("0.05", "1"),
            soft=Limits("0.2", "0.5"),
            source="Default 0.26 (Freelite); assay-dependent (N Latex differs)",
        ),
        Variable(
            "flc_ratio_high",
            _("FLC kappa/lambda ratio upper limit"),
            Kind.DECIMAL,
            unit=Unit("{ratio}", "ratio"),
            required="always",
            hard=Limits("1", "6"),
            soft=Limits("1.2", "3.2"),
            source="Default 1.65 (Freelite); some labs use 0.37-3.10 in renal impairment",
        ),
        Variable(
            "del17p_cutoff_pct",
            _("Laboratory positivity cut-off for del(17p)"),
            Kind.DECIMAL,
            unit=Unit("%", "% nuclei"),
            hard=Limits("1", "70"),
            soft=Limits("5", "60"),
            source="Not stated in Martino 2025; stored so that del(17p) can be re-cut",
        ),
    ),
)
