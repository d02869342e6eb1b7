"""One encoded image as the input of a model."""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from .errors import CalibrationError, Unreadable
from .request import NO_RANGE, CalibrationRequest, InputSpec
from .values import parse_values

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage

# What Pillow may decode. EPS is not among them: it starts Ghostscript.
FORMATS = ("JPEG", "PNG", "BMP", "WEBP", "GIF", "TIFF")
# Ultralytics' grey around a letterboxed image.
LETTERBOX_GREY = 114

Array = np.ndarray[Any, Any]


class ImageInput:
    """Turns images into arrays of one input, and counts what it had to decide on the way.

    An image is turned upright by its EXIF orientation, its alpha channel is dropped, grey becomes three equal
    channels (and colour becomes grey for a model with one channel), 16 bit become 8, and of an animation the
    first frame counts.  Resizing is bilinear over the whole area that shrinks to one pixel, as Pillow does it.
    """

    def __init__(self, request: CalibrationRequest, inputs: tuple[InputSpec, ...] | list[InputSpec]) -> None:
        if len(inputs) != 1:
            raise CalibrationError(
                f"the model has {len(inputs)} inputs: images fill one; give arrays by input name (.npz)"
            )
        self.spec = inputs[0]
        self.channels_first, (self.height, self.width, self.channels) = image_layout(self.spec)
        self._request = request
        self._values = parse_values(request.value_range) if request.value_range else None
        if self._values is None and self.spec.dtype not in ("uint8", "int8"):
            raise CalibrationError(NO_RANGE)
        if self.spec.dtype not in ("uint8", "int8", "float32", "float16"):
            raise CalibrationError(
                f"input '{self.spec.name}' is {self.spec.dtype}: images fill float32, uint8 and int8 inputs"
            )
        self._decided: dict[str, set[object]] = {}
        try:
            import PIL.Image  # noqa: F401
        except ImportError:
            raise CalibrationError(
                "images need Pillow: pip install 'tflint-edgetpu[convert]' (or pip install pillow)"
            ) from None

    def from_file(self, path: Path) -> Array:
        """The input for one image file; raises :class:`Unreadable`."""
        if not path.is_file():
            raise Unreadable("no regular file")
        return self._read(path, path)

    def from_bytes(self, data: bytes, key: object) -> Array:
        """The input for one encoded image, counted under ``key``; raises :class:`Unreadable`."""
        return self._read(io.BytesIO(data), key)

    def _decide(self, what: str, key: object) -> None:
        """An image that is read again counts once."""
        self._decided.setdefault(what, set()).add(key)

    def _read(self, file: Path | io.BytesIO, key: object) -> Array:
        from PIL import Image

        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                # Pillow warns from 89 million pixels on: such a picture is an attack or a map.
                warnings.simplefilter("error", Image.DecompressionBombWarning)
                with Image.open(file, formats=FORMATS) as image:
                    pixels = self._pixels(image, key)
        except Unreadable:
            raise
        except (Image.DecompressionBombWarning, Image.DecompressionBombError):
            raise Unreadable("it has too many pixels") from None
        except Exception as error:
            # Pillow's decoders raise almost anything on broken files: SyntaxError, struct.error, KeyError.
            raise Unreadable(_reason(error)) from None
        return self._as_input(pixels)

    def _pixels(self, image: PillowImage, key: object) -> Array:
        """Height x width x channels, uint8, of the model's size."""
        from PIL import Image, ImageOps

        mode = image.mode
        if image.getexif().get(0x0112, 1) not in (0, 1):
            self._decide("turned upright by the EXIF orientation", key)
        upright = ImageOps.exif_transpose(image)
        if mode.startswith("I;16"):
            self._decide("16 bits a channel, reduced to 8", key)
            upright = Image.fromarray((np.asarray(upright) >> 8).astype(np.uint8))
        elif mode in ("I", "F"):
            raise Unreadable(f"pixels of 32 bits (mode {mode}) have no known range")
        if mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
            self._decide("alpha channel dropped", key)
            upright = upright.convert("RGBA")  # a palette with transparency goes through it
        if self.channels == 3 and mode in ("1", "L", "LA", "La", "I;16", "I;16B", "I;16L"):
            self._decide("grey, given three equal channels", key)
        elif self.channels == 1 and mode not in ("1", "L", "LA", "La", "I;16", "I;16B", "I;16L"):
            self._decide("colour made grey", key)
        pixels = np.asarray(self._resized(upright.convert("RGB" if self.channels == 3 else "L")))
        return pixels.reshape(self.height, self.width, self.channels)

    def _resized(self, image: PillowImage) -> PillowImage:
        from PIL import Image, ImageOps

        size, how = (self.width, self.height), Image.Resampling.BILINEAR
        if self._request.resize == "crop":
            return ImageOps.fit(image, size, how)
        if self._request.resize == "letterbox":
            grey = (LETTERBOX_GREY,) * 3 if self.channels == 3 else LETTERBOX_GREY
            return ImageOps.pad(image, size, how, color=grey)
        return image.resize(size, how)

    def _as_input(self, pixels: Array) -> Array:
        if self._request.channels == "bgr":
            pixels = pixels[..., ::-1]
        if self.spec.dtype in ("uint8", "int8"):
            shift = 128 if self.spec.dtype == "int8" else 0
            values = (pixels.astype(np.int16) - shift).astype(self.spec.dtype)
        else:
            assert self._values is not None, "checked when the input was made"
            values = self._values.apply(pixels).astype(self.spec.dtype)
        if self.channels_first:
            values = np.moveaxis(values, -1, 0)
        return np.ascontiguousarray(values).reshape(self.spec.shape)

    def notes(self) -> list[str]:
        """What was decided, one sentence each."""
        notes = [
            f"{len(keys)} image{'s' if len(keys) > 1 else ''}: {what}"
            for what, keys in sorted(self._decided.items())
        ]
        if self.channels_first:
            notes.append(
                f"input '{self.spec.name}' has its channels first: images were transposed for {list(self.spec.shape)}"
            )
        if self._values is not None and self._values.unit_scale:
            notes.append("mean and std are at most 1, so they were taken for pixels from 0 to 1")
        if self._values is not None and self.spec.dtype in ("uint8", "int8"):
            notes.append(
                f"input '{self.spec.name}' is {self.spec.dtype}: it got the pixels as they are, without a value range"
            )
        return notes


def image_layout(spec: InputSpec) -> tuple[bool, tuple[int, int, int]]:
    """Whether the channels come first, and (height, width, channels); raises :class:`CalibrationError`."""
    shape = spec.shape
    if len(shape) == 3 and shape[0] == 1:
        return False, (shape[1], shape[2], 1)
    if len(shape) == 4 and shape[0] == 1:
        if shape[3] in (1, 3):
            return False, (shape[1], shape[2], shape[3])
        if shape[1] in (1, 3):
            return True, (shape[2], shape[3], shape[1])
    raise CalibrationError(
        f"input '{spec.name}' has shape {list(shape)}: an image needs [1, height, width, 1 or 3]"
    )


def _reason(error: Exception) -> str:
    text = str(error).splitlines()[0] if str(error) else type(error).__name__
    if type(error).__name__ == "UnidentifiedImageError":
        return f"no {', '.join(FORMATS[:-1])} or {FORMATS[-1]} image"
    return text[:120]
