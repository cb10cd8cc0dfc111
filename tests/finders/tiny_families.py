"""Models of random weights that detect and segment, as small as they go, of every family."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import torch

SIDE: Final = 64
LABELS: Final = {0: "thing", 1: "cat", 2: "sky"}
_COUNT: Final = len(LABELS)


def _segformer(t: Any) -> Any:
    return t.SegformerForSemanticSegmentation(
        t.SegformerConfig(
            num_encoder_blocks=4,
            depths=[1, 1, 1, 1],
            hidden_sizes=[8, 8, 16, 16],
            num_attention_heads=[1, 1, 1, 1],
            decoder_hidden_size=8,
            num_labels=_COUNT,
        )
    )


def _upernet(t: Any) -> Any:
    backbone = t.ConvNextConfig(
        hidden_sizes=[8, 8, 16, 16],
        depths=[1, 1, 1, 1],
        out_features=["stage1", "stage2", "stage3", "stage4"],
    )
    return t.UperNetForSemanticSegmentation(
        t.UperNetConfig(
            backbone_config=backbone,
            hidden_size=16,
            pool_scales=[1, 2, 3, 6],
            use_auxiliary_head=False,
            num_labels=_COUNT,
        )
    )


def _beit(t: Any) -> Any:
    return t.BeitForSemanticSegmentation(
        t.BeitConfig(
            image_size=SIDE,
            patch_size=16,
            hidden_size=16,
            num_hidden_layers=4,
            num_attention_heads=2,
            intermediate_size=16,
            out_indices=[1, 2, 3, 4],
            use_auxiliary_head=False,
            num_labels=_COUNT,
        )
    )


def _swin(t: Any) -> Any:
    return t.SwinConfig(
        image_size=SIDE,
        embed_dim=8,
        depths=[1, 1, 1, 1],
        num_heads=[1, 1, 1, 1],
        window_size=2,
        out_features=["stage1", "stage2", "stage3", "stage4"],
    )


def _mask2former(t: Any) -> Any:
    return t.Mask2FormerForUniversalSegmentation(
        t.Mask2FormerConfig(
            backbone_config=_swin(t),
            feature_size=32,
            mask_feature_size=32,
            hidden_dim=32,
            encoder_feedforward_dim=16,
            encoder_layers=1,
            decoder_layers=2,
            dim_feedforward=16,
            num_attention_heads=2,
            num_queries=12,
            num_labels=_COUNT,
        )
    )


def _maskformer(t: Any) -> Any:
    decoder = t.DetrConfig(
        d_model=16,
        encoder_layers=1,
        decoder_layers=1,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=16,
        decoder_ffn_dim=16,
        num_queries=12,
    )
    return t.MaskFormerForInstanceSegmentation(
        t.MaskFormerConfig(
            backbone_config=_swin(t),
            decoder_config=decoder,
            fpn_feature_size=32,
            mask_feature_size=32,
            num_labels=_COUNT,
        )
    )


def _eomt(t: Any) -> Any:
    return t.EomtForUniversalSegmentation(
        t.EomtConfig(
            image_size=SIDE,
            patch_size=16,
            hidden_size=16,
            num_hidden_layers=2,
            num_attention_heads=2,
            num_blocks=1,
            num_upscale_blocks=1,
            num_queries=12,
            num_register_tokens=1,
            num_labels=_COUNT,
        )
    )


def _resnet(t: Any) -> Any:
    return t.ResNetConfig(
        embedding_size=8,
        hidden_sizes=[8, 8, 16, 16],
        depths=[1, 1, 1, 1],
        layer_type="basic",
        out_features=["stage4"],
    )


def _of_detr(t: Any) -> dict[str, Any]:
    return {
        "use_timm_backbone": False,
        "use_pretrained_backbone": False,
        "backbone": None,
        "backbone_config": _resnet(t),
        "d_model": 16,
        "encoder_layers": 1,
        "decoder_layers": 2,
        "encoder_attention_heads": 2,
        "decoder_attention_heads": 2,
        "encoder_ffn_dim": 16,
        "decoder_ffn_dim": 16,
        "num_queries": 12,
        "num_labels": _COUNT,
    }


def _detr(t: Any) -> Any:
    return t.DetrForObjectDetection(t.DetrConfig(**_of_detr(t)))


def _detr_masks(t: Any) -> Any:
    resnet = t.ResNetConfig(
        embedding_size=8,
        hidden_sizes=[8, 8, 16, 16],
        depths=[1, 1, 1, 1],
        layer_type="basic",
        out_features=["stage1", "stage2", "stage3", "stage4"],
    )
    return t.DetrForSegmentation(
        t.DetrConfig(
            **{
                **_of_detr(t),
                "backbone_config": resnet,
                "d_model": 64,
                "encoder_attention_heads": 8,
                "decoder_attention_heads": 8,
            }
        )
    )


def _conditional_detr(t: Any) -> Any:
    return t.ConditionalDetrForObjectDetection(t.ConditionalDetrConfig(**_of_detr(t)))


def _deformable_detr(t: Any) -> Any:
    return t.DeformableDetrForObjectDetection(
        t.DeformableDetrConfig(**{**_of_detr(t), "d_model": 32}, num_feature_levels=1)
    )


def _yolos(t: Any) -> Any:
    return t.YolosForObjectDetection(
        t.YolosConfig(
            image_size=[SIDE, SIDE],
            patch_size=16,
            hidden_size=16,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=16,
            num_detection_tokens=12,
            num_labels=_COUNT,
        )
    )


def _of_rt_detr(t: Any) -> dict[str, Any]:
    backbone = t.RTDetrResNetConfig(
        embedding_size=8,
        hidden_sizes=[8, 8, 16, 16],
        depths=[1, 1, 1, 1],
        layer_type="basic",
        out_features=["stage2", "stage3", "stage4"],
    )
    return {
        "backbone_config": backbone,
        "use_timm_backbone": False,
        "encoder_hidden_dim": 16,
        "encoder_in_channels": [8, 16, 16],
        "encoder_layers": 1,
        "encoder_ffn_dim": 16,
        "encoder_attention_heads": 2,
        "encode_proj_layers": [2],
        "d_model": 16,
        "num_queries": 12,
        "decoder_in_channels": [16, 16, 16],
        "decoder_ffn_dim": 16,
        "decoder_layers": 2,
        "decoder_attention_heads": 2,
        "anchor_image_size": None,
        "num_denoising": 0,
        "num_labels": _COUNT,
    }


def _rt_detr(t: Any) -> Any:
    return t.RTDetrForObjectDetection(t.RTDetrConfig(**_of_rt_detr(t)))


def _rt_detr_v2(t: Any) -> Any:
    return t.RTDetrV2ForObjectDetection(t.RTDetrV2Config(**_of_rt_detr(t)))


def _d_fine(t: Any) -> Any:
    backbone = t.HGNetV2Config(
        stem_channels=[3, 8, 8],
        hidden_sizes=[8, 16, 16, 16],
        stage_in_channels=[8, 8, 16, 16],
        stage_mid_channels=[8, 8, 8, 8],
        stage_out_channels=[8, 16, 16, 16],
        stage_num_blocks=[1, 1, 1, 1],
        stage_numb_of_layers=[1, 1, 1, 1],
        out_features=["stage2", "stage3", "stage4"],
    )
    how = {**_of_rt_detr(t), "backbone_config": backbone, "encoder_in_channels": [16, 16, 16]}
    return t.DFineForObjectDetection(t.DFineConfig(**how))


def _deimv2(t: Any) -> Any:
    backbone = _d_fine(t).config.backbone_config
    how = {**_of_rt_detr(t), "backbone_config": backbone, "encoder_in_channels": [16, 16, 16]}
    return t.Deimv2ForObjectDetection(t.Deimv2Config(**how))


def _of_rf_detr(t: Any) -> Any:
    backbone = t.RfDetrDinov2Config(
        image_size=SIDE,
        patch_size=16,
        hidden_size=16,
        num_hidden_layers=4,
        num_attention_heads=2,
        num_windows=2,
        out_features=["stage2", "stage4"],
        num_register_tokens=0,
    )
    return t.RfDetrConfig(backbone_config=backbone, **_of_lw_detr())


def _of_lw_detr() -> dict[str, Any]:
    return {
        "d_model": 32,
        "decoder_ffn_dim": 16,
        "decoder_layers": 2,
        "decoder_self_attention_heads": 2,
        "decoder_cross_attention_heads": 2,
        "num_queries": 12,
        "group_detr": 1,
        "num_labels": _COUNT,
        "c2f_num_blocks": 1,
        "decoder_n_points": 2,
    }


def _rf_detr(t: Any) -> Any:
    return t.RfDetrForObjectDetection(_of_rf_detr(t))


def _rf_detr_masks(t: Any) -> Any:
    return t.RfDetrForInstanceSegmentation(_of_rf_detr(t))


def _lw_detr(t: Any) -> Any:
    backbone = t.LwDetrViTConfig(
        image_size=SIDE,
        pretrain_image_size=SIDE,
        patch_size=16,
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        window_block_indices=[0],
        out_indices=[0, 1],
        num_windows=4,
    )
    return t.LwDetrForObjectDetection(
        t.LwDetrConfig(backbone_config=backbone, projector_scale_factors=[1.0], **_of_lw_detr())
    )


TINY: Final[Mapping[str, Callable[[Any], Any]]] = {
    "segformer": _segformer,
    "upernet": _upernet,
    "beit": _beit,
    "mask2former": _mask2former,
    "maskformer": _maskformer,
    "eomt": _eomt,
    "detr": _detr,
    "detr_masks": _detr_masks,
    "conditional_detr": _conditional_detr,
    "deformable_detr": _deformable_detr,
    "yolos": _yolos,
    "rt_detr": _rt_detr,
    "rt_detr_v2": _rt_detr_v2,
    "d_fine": _d_fine,
    "deimv2": _deimv2,
    "lw_detr": _lw_detr,
    "rf_detr": _rf_detr,
    "rf_detr_masks": _rf_detr_masks,
}


def tiny(kind: str, seed: int = 5) -> Any:
    """A model of a family, which has something to say of any picture."""
    import transformers

    torch.manual_seed(seed)
    model = TINY[kind](transformers).eval()
    model.config.id2label = dict(LABELS)
    model.config.label2id = {label: number for number, label in LABELS.items()}
    return model


def processor_for(kind: str) -> Any:
    """The image processor that repos of a family come with, for squares of 64 px."""
    from importlib import import_module

    name, module = _PROCESSORS.get(kind, _PROCESSORS["rt_detr"])
    made = getattr(import_module(f"transformers.models.{module}"), name)
    return made(**_SIZES.get(kind, {"size": {"height": SIDE, "width": SIDE}}))


_PROCESSORS: Final = {
    "segformer": ("SegformerImageProcessorPil", "segformer.image_processing_pil_segformer"),
    "upernet": ("SegformerImageProcessorPil", "segformer.image_processing_pil_segformer"),
    "beit": ("BeitImageProcessorPil", "beit.image_processing_pil_beit"),
    "mask2former": ("Mask2FormerImageProcessorPil", "mask2former.image_processing_pil_mask2former"),
    "maskformer": ("MaskFormerImageProcessorPil", "maskformer.image_processing_pil_maskformer"),
    "eomt": ("EomtImageProcessorPil", "eomt.image_processing_pil_eomt"),
    "detr": ("DetrImageProcessorPil", "detr.image_processing_pil_detr"),
    "detr_masks": ("DetrImageProcessorPil", "detr.image_processing_pil_detr"),
    "conditional_detr": (
        "ConditionalDetrImageProcessorPil",
        "conditional_detr.image_processing_pil_conditional_detr",
    ),
    "deformable_detr": (
        "DeformableDetrImageProcessorPil",
        "deformable_detr.image_processing_pil_deformable_detr",
    ),
    "yolos": ("YolosImageProcessorPil", "yolos.image_processing_pil_yolos"),
    "rt_detr": ("RTDetrImageProcessorPil", "rt_detr.image_processing_pil_rt_detr"),
}
_LONG: Final = {"size": {"shortest_edge": SIDE, "longest_edge": 2 * SIDE}}
_SIZES: Final[Mapping[str, Any]] = {
    "mask2former": _LONG,
    "maskformer": _LONG,
    "eomt": {"size": {"shortest_edge": SIDE, "longest_edge": SIDE}, "do_pad": True},
}
