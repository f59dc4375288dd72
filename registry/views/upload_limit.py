"""A file that is too large is not even kept while it arrives."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile

from registry.policies.import_batch import MAX_BYTES


class LimitedUpload(FileUploadHandler):
    """Drops a file once it is larger than any we take; the view finds no file then."""

    received = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.received > MAX_BYTES:
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the handlers after this one."""
