import contextlib
import io
import json
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from segui.classifiers.catalogue import CATALOGUE, MANUAL
from segui.comfyui.workflow import MAX_FILE_BYTES, Imported, carries_workflow, read_workflow
from segui.errors import InputError
from segui.options import OPTIONS, read_option
from tests.counts import examples

SAME = "edge and order were set to the same as ComfyUI's"
MODEL = "rizvandwiki/gender-classification-2"


def queued(**nodes):
    """A workflow as it is queued: ``n3=("SEGSPaste", {"feather": 5})``."""
    return {
        name.removeprefix("n"): {"class_type": kind, "inputs": inputs}
        for name, (kind, inputs) in nodes.items()
    }


def saved(*nodes, links=(), **more):
    return {"nodes": list(nodes), "links": list(links), "version": 0.4, **more}


def node(number, kind, widgets=(), inputs=(), mode=0):
    return {
        "id": number,
        "type": kind,
        "mode": mode,
        "widgets_values": list(widgets),
        "inputs": [{"name": name, "type": "*", "link": link} for name, link in inputs],
    }


def imported(workflow):
    return read_workflow(json.dumps(workflow).encode())


def refusal(data):
    with pytest.raises(InputError) as caught:
        read_workflow(data)
    return str(caught.value)


QUEUED = queued(
    n1=("LoadImage", {"image": "photo.png"}),
    n2=(
        "MaskToSEGS",
        {
            "mask": ["1", 1],
            "combined": False,
            "crop_factor": 1.5,
            "bbox_fill": True,
            "drop_size": 20,
            "contour_fill": False,
        },
    ),
    n3=(
        "ImpactHFTransformersClassifierProvider",
        {"preset_repo_id": MODEL, "manual_repo_id": "", "device_mode": "Prefer GPU"},
    ),
    n4=(
        "ImpactSEGSClassify",
        {
            "classifier": ["3", 0],
            "segs": ["2", 0],
            "preset_expr": "#Female > #Male",
            "manual_expr": "",
            "ref_image_opt": ["1", 0],
        },
    ),
    n5=("SEGSPaste", {"image": ["1", 0], "segs": ["4", 0], "feather": 12, "alpha": 200}),
)
SAVED = saved(
    node(1, "LoadImage", ["photo.png", "image"]),
    node(2, "MaskToSEGS", [False, 1.5, True, 20, False], [("mask", 1)]),
    node(3, "ImpactHFTransformersClassifierProvider", [MODEL, "", "Prefer GPU"]),
    node(4, "ImpactSEGSClassify", ["#Female > #Male", ""], [("classifier", 2), ("segs", 3)]),
    node(5, "SEGSPaste", [12, 200], [("image", 4), ("segs", 5), ("ref_image_opt", None)]),
    links=[
        [1, 1, 1, 2, 0, "MASK"],
        [2, 3, 0, 4, 0, "TRANSFORMERS_CLASSIFIER"],
        [3, 2, 0, 4, 1, "SEGS"],
        [4, 1, 0, 5, 0, "IMAGE"],
        [5, 4, 0, 5, 1, "SEGS"],
    ],
)
VALUES = {
    "combined": False,
    "crop_factor": 1.5,
    "bbox_fill": True,
    "drop_size": 20,
    "contour_fill": False,
    "classifier": MODEL,
    "device": "gpu",
    "expression": "#Female > #Male",
    "on_unknown": "remain",
    "feather": 12,
    "alpha": 200,
    "edge": "impact",
    "order": "contour",
}
NOTES = (
    (
        "node 2 (MaskToSEGS): took combined False, crop_factor 1.5, bbox_fill True, "
        "drop_size 20, contour_fill False"
    ),
    f"node 3 (ImpactHFTransformersClassifierProvider): took classifier '{MODEL}', device 'gpu'",
    "node 4 (ImpactSEGSClassify): took expression '#Female > #Male', on_unknown 'remain'",
    "node 5 (SEGSPaste): took feather 12, alpha 200",
    SAME,
)


@pytest.mark.parametrize("workflow", [QUEUED, {"prompt": QUEUED, "client_id": "x"}, SAVED])
def test_every_control_is_taken_from_both_forms_of_a_workflow(workflow):
    assert imported(workflow) == Imported(VALUES, NOTES)


def test_every_value_is_one_that_the_page_takes():
    assert set(VALUES) <= set(OPTIONS)


def png(*chunks, **texts):
    """A PNG with text chunks, and more chunks of its own before its end."""
    info = PngImagePlugin.PngInfo()
    for name, text in texts.items():
        info.add_text(name, text)
    buffer = io.BytesIO()
    Image.new("L", (2, 2)).save(buffer, "PNG", pnginfo=info)
    end = buffer.getvalue().rindex(b"IEND") - 4
    made = b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )
    return buffer.getvalue()[:end] + made + buffer.getvalue()[end:]


def test_a_picture_carries_what_made_it():
    other = json.dumps(saved(node(1, "SEGSPaste", [1, 2])))
    found = read_workflow(png(workflow=other, prompt=json.dumps(QUEUED)))
    note = "read from the picture's prompt: what it was made by"
    assert found == Imported(VALUES, (note, *NOTES))
    found = read_workflow(png(workflow=json.dumps(SAVED)))
    assert found == Imported(VALUES, ("read from the picture's workflow", *NOTES))


def test_a_prompt_that_is_broken_or_has_none_of_the_nodes_leaves_it_to_the_workflow():
    for prompt in ("{", json.dumps(queued(n1=("KSampler", {})))):
        assert read_workflow(png(prompt=prompt, workflow=json.dumps(SAVED))).values == VALUES


TEXT = json.dumps(QUEUED).encode()


@pytest.mark.parametrize(
    "chunk",
    [
        (b"tEXt", b"prompt\0" + TEXT),
        (b"zTXt", b"prompt\0\0" + zlib.compress(TEXT)),
        (b"iTXt", b"prompt\0\0\0\0\0" + TEXT),
        (b"iTXt", b"prompt\0\1\0en\0Prompt\0" + zlib.compress(TEXT)),
    ],
)
def test_every_kind_of_text_chunk_is_read(chunk):
    assert read_workflow(png(chunk)).values == VALUES


def test_a_webp_carries_one_in_its_exif():
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "workflow:" + json.dumps(SAVED), "prompt:" + json.dumps(QUEUED)
    buffer = io.BytesIO()
    Image.new("RGB", (2, 2)).save(buffer, "WEBP", exif=exif)
    assert read_workflow(buffer.getvalue()).values == VALUES


@pytest.mark.long
def test_a_small_text_that_unpacks_to_gigabytes_is_refused():
    bomb = zlib.compress(b" " * 30_000_000)
    assert refusal(png((b"zTXt", b"workflow\0\0" + bomb))) == (
        "the picture's text has more than 20 MB"
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the workflow is not JSON: line 1, column 1: Expecting value"),
        (b"\xff\xd8\xff", "the workflow is not text: expected JSON in UTF-8"),
        (b"[" * 100_000, "the workflow is nested too deeply: it cannot be read"),
        (
            b"{}",
            "this JSON is no ComfyUI workflow: it has neither a list of nodes nor a class_type",
        ),
        (
            b'{"nodes": []}',
            (
                "the workflow has none of the nodes MASK to SEGS, SEGS Classify, "
                "HF Transformers Classifier Provider, SEGSPaste: nothing was taken"
            ),
        ),
        (b" " * (MAX_FILE_BYTES + 1), "the workflow has 50.1 MB: at most 50 MB are read"),
        (png(), "the picture carries no ComfyUI workflow"),
        (png((b"zTXt", b"prompt\0\0no")), "the picture's compressed text is damaged"),
    ],
    ids=["empty", "bytes", "deep", "object", "no nodes", "large", "plain png", "broken text"],
)
def test_what_carries_no_workflow_is_refused(data, message):
    assert refusal(data) == message


@pytest.mark.parametrize(
    ("kind", "is_known"),
    [("MASK to SEGS", True), ("masktosegs", True), ("Mask_To_SEGS", True), ("MaskToImage", False)],
)
def test_names_are_known_in_any_case_and_spacing(kind, is_known):
    paste = node(2, "SEGSPaste", [5, 255])
    found = imported(saved(node(1, kind, [True, 2.0, False, 3, False]), paste))
    assert ("crop_factor" in found.values) is is_known


def paste_alone(**inputs):
    return imported(queued(n1=("SEGSPaste", inputs)))


def test_a_value_out_of_its_range_is_named_and_left_out():
    found = paste_alone(feather=1000, alpha="<script>")
    assert found.values == {"expression": "*", "edge": "impact", "order": "contour"}
    assert found.notes == (
        "nothing classifies: every segment is pasted",
        (
            "node 1 (SEGSPaste): feather is 1000: expected a whole number from 0 to 500: "
            "it was left out"
        ),
        (
            "node 1 (SEGSPaste): alpha is '<script>': expected a whole number from 0 to 255: "
            "it was left out"
        ),
        SAME,
    )


@pytest.mark.parametrize(
    ("said", "meant"), [("enabled", True), ("True", True), ("disabled", False), ("maybe", None)]
)
def test_older_workflows_have_words_for_yes_and_no(said, meant):
    found = imported(queued(n1=("MaskToSEGS", {"combined": said, "drop_size": 5})))
    assert found.values.get("combined") is meant
    assert "edge" not in found.values


def test_a_linked_constant_is_taken_and_any_other_link_is_told():
    found = imported(
        saved(
            node(1, "SEGSPaste", [5, 255], [("feather", 1), ("alpha", 2)]),
            node(2, "PrimitiveNode", [33, "fixed"]),
            node(3, "ImpactCompare", [7]),
            links=[[1, 2, 0, 1, 0, "INT"], [2, 3, 0, 1, 1, "INT"]],
        )
    )
    assert found.values["feather"] == 33
    assert "alpha" not in found.values
    assert (
        "node 1 (SEGSPaste): alpha comes from node 3 (ImpactCompare), which is no constant: "
        "it was left out" in found.notes
    )
    constant = queued(n1=("SEGSPaste", {"feather": ["2", 0]}), n2=("PrimitiveInt", {"value": 44}))
    assert imported(constant).values["feather"] == 44
    assert "feather" not in paste_alone(feather=["9", 0]).values


@pytest.mark.parametrize(("mode", "word"), [(2, "muted"), (4, "bypassed")])
def test_nodes_that_do_not_work_are_left_out(mode, word):
    found = imported(
        saved(node(1, "SEGSPaste", [5, 255], mode=mode), node(2, "SEGSPaste", [7, 100]))
    )
    assert (found.values["feather"], found.values["alpha"]) == (7, 100)
    assert f"node 1 (SEGSPaste) is {word}: it was left out" in found.notes
    assert imported(saved(node(1, "SEGSPaste", [5, 255], mode=mode))).values == {}


def test_of_several_nodes_the_first_counts_and_a_linked_one_before_it():
    both = [
        node(1, "ImpactSEGSClassify", ["male > 0.5", ""]),
        node(2, "ImpactSEGSClassify", ["female > 0.5", ""]),
    ]
    found = imported(saved(*both))
    assert found.values["expression"] == "male > 0.5"
    assert found.notes[0] == (
        "there are 2 nodes SEGS Classify: the first one counts, node 1 (ImpactSEGSClassify)"
    )
    paste = node(3, "SEGSPaste", [5, 255], [("segs", 1)])
    found = imported(saved(*both, paste, links=[[1, 2, 0, 3, 0, "SEGS"]]))
    assert found.values["expression"] == "female > 0.5"
    assert found.notes[0] == (
        "there are 2 nodes SEGS Classify: the linked one counts, node 2 (ImpactSEGSClassify)"
    )


def classified(preset, manual="", slot=0):
    return imported(
        queued(
            n1=("ImpactSEGSClassify", {"preset_expr": preset, "manual_expr": manual}),
            n2=("SEGSPaste", {"segs": ["1", slot], "feather": 5}),
        )
    )


def test_a_manual_expression_counts_only_where_it_is_asked_for():
    assert classified("Manual expr", " cat > 0.5 ").values["expression"] == "cat > 0.5"
    assert classified("male > 0.5", "cat > 0.5").values["expression"] == "male > 0.5"
    found = classified("Manual expr")
    assert "expression" not in found.values
    assert "node 1 (ImpactSEGSClassify): it has no expression to take" in found.notes


def test_an_expression_that_cannot_be_read_here_is_told():
    found = classified("Manual expr", "cat >")
    assert found.values["expression"] == "cat >"
    assert found.notes[1].startswith(
        "node 1 (ImpactSEGSClassify): its expression cannot be read here: "
    )


def test_pasting_those_that_remain_turns_the_expression():
    found = classified("male > 0.5", slot=1)
    assert (found.values["expression"], found.values["on_unknown"]) == (
        "not (male > 0.5)",
        "filter",
    )
    assert (
        "SEGSPaste takes the segments that remain: the expression was turned by not" in found.notes
    )
    found = classified("Manual expr", "cat(2)>0.5", slot=1)
    assert found.values["expression"] == "cat(2)>0.5"
    assert found.notes[1] == (
        "SEGSPaste takes the segments that remain: the expression has to be turned by hand"
    )


def provided(**inputs):
    return imported(queued(n1=("ImpactHFTransformersClassifierProvider", inputs)))


@pytest.mark.parametrize("repo_id", [entry.repo_id for entry in CATALOGUE if entry.repo_id])
def test_the_models_of_the_node_are_those_of_the_page(repo_id):
    assert provided(preset_repo_id=repo_id).values == {"classifier": repo_id}


def test_other_models_go_by_their_repo_id():
    manual = {"classifier": MANUAL, "repo": "google/vit"}
    found = provided(preset_repo_id="Manual repo id", manual_repo_id="google/vit")
    assert found.values == manual
    assert len(found.notes) == 1
    found = provided(preset_repo_id="google/vit", manual_repo_id="x")
    assert found.values == manual
    assert found.notes[1] == (
        "node 1 (ImpactHFTransformersClassifierProvider): 'google/vit' is not among the "
        "classifiers here"
    )
    found = provided(preset_repo_id="Manual repo id", manual_repo_id="")
    assert found.values == {}
    assert provided(preset_repo_id=3, manual_repo_id="x").values == {}


@pytest.mark.parametrize(
    ("said", "device"), [("AUTO", "auto"), ("Prefer GPU", "gpu"), ("CPU", "cpu"), ("TPU", None)]
)
def test_devices_have_other_names(said, device):
    found = provided(preset_repo_id=MODEL, device_mode=said)
    assert found.values.get("device") == device


def test_other_nodes_that_work_on_segments_are_told():
    found = imported(
        queued(n1=("SEGSPaste", {}), n2=("ImpactSEGSOrderedFilter", {}), n3=("KSampler", {}))
    )
    assert found.notes[-1] == (
        "node 2 (ImpactSEGSOrderedFilter) works on segments too, and was left out"
    )


def test_notes_are_limited_and_show_no_control_characters():
    found = imported(
        queued(n0=("SEGSPaste", {}), **{f"n{i}": (f"segs\n{i}", {}) for i in range(1, 200)})
    )
    assert len(found.notes) == 101
    assert found.notes[-1] == "and 101 more"
    assert found.notes[2] == "node 1 (segs?1) works on segments too, and was left out"


def test_subgraphs_that_are_used_are_read_and_others_are_not():
    inner = {
        "id": "aaaa",
        "nodes": [
            node(1, "SEGSPaste", [9, 99], [("feather", 1), ("alpha", 2)]),
            node(2, "PrimitiveInt", [17]),
        ],
        "links": [
            {"id": 1, "origin_id": 2, "origin_slot": 0, "target_id": 1, "target_slot": 0},
            {"id": 2, "origin_id": -10, "origin_slot": 0, "target_id": 1, "target_slot": 1},
        ],
    }
    unused = {"id": "bbbb", "nodes": [node(1, "SEGSPaste", [1, 1])], "links": []}
    workflow = saved(node(7, "aaaa"), definitions={"subgraphs": [inner, unused]})
    found = imported(workflow)
    assert found.values["feather"] == 17
    assert (
        "node 7:1 (SEGSPaste): alpha comes from another node, which is no constant: "
        "it was left out" in found.notes
    )
    workflow["nodes"][0]["mode"] = 2
    assert refusal(json.dumps(workflow).encode()).startswith("the workflow has none of the nodes")


def test_a_subgraph_that_holds_itself_is_read_once():
    inner = {"id": "aaaa", "nodes": [node(1, "aaaa"), node(2, "SEGSPaste", [9, 99])], "links": []}
    workflow = saved(node(7, "aaaa"), definitions={"subgraphs": [inner]})
    assert imported(workflow).values["alpha"] == 99


@pytest.mark.long
def test_a_workflow_without_end_is_refused():
    many = json.dumps(saved(*[node(1, "Note")] * 20_001)).encode()
    assert refusal(many) == "the workflow has more than 20000 nodes"


words = st.sampled_from(
    [
        *("nodes", "links", "id", "type", "inputs", "mode", "class_type", "widgets_values", "link"),
        *("name", "prompt", "definitions", "subgraphs", "feather", "preset_expr", "segs", "value"),
        *("SEGSPaste", "MaskToSEGS", "ImpactSEGSClassify", "PrimitiveInt", "Manual expr", MANUAL),
        *("ImpactHFTransformersClassifierProvider", "preset_repo_id", "combined", "a"),
    ]
)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | words
json_values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(words, inner, max_size=6),
    max_leaves=25,
)
node_types = st.sampled_from(
    [
        *("SEGSPaste", "MaskToSEGS", "ImpactSEGSClassify", "PrimitiveInt"),
        "ImpactHFTransformersClassifierProvider",
    ]
)
queued_like = st.dictionaries(
    st.sampled_from("1234"),
    st.fixed_dictionaries(
        {"class_type": node_types, "inputs": st.dictionaries(words, json_values) | json_values}
    ),
)
saved_like = st.fixed_dictionaries(
    {
        "nodes": st.lists(
            st.fixed_dictionaries(
                {"type": node_types},
                optional={
                    "id": scalars,
                    "mode": scalars,
                    "widgets_values": st.lists(scalars, max_size=5) | json_values,
                    "inputs": json_values,
                },
            )
        )
    },
    optional={"links": json_values, "definitions": json_values},
)


@pytest.mark.long
@settings(deadline=None, max_examples=examples(300))
@given(json_values | queued_like | saved_like)
def test_any_json_is_imported_with_values_that_the_page_takes_or_refused(value):
    try:
        found = read_workflow(json.dumps(value).encode())
    except InputError:
        return
    assert all(read_option(name, said) == said for name, said in found.values.items())
    assert all(isinstance(note, str) for note in found.notes)


@settings(deadline=None)
@given(st.binary(max_size=80))
def test_any_picture_is_read_or_refused(data):
    for start in (b"\x89PNG\r\n\x1a\n", b"RIFF\x40\0\0\0WEBPEXIF\x30\0\0\0", b""):
        with pytest.raises(InputError):
            read_workflow(start + data)


@settings(deadline=None)
@given(st.data())
def test_a_picture_with_one_wrong_byte_is_read_or_refused(data):
    whole = png((b"zTXt", b"prompt\0\0" + zlib.compress(TEXT)), workflow=json.dumps(SAVED))
    at = data.draw(st.integers(0, len(whole) - 1))
    broken = whole[:at] + bytes([data.draw(st.integers(0, 255))]) + whole[at + 1 :]
    with contextlib.suppress(InputError):
        assert set(read_workflow(broken).values) <= set(OPTIONS)


@pytest.mark.parametrize(
    ("name", "data", "carries"),
    [
        ("made.png", "picture", True),
        ("other.png", "other", False),
        ("plain.png", "plain", False),
        ("made.json", "json", False),  # a file of its own is no picture that carries one
        ("broken.png", "broken", False),
    ],
)
def test_which_pictures_carry_a_workflow(tmp_path, name, data, carries):
    def picture(**texts):
        stream, info = io.BytesIO(), PngImagePlugin.PngInfo()
        for key, value in texts.items():
            info.add_text(key, json.dumps(value))
        Image.new("L", (4, 4)).save(stream, "PNG", pnginfo=info)
        return stream.getvalue()

    other = queued(n1=("KSampler", {"seed": 1}))
    files = {
        "picture": picture(prompt=QUEUED),
        "other": picture(prompt=other),
        "plain": picture(),
        "json": json.dumps(QUEUED).encode(),
        "broken": picture(prompt=QUEUED)[:40],
    }
    path = tmp_path / name
    path.write_bytes(files[data])
    assert carries_workflow(path) is carries
    assert not carries_workflow(tmp_path / "gone.png")
