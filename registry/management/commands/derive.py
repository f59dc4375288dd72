"""`manage.py derive FILE.jsonl`: the derived values of cases from a file, without a database."""

from collections.abc import Mapping
from typing import Any

from registry.derivations.case import derive
from registry.derivations.parameters import DEFAULT, Parameters
from registry.derivations.schema import schemas
from registry.dictionary.facts import Facts
from registry.management.case_lines import Answer, CaseLinesCommand, day_argument, settings_of


class Command(CaseLinesCommand):
    """Derived values of each case."""

    help = "Derive cases from a file with one JSON object per line; uses no database."

    def add_arguments(self, parser: Any) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--cutoff",
            type=day_argument,
            metavar="DATE",
            help="ignore events after this day; nothing is by default",
        )
        parser.add_argument("--parameters", metavar="FILE", help="JSON object of parameters and their values")

    def answer(self, options: Mapping[str, Any]) -> Answer:
        parameters = settings_of(options["parameters"], Parameters.from_json, DEFAULT, "parameters")

        def derived(facts: Facts) -> Mapping[str, Any]:
            found = derive(facts, parameters, options["cutoff"])
            return {name: value.to_json() for name, value in found.items()}

        return derived

    def schema(self) -> Mapping[str, object]:
        return schemas()
