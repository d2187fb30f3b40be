"""The demonstration: the reference camp with invented students, as if it were in its second week of foundation;

a winter camp whose students are choosing their projects, and an earlier season with grades and certificates.
"""
