"""Where the pages of a camp's project stage begin."""

STAGE = "<slug:organization>/camp/<slug:slug>/projects/"
