"""The part of a recipe's script that yields the calibration data, by the kind of the data."""

from __future__ import annotations

from textwrap import dedent

from .calibration.request import CalibrationRequest


def representative_dataset(request: CalibrationRequest) -> str:
    """The lines that define ``representative_dataset``; they use ``names``, ``shapes`` and ``inputs``."""
    return _SAMPLES[request.kind](request)


def _images(request: CalibrationRequest) -> str:
    from .calibration.kind import IMAGES
    from .calibration.values import parse_values

    values = parse_values(request.value_range)
    resize = {
        "stretch": "image.resize(size, Image.Resampling.BILINEAR)",
        "crop": "ImageOps.fit(image, size, Image.Resampling.BILINEAR)",
        "letterbox": "ImageOps.pad(image, size, Image.Resampling.BILINEAR, color=(114,) * len(image.getbands()))",
    }[request.resize]
    flip = "[..., ::-1]  # BGR" if request.channels == "bgr" else ""
    return dedent(f"""\
        import random
        from pathlib import Path

        from PIL import Image, ImageOps

        KINDS = {IMAGES!r}
        files = sorted(path for path in Path({request.source!r}).rglob("*") if path.suffix.lower() in KINDS)
        random.Random({request.seed}).shuffle(files)


        def representative_dataset():
            # {request.value_range!r}: (pixel - mean) / std, as in training.
            mean, std = np.float32({list(values.mean)!r}), np.float32({list(values.std)!r})
            name = names[0]
            first = shapes[name][3] not in (1, 3)  # channels before height and width
            height, width, channels = (*shapes[name][2:], shapes[name][1]) if first else shapes[name][1:]
            size = (width, height)
            for path in files[:{request.samples}]:
                try:
                    image = ImageOps.exif_transpose(Image.open(path)).convert("RGB" if channels == 3 else "L")
                except Exception as error:  # Pillow raises almost anything on broken files
                    print(f"left out: {{path}}: {{error}}")
                    continue
                image = {resize}
                pixels = np.asarray(image, np.float32)
                pixels = pixels.reshape(height, width, channels){flip}
                sample = (pixels - mean) / std
                sample = np.moveaxis(sample, -1, 0) if first else sample
                yield {{name: sample[None].astype(np.float32)}}
    """)


def _arrays(request: CalibrationRequest) -> str:
    return dedent(f"""\
        from tflint_edgetpu.convert.calibration import CalibrationRequest, InputSpec, open_calibration

        DATA = CalibrationRequest(
            kind={request.kind!r},
            source={request.source!r},
            samples={request.samples},
            held_back={request.held_back},
            seed={request.seed},
            value_range={request.value_range!r},
            channels={request.channels!r},
            resize={request.resize!r},
            trust_source={request.trust_source!r},
        )


        def representative_dataset():
            wanted = [InputSpec(name, tuple(shapes[name]), inputs[name].dtype.name) for name in names]
            yield from open_calibration(DATA, wanted).calibration()
    """)


def _npy(request: CalibrationRequest) -> str:
    if not request.source.endswith((".npy", ".npz")) or request.value_range:
        return _arrays(request)
    return dedent(f"""\
        loaded = np.load({request.source!r}, allow_pickle=False)
        arrays = dict(loaded) if hasattr(loaded, "files") else {{names[0]: loaded}}
        if len(names) == 1:
            arrays = {{names[0]: next(iter(arrays.values()))}}


        def representative_dataset():
            # A dict by the names of the signature: the order of a list would be that of the file.
            count = len(arrays[names[0]])
            order = np.random.default_rng({request.seed}).permutation(count)[:{request.samples}]
            for number in order:
                yield {{
                    name: arrays[name][number].reshape(shapes[name]).astype(inputs[name].dtype.as_numpy_dtype)
                    for name in names
                }}
    """)


def _random(request: CalibrationRequest) -> str:
    low, high = -1.0, 1.0
    if request.value_range:
        from .calibration.values import parse_values

        low, high = parse_values(request.value_range).limits or (low, high)
    return dedent(f"""\
        def limits(dtype):
            if dtype.is_floating:
                return {low!r}, {high!r}
            return (dtype.min, dtype.max) if dtype.size == 1 else (0, 8)  # all values of a byte, small indices


        def representative_dataset():
            # Noise: good for trying, never for use. Yield real samples, prepared as in training.
            generator = np.random.default_rng({request.seed})
            for _ in range({request.samples}):
                yield {{
                    name: generator.uniform(*limits(spec.dtype), shapes[name]).astype(spec.dtype.as_numpy_dtype)
                    for name, spec in inputs.items()
                }}
    """)


_SAMPLES = {"images": _images, "arrays": _npy, "tfrecord": _arrays, "function": _arrays, "random": _random}
