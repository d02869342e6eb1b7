"""Building models in memory and testing rules; shipped so that outside plugins use them too.

Needs the extra ``testing``: models are written with LiteRT's own generated schema, not with our code, so
that every case is also a test of the reader.
"""
