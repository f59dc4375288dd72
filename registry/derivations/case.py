"""All derived variables of one case."""

from collections.abc import Iterator, Mapping
from datetime import date

from registry.derivations import (
    age,
    calcium,
    cytogenetics,
    daratumumab,
    disease_status,
    duration_of_response,
    eligibility,
    hemoglobin,
    imwg_response,
    iss,
    ldh,
    light_chains,
    prior_lines,
    progression,
    refractoriness,
    renal,
    response,
    risk_staging,
    survival,
    treatment,
)
from registry.derivations.confirmation import Course, confirmed_course, unconfirmed_course
from registry.derivations.derived import Answer, Derived
from registry.derivations.history import History, read_history
from registry.derivations.imwg_components import read_baseline
from registry.derivations.index_start import index_start, index_start_date
from registry.derivations.isotype import isotype_group
from registry.derivations.next_therapy import next_therapy
from registry.derivations.observation import Observation, last_alive_date, observe
from registry.derivations.parameters import (
    DEFAULT,
    Parameters,
    PfsRule,
    ResponseConfirmation,
    ResponseSource,
)
from registry.derivations.reading import code, number, said, span
from registry.derivations.refractoriness import CD38, IMID, PI, Refractoriness, class_refractory
from registry.derivations.visits import investigator_visits
from registry.dictionary.facts import Facts

Named = Iterator[tuple[str, Answer]]


def derive(facts: Facts, parameters: Parameters = DEFAULT, cutoff: date | None = None) -> dict[str, Derived]:
    """Every derived variable of a case, by its name in the specification.

    Parameters
    ----------
    facts : what the forms of the case and the reference ranges of its center say
    parameters : section 0 of the specification
    cutoff : events after it are ignored; by default the parameters' data cutoff, and without that none is

    Returns
    -------
    dict
        Name → `Derived`. Incomplete or contradictory entries never raise: the answer is then NE.
    """
    version = parameters.rule_version
    return {
        name: Derived(answer.value, answer.status, answer.reason, answer.inputs, version)
        for name, answer in _answers(facts, parameters, cutoff or parameters.data_cutoff)
    }


def _answers(facts: Facts, parameters: Parameters, cutoff: date | None) -> Named:
    start = index_start(facts)
    observation = observe(facts, start, cutoff)
    history = read_history(facts, start)
    found = refractoriness.refractoriness(history, parameters)
    yield "index_start_date", index_start_date(start)
    yield from _baseline(facts, start, parameters)
    yield from _history(history, found, start, parameters)
    yield "disease_status", disease_status.disease_status(history, found, facts.one("baseline"))
    yield from _eligibility(facts, history, found, start, observation, parameters)
    yield from _outcome(facts, start, observation, parameters)
    yield from treatment.treatment(facts, start, observation, parameters)


def _baseline(facts: Facts, start: date | None, parameters: Parameters) -> Named:
    baseline, diagnosis = facts.one("baseline"), facts.one("diagnosis")
    birth, sex = span(facts.one("demographics"), "birth_date"), code(facts.one("demographics"), "sex")
    years = age.age_at_start(birth, start)
    yield "age_at_start", years
    yield "age_group", age.age_group(years)
    yield "age_ambiguous", age.age_ambiguous(birth, start)
    yield "isotype_group", isotype_group(code(diagnosis, "heavy_chain"))

    creatinine, dialysis = number(baseline, "creatinine"), said(baseline, "dialysis")
    crcl = renal.crcl_cg(years, number(baseline, "weight_kg"), creatinine, sex, dialysis)
    yield "crcl_cg", crcl
    yield "crcl_group", renal.crcl_group(crcl, dialysis)
    yield "egfr_ckdepi2021", renal.egfr_ckdepi2021(years, creatinine, sex)

    hb, b2m, albumin = number(baseline, "hb"), number(baseline, "b2m"), number(baseline, "albumin")
    corrected = calcium.calcium_corrected(number(baseline, "calcium_total"), albumin)
    yield "calcium_corrected", corrected
    yield "crab_lab_calcium", calcium.crab_lab_calcium(corrected)
    yield "crab_lab_renal", calcium.crab_lab_renal(creatinine, crcl)
    yield "crab_lab_anemia", calcium.crab_lab_anemia(hb)
    yield "crab_lab_bone", calcium.crab_lab_bone(code(baseline, "bone_lesions_n"))
    yield "hb_lt_11_8", hemoglobin.hb_below(hb, hemoglobin.PFS_CUT)
    yield "hb_lt_11_0", hemoglobin.hb_below(hb, hemoglobin.OS_CUT)

    lactate = ldh.ldh_status(baseline, facts.labrefs)
    markers = cytogenetics.pool(facts.rows("fish"), start)
    risk = cytogenetics.cyto_risk(markers, start)
    yield "ldh_status", lactate
    yield "iss", iss.iss(b2m, albumin)
    yield "iss_dx", iss.iss(number(diagnosis, "dx_b2m"), number(diagnosis, "dx_albumin"), iss.DIAGNOSIS)
    yield "cyto_risk", risk
    yield "cyto_risk_lenient", cytogenetics.cyto_risk_lenient(markers, risk)
    yield "cyto_panel_complete", cytogenetics.cyto_panel_complete(markers, start)

    staging = risk_staging.inputs_of(b2m, albumin, lactate, markers)
    yield "r_iss", risk_staging.r_iss(staging)
    yield "r2_iss", risk_staging.r2_iss(staging)
    yield "r2_iss_total", risk_staging.r2_iss_total(staging)
    yield "r2iss_complete", risk_staging.r2iss_complete(staging)

    flc = light_chains.at_baseline(baseline, facts.labrefs)
    chain = light_chains.involved_chain(code(diagnosis, "light_chain"), flc)
    yield "flc_ratio", light_chains.flc_ratio(flc)
    yield "involved_chain", chain
    yield "dflc", light_chains.dflc(flc, chain)
    yield "measurable_disease", light_chains.measurable_disease(baseline, flc, chain, parameters)


def _history(history: History, found: Refractoriness, start: date | None, parameters: Parameters) -> Named:
    lines = prior_lines.n_prior_lines(history, start)
    yield "n_prior_lines", lines
    yield "prior_lines_group", prior_lines.prior_lines_group(lines)
    yield "prior_asct", prior_lines.prior_asct(history, start)

    yield "drug_refractory", refractoriness.drug_refractory(found)
    for name, drugs in _CLASSES.items():
        yield name, class_refractory(found, drugs)
    yield "tcr", refractoriness.tcr(found)
    yield "penta_refractory", refractoriness.penta_refractory(found)

    dara = daratumumab.daratumumab(history)
    interval = daratumumab.interval(dara, start)
    days = daratumumab.dara_isapd_interval_days(interval)
    between = daratumumab.lines_between_dara_isapd(dara, history, start)
    yield "dara_line_last", daratumumab.dara_line_last(dara)
    yield "dara_regimen", daratumumab.dara_regimen(dara, history)
    yield "dara_cycles", daratumumab.dara_cycles(dara, history)
    yield "dara_isapd_interval_days", days
    yield "dara_isapd_interval_months", daratumumab.dara_isapd_interval_months(days, parameters)
    yield "dara_int_ge6", daratumumab.dara_interval_at_least(interval, 6)
    yield "dara_int_ge12", daratumumab.dara_interval_at_least(interval, 12)
    yield "dara_pd_isapd_months", daratumumab.dara_pd_isapd_months(dara, history, start, parameters)
    yield "lines_between_dara_isapd", between
    yield "dara_last_therapy", daratumumab.dara_last_therapy(between)


_CLASSES: Mapping[str, tuple[str, ...]] = {
    "cd38_refractory": CD38,
    "pi_refractory": PI,
    "imid_refractory": IMID,
    "len_refractory": ("LEN",),
    "dara_refractory": ("DARA",),
}


def _eligibility(
    facts: Facts,
    history: History,
    found: Refractoriness,
    start: date | None,
    observation: Observation,
    parameters: Parameters,
) -> Named:
    enrolment = facts.one("enrolment")
    lines = prior_lines.n_prior_lines(history, start)
    birth = span(facts.one("demographics"), "birth_date")
    criteria = {
        "elig_e1": eligibility.confirmed_myeloma(enrolment),
        "elig_e2": eligibility.relapsed_or_refractory(enrolment, lines),
        "elig_e3": eligibility.in_accrual(enrolment, start, parameters),
        "elig_e4": eligibility.one_cycle(facts, start, observation),
        "elig_e5": eligibility.adult(birth, start),
        "elig_e6": eligibility.consented(enrolment),
        "elig_e7": eligibility.outside_trial(enrolment),
    }
    yield from criteria.items()
    any_dose = [answer for name, answer in criteria.items() if name != "elig_e4"]
    paper = eligibility.cohort(list(criteria.values()))
    yield "cohort_any_dose", eligibility.cohort(any_dose)
    yield "cohort_paper", paper
    yield "cohort_dara_r", eligibility.cohort_dara_r(paper, class_refractory(found, ("DARA",)))
    yield "label_ok", eligibility.label_ok(history, lines)


def _judged(
    facts: Facts, start: date | None, observation: Observation, parameters: Parameters
) -> list[imwg_response.Judged]:
    baseline = facts.one("baseline")
    flc = light_chains.at_baseline(baseline, facts.labrefs)
    chain = light_chains.involved_chain(code(facts.one("diagnosis"), "light_chain"), flc)
    measurable = light_chains.measurable_disease(baseline, flc, chain, parameters)
    reference = read_baseline(baseline, flc, chain, measurable, parameters)
    return imwg_response.judge(facts, start, observation, reference, parameters)


def _outcome(facts: Facts, start: date | None, observation: Observation, parameters: Parameters) -> Named:
    judged = _judged(facts, start, observation, parameters)
    yield "imwg_response", imwg_response.imwg_response(judged)
    yield "limiting_component", imwg_response.limiting_component(judged)
    yield "possible_underestimate", imwg_response.possible_underestimate(judged)
    if parameters.response_source is ResponseSource.COMPUTED:
        visits = imwg_response.computed_visits(judged)
    else:
        visits = investigator_visits(facts, start, observation)
    therapy = next_therapy(facts, observation)
    pd = progression.progression(facts, visits, observation, parameters)
    yield "pd_date_analysis", progression.pd_date_analysis(pd)
    yield "pd_after_nat", progression.pd_after_nat(pd, therapy)
    yield "last_alive_date", last_alive_date(observation)

    plain = unconfirmed_course(visits, pd.day, therapy.start)
    confirmed = confirmed_course(visits, pd, therapy.start, observation.death.cause == "MM")
    bor_plain = response.best_response(plain, start, response.INPUTS)
    bor_confirmed = response.best_response(confirmed, start, response.CONFIRMED_INPUTS)
    yield "bor_unconfirmed", bor_plain
    yield "bor_confirmed", bor_confirmed
    with_confirmation = parameters.response_confirmation is ResponseConfirmation.CONFIRMED
    course, bor = (confirmed, bor_confirmed) if with_confirmation else (plain, bor_plain)

    survived = survival.overall_survival(start, observation)
    paper = survival.progression_free_survival(start, survived, pd)
    free = paper
    if parameters.pfs_rule is PfsRule.CENSOR_AT_NEW_THERAPY:
        free = survival.pfs_censored_at_new_therapy(start, survived, pd, visits, therapy)
    treated = survival.time_to_next_treatment(start, survived, therapy)
    yield from _durations("os", survived, start, survival.OS_INPUTS, parameters)
    yield "os_event", survival.event(survived, survival.OS_INPUTS)
    yield from _durations("pfs", free, start, survival.PFS_INPUTS, parameters)
    yield "pfs_event", survival.event(free, survival.PFS_INPUTS)
    yield "pfs_type", survival.pfs_type(free)
    yield from _durations("ttnt", treated, start, survival.TTNT_INPUTS, parameters)
    yield "ttnt_status", survival.ttnt_status(treated)
    yield from _responses(course, bor, paper, start, observation.death.cause)


def _durations(
    name: str, end: survival.End, start: date | None, inputs: tuple[str, ...], parameters: Parameters
) -> Named:
    days = survival.days(end, start, inputs)
    yield f"{name}_days", days
    yield f"{name}_months", survival.months(days, parameters)


def _responses(
    course: Course, bor: Answer, end: survival.End, start: date | None, cause: str | None
) -> Named:
    first = response.first_response(course, bor)
    yield "bor", bor
    yield "responder", response.responder(bor)
    yield "time_to_response_days", response.time_to_response_days(course, bor, start)
    yield "time_to_best_days", response.time_to_best_days(course, bor, start)
    yield "dor_days", duration_of_response.dor_days(first, end, bor)
    yield "dor_event", duration_of_response.dor_event(first, end, bor)
    yield (
        "dor_imwg_days",
        duration_of_response.dor_days(first, end, bor, duration_of_response.IMWG_INPUTS),
    )
    yield "dor_imwg_event", duration_of_response.dor_imwg_event(first, end, bor, cause)
