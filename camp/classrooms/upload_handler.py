"""How the files of a request are received: on disk, and no more of them than a form would take."""

from django.core.files.uploadhandler import TemporaryFileUploadHandler

from camp.classrooms.files import MOST_BYTES

MOST_BYTES_OF_REQUEST = 2 * MOST_BYTES


class LimitedFileUploadHandler(TemporaryFileUploadHandler):
    """Stores a file in a temporary one. A file that is too large is counted to its end, but no longer stored.

    What was stored of it is let go. So the request is read and answered by its form, which sees the true `size`
    (and `is_cut`) and says what to do. All files of a request together have a limit too.
    """

    def __init__(self, request=None):
        super().__init__(request)
        self.stored = 0  # Bytes of this request that are on disk.

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        self.file.is_cut = False

    def receive_data_chunk(self, raw_data, start):
        if self.file.is_cut:
            return
        if start + len(raw_data) > MOST_BYTES or self.stored + len(raw_data) > MOST_BYTES_OF_REQUEST:
            self._let_go(start)
        else:
            self.file.write(raw_data)
            self.stored += len(raw_data)

    def _let_go(self, length):
        self.file.is_cut = True
        self.file.seek(0)
        self.file.truncate()
        self.stored -= length
