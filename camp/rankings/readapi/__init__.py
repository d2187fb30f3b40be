"""The read API: boards, one's own standing and attempts, exercises, and the schema that describes them all."""
