"""D03: isotype groups."""

import pytest

from tests.registry.derivations.build import NK, started, value

ROWS = {
    "IGG→IgG": ("IGG", "IgG"),
    "IGA→IgA": ("IGA", "IgA"),
    "NONE→Light chain only": ("NONE", "Light chain only"),
    "IGD→Other": ("IGD", "Other"),
    "IGM→Other": ("IGM", "Other"),
    "IGE→Other": ("IGE", "Other"),
    "BICLONAL→Other": ("BICLONAL", "Other"),
    "NONSEC→Other": ("NONSEC", "Other"),
    "NK→NE": (NK, "NE"),
}


@pytest.mark.parametrize(("heavy_chain", "group"), ROWS.values(), ids=ROWS)
def test_isotype_group(heavy_chain: str, group: str) -> None:
    assert value(started(diagnosis={"heavy_chain": heavy_chain}), "isotype_group") == group
