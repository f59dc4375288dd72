"""Diagnosis of active myeloma."""

from registry.dictionary.variable import (
    AlternativeUnit,
    Choice,
    Form,
    Identifying,
    Kind,
    Limits,
    Unit,
    Variable,
)
from registry.terminology.missing import Missing
from registry.terminology.text import gettext_noop as _

FORM = Form(
    "diagnosis",
    _("Diagnosis"),
    variables=(
        Variable(
            "dx_date",
            _("Date of diagnosis of active myeloma"),
            Kind.PARTIAL_DATE,
            required="always",
            hard=Limits("birth_date", "isapd_start_date"),
            soft=Limits("1995-01-01", ""),
            missing=(Missing.NK,),
            standard="SDTM MH.MHSTDTC",
            identifying=Identifying.QUASI,
            core=True,
            source="Year at least. Martino 2025 2.1 lists date of diagnosis",
        ),
        Variable(
            "heavy_chain",
            _("Paraprotein heavy chain"),
            Kind.CHOICE,
            choices=(
                Choice("IGG", _("IgG")),
                Choice("IGA", _("IgA")),
                Choice("IGD", _("IgD")),
                Choice("IGM", _("IgM")),
                Choice("IGE", _("IgE")),
                Choice("NONE", _("None (light-chain only)")),
                Choice("NONSEC", _("Non-secretory")),
                Choice("BICLONAL", _("Biclonal")),
            ),
            required="always",
            missing=(Missing.NK,),
            core=True,
            source="Martino 2025 Table 1: IgG 34, IgA 11, light chain only 6",
        ),
        Variable(
            "light_chain",
            _("Clonal light chain"),
            Kind.CHOICE,
            choices=(
                Choice("K", _("Kappa")),
                Choice("L", _("Lambda")),
                Choice("BOTH", _("Both")),
                Choice("NONE", _("None")),
            ),
            required="always",
            missing=(Missing.NK,),
            core=True,
            source="Defines involved FLC; IgG kappa triggers the mAb-interference question",
        ),
        Variable(
            "iss_dx_reported",
            _("ISS at diagnosis as written in source"),
            Kind.CHOICE,
            choices=(
                Choice("I", _("I")),
                Choice("II", _("II")),
                Choice("III", _("III")),
            ),
            missing=(
                Missing.NK,
                Missing.ND,
            ),
            source=(
                "Historical fact copied from source, not the derived ISS. Table 1 ISS in Martino "
                "2025 is at IsaPd start"
            ),
        ),
        Variable(
            "dx_b2m",
            _("Beta-2 microglobulin at diagnosis"),
            Kind.DECIMAL,
            unit=Unit("mg/L"),
            alternatives=(
                AlternativeUnit("ug/mL", "*1"),
                AlternativeUnit("mg/dL", "*10"),
                AlternativeUnit("nmol/L", "*0.0118"),
            ),
            hard=Limits("0.3", "100"),
            soft=Limits("1", "40"),
            missing=(
                Missing.NK,
                Missing.ND,
            ),
            standard="LOINC 1952-1; SDTM LB B2MICG",
            source="Enables R-ISS/R2-ISS at diagnosis, the only setting they were validated in",
        ),
        Variable(
            "dx_albumin",
            _("Albumin at diagnosis"),
            Kind.DECIMAL,
            unit=Unit("g/dL"),
            alternatives=(AlternativeUnit("g/L", "*0.1"),),
            hard=Limits("0.8", "7"),
            soft=Limits("2", "5.5"),
            missing=(
                Missing.NK,
                Missing.ND,
            ),
            standard="LOINC 1751-7; SDTM LB ALB",
        ),
        Variable(
            "dx_ldh_status",
            _("LDH at diagnosis vs local ULN"),
            Kind.CHOICE,
            choices=(
                Choice("NORMAL", _("At or below ULN")),
                Choice("HIGH", _("Above ULN")),
            ),
            missing=(
                Missing.NK,
                Missing.ND,
            ),
            source="Historical category as reported; value rarely retrievable",
        ),
        Variable(
            "dx_associated",
            _("Associated plasma-cell condition at any time before index"),
            Kind.MULTICHOICE,
            choices=(
                Choice("NONE", _("None")),
                Choice("AL", _("AL amyloidosis")),
                Choice("PCL", _("Plasma cell leukemia")),
                Choice("POEMS", _("POEMS")),
                Choice("CNS", _("CNS myeloma")),
            ),
            required="always",
            missing=(Missing.NK,),
            source="NONE is exclusive; PCL/AL usually excluded in sensitivity analyses",
        ),
    ),
)
