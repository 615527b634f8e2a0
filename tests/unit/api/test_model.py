"""The described model scores what the API scores."""

from tests.unit.api.conftest import Client
from tests.unit.release.example_warehouse import CARD, FEATURES, SCALE


def test_contract_card_and_scale(client: Client) -> None:
    model = client.get("/model").json()
    assert [feature["name"] for feature in model["features"]] == FEATURES
    in_card = {f["name"] for f in model["features"] if f["in_card"]}
    assert in_card == set(CARD)
    for feature in model["features"]:
        assert bool(feature["bins"]) == feature["in_card"]
        assert (feature["reference_points"] is not None) == feature["in_card"]
    assert [
        (grade["grade"], grade["lower"], grade["upper"], grade["action"])
        for grade in model["rating_scale"]
    ] == [row[:4] for row in SCALE]


def test_points_of_the_bins_add_up_to_the_score(client: Client) -> None:
    model = client.get("/model").json()
    missing = sum(
        bin_["points"]
        for feature in model["features"]
        for bin_ in feature["bins"]
        if bin_["kind"] == "missing"
    )
    answer = client.post("/predict", json=[None] * len(FEATURES)).json()
    assert abs(answer["score"] - missing) < 1e-9
    assert answer["model_version"] == model["model_version"]


def test_there_is_none_without_a_release(client_without_release: Client) -> None:
    assert client_without_release.get("/model").status_code == 503
