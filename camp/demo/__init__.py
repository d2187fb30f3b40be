"""The demonstration: the reference camp with invented students, as if it were in its second week of foundation."""
