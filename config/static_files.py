"""Where `collectstatic` puts the files of the pages."""

from typing import Any

from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage


class GzippedStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc] # whitenoise ships no types
    """With hashes in their names, and as gzip beside them.

    Whitenoise writes brotli too wherever some library has brought it along (WeasyPrint's fonts do). That takes ten
    seconds of processor instead of two at a desk's first start, for a few bytes less on the line.
    """

    def create_compressor(self, **options: Any) -> Compressor:
        return Compressor(use_brotli=False, **options)
