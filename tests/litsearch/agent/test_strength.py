import pytest

from litsearch.agent.strength import described, strength
from litsearch.papers import Paper


@pytest.mark.parametrize(
    ("title", "abstract", "design"),
    [
        ("Aspirin and stroke: a meta-analysis", "We pooled 12 trials.", "meta-analysis"),
        ("Aspirin: a randomised, double-blind, placebo-controlled trial", "", "randomised trial"),
        ("Aspirin in adults", "Patients were randomly assigned to aspirin or placebo.", "randomised trial"),
        ("Aspirin in adults", "In this prospective cohort study we followed 100 adults.", "cohort study"),
        ("Aspirin", "We conducted a cross-sectional survey of users.", "cross-sectional study"),
        ("Aspirin", "In this paper we review what is known.", "review"),
        ("Screening for systematic reviews", "We train a classifier.", ""),
        ("Aspirin", "Earlier cohort studies disagree, and a meta-analysis is missing.", ""),
        ("Dense retrieval", "We train an encoder on pairs.", ""),
    ],
)
def test_a_design_is_noted_where_the_paper_says_it_of_itself(title: str, abstract: str, design: str) -> None:
    assert strength(Paper(title, abstract)).design == design


def test_a_publication_type_says_the_design() -> None:
    paper = Paper("Aspirin", extra={"publication-type": "Journal Article; Randomized Controlled Trial"})
    assert strength(paper).design == "randomised trial"


@pytest.mark.parametrize(
    ("abstract", "sample"),
    [
        ("We enrolled 1,234 patients and 12 controls.", 1234),
        ("Women (n = 97) and men (n = 103) took part.", 103),
        ("A rate of 3 per 100,000 people was seen.", None),
        ("In 2019 patients were few.", None),
        ("It rose by 12 % of patients.", None),
        ("Some 12.5 patients a day.", None),
    ],
)
def test_the_sample_is_a_count_of_people(abstract: str, sample: int | None) -> None:
    assert strength(Paper("A study", abstract)).sample == sample


def test_the_sample_of_a_review_is_its_studies() -> None:
    note = strength(Paper("Aspirin: a systematic review", "We included 31 trials with 9,000 patients."))
    assert (note.sample, note.sampled) == (31, "31 trials")


@pytest.mark.parametrize(
    ("title", "abstract", "retracted"),
    [
        ("RETRACTED: Aspirin cures all", "", True),
        ("Retracted article: Aspirin cures all", "", True),
        ("Aspirin", "This article has been retracted at the request of the editor.", True),
        ("Retracted papers and who cites them", "", False),
        ("RETRACTED papers live on", "", False),
        ("Withdrawn patients in trials", "", False),
    ],
)
def test_a_retracted_paper_is_told_from_one_on_retractions(
    title: str, abstract: str, retracted: bool
) -> None:
    assert strength(Paper(title, abstract)).retracted == retracted


def test_what_is_known_is_said_in_few_words() -> None:
    paper = Paper("RETRACTED: Aspirin, a randomized trial", "We enrolled 97 adults with fever.")
    assert described(strength(paper)) == "RETRACTED; randomised trial; 97 adults"
    assert described(strength(Paper("Aspirin", "It helps mice."))) == "in animals"
