"""Labels read back from what an answer showed."""

from rag.follow_up.shown_items import shown_items


def test_bold_labels_of_a_list_are_its_items() -> None:
    text = "It has parts: [1]\n\n- **Bulb**: gives light. [2]\n- **Switch**: turns it on. [3]"
    assert shown_items(text) == ("Bulb", "Switch")


def test_steps_without_labels_are_called_by_their_words() -> None:
    assert shown_items("1. Unplug the lamp. [1]\n2. Wipe it. [2]") == ("Unplug the lamp", "Wipe it")


def test_a_long_item_is_called_by_its_first_clause_and_never_cut_within() -> None:
    text = "- A lamp of glass, which is on a desk in a room [1]\n- a b c d e f g h i [2]\n- Fan – x"
    assert shown_items(text) == ("A lamp of glass", "a b c d e f g h i", "Fan")


def test_a_list_of_long_items_keeps_their_places() -> None:
    one, other = "a " * 21, "b " * 21
    assert shown_items(f"- {one}[1]\n- {other}[2]") == ("", "")


def test_bullets_below_a_definition_or_beside_another_list_are_not_offered() -> None:
    bullets = "- **Bulb**: light [2]\n- **Switch**: on [3]"
    assert shown_items(f"A lamp gives light. [1]\n\n{bullets}") == ()
    assert shown_items(f"{bullets}\n\nMore [4]\n\n{bullets}") == ()
    assert shown_items(f"Parts [1]\n\n{bullets}\n\nIt is hot. [4]") == ("Bulb", "Switch")


def test_a_long_list_of_one_label_is_read_once() -> None:
    assert shown_items("- a\n" * 20_000) == ()


def test_a_titled_list_is_called_by_its_titles() -> None:
    text = "- **LED** [1] – Saves power. [2]\n- **Halogen** [3] – Is hot. [4]\n\n*(2 more)*"
    assert shown_items(text) == ("LED", "Halogen")


def test_table_rows_are_called_by_their_first_cells() -> None:
    text = "| Bulb | Watts [1] |\n| --- | --- |\n| LED | 8 [2] |\n| Halogen | 42 [3] |"
    assert shown_items(text) == ("LED", "Halogen")


def test_a_comparison_is_called_by_its_columns() -> None:
    text = "| Desk Fan | Kettle |\n| --- | --- |\n| Moves air. [1] | Heats water. [2] |"
    assert shown_items(text) == ("Desk Fan", "Kettle")


def test_running_text_single_items_and_repeated_labels_are_no_list() -> None:
    assert shown_items("A lamp gives light. [1]") == ()
    assert shown_items("- **Bulb**: light. [1]") == ()
    assert shown_items("- **Loss**: one. [1]\n- **Loss**: two. [2]") == ()
    assert shown_items("| broken\n|") == ()
    assert shown_items("") == ()
