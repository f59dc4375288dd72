"""Contacts: vital status, death, second malignancies."""

from registry.dictionary.choices import YES_NO
from registry.dictionary.variable import Choice, Form, Identifying, Kind, Limits, Variable
from registry.terminology.missing import Missing
from registry.terminology.text import gettext_noop as _

FORM = Form(
    "follow_up",
    _("Follow-up"),
    repeating="per contact",
    variables=(
        Variable(
            "contact_date",
            _("Date of contact"),
            Kind.DATE,
            required="always",
            hard=Limits("isapd_start_date", "today"),
            standard="CDASH SSDAT",
            identifying=Identifying.QUASI,
            core=True,
            source="Last known alive date is derived = latest alive evidence over all forms",
        ),
        Variable(
            "vital_status",
            _("Vital status at contact"),
            Kind.CHOICE,
            choices=(
                Choice("ALIVE", _("Alive")),
                Choice("DEAD", _("Dead")),
                Choice("LTFU", _("Lost to follow-up")),
            ),
            required="always",
            standard="SDTM SS SURVSTAT",
            core=True,
            source="LTFU: contact_date = last date known alive",
        ),
        Variable(
            "death_date",
            _("Date of death"),
            Kind.PARTIAL_DATE,
            required="when vital_status = DEAD",
            shown="vital_status = DEAD",
            hard=Limits("isapd_start_date", "today"),
            standard="SDTM DM.DTHDTC",
            identifying=Identifying.QUASI,
            core=True,
            source="YYYY-MM allowed and imputed; YYYY alone is not",
        ),
        Variable(
            "death_cause",
            _("Main cause of death"),
            Kind.CHOICE,
            choices=(
                Choice("MM", _("Myeloma progression")),
                Choice("INFECT", _("Infection")),
                Choice("COVID", _("COVID-19")),
                Choice("CARDIO", _("Cardiovascular")),
                Choice("TOX", _("Other treatment toxicity")),
                Choice("SPM", _("Second malignancy")),
                Choice("OTHER", _("Other")),
            ),
            required="when vital_status = DEAD",
            shown="vital_status = DEAD",
            missing=(Missing.NK,),
            standard="SDTM DD PRCDTH",
            source="MM vs other separates DOR (IMWG) and competing risks",
        ),
        Variable(
            "spm_occurred",
            _("Second primary malignancy since IsaPd start"),
            Kind.BOOLEAN,
            choices=YES_NO,
            missing=(Missing.NK,),
        ),
        Variable(
            "spm_date",
            _("Date of second primary malignancy"),
            Kind.PARTIAL_DATE,
            required="when spm_occurred = Y",
            shown="spm_occurred = Y",
            hard=Limits("isapd_start_date", "today"),
            missing=(Missing.NK,),
            identifying=Identifying.QUASI,
        ),
        Variable(
            "spm_type",
            _("Type"),
            Kind.CHOICE,
            choices=(
                Choice("HAEM", _("Haematological")),
                Choice("SOLID", _("Solid invasive")),
                Choice("SKIN", _("Non-melanoma skin")),
            ),
            required="when spm_occurred = Y",
            shown="spm_occurred = Y",
            missing=(Missing.NK,),
        ),
    ),
)
